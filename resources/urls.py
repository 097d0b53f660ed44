"""Addresses that exist in each language: the pages, and the feeds of lists."""

from django.urls import path

from .machines import feeds
from .pages.urls import urlpatterns as pages

app_name = "resources"
urlpatterns = [*pages, path("resources/feed/", feeds.feed, name="feed")]
