"""Addresses for machines: in no language, and never moved."""

from django.urls import path

from . import oai

app_name = "machines"

urlpatterns = [
    path("oai", oai.oai, name="oai"),
]
