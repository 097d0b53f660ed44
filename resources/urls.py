"""Addresses in each language: the pages, feeds of lists, and the guide to the API."""

from django.urls import path

from .machines import feeds
from .machines.api import guide
from .pages.urls import urlpatterns as pages

app_name = "resources"
urlpatterns = [
    *pages,
    path("resources/feed/", feeds.feed, name="feed"),
    path("api/", guide.guide, name="api"),
]
