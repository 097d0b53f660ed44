"""Addresses for machines: in no language, and never moved."""

from django.urls import path

from . import sitemaps

app_name = "machines"

urlpatterns = [
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap-index"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
]
