"""Addresses for machines: in no language, and never moved."""

from django.urls import path

from . import (
    discovery,
    oai,
    sitemaps,
    urls,  # noqa: F401 tells what an id is
)

app_name = "machines"

urlpatterns = [
    path("robots.txt", discovery.robots, name="robots"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
    path("site.webmanifest", discovery.manifest, name="manifest"),
    path("oembed", discovery.oembed, name="oembed"),
    path(".well-known/security.txt", discovery.security, name="security"),
    path("resources/<id:pk>.linkset.json", discovery.linkset, name="linkset"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap-index"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
    path("oai", oai.oai, name="oai"),
]
