"""Addresses for machines: the same in all languages, and permanent."""

import re

from django.urls import path, register_converter

from .. import addresses  # noqa: F401 registers the converter "id"
from ..formats import FORMATS
from . import discovery, downloads, oai, sitemaps, unapi
from .api import lists, records, vocabularies


class Anything:
    """Any characters, even line breaks, which Django's own "path" does not match."""

    regex = r"[\s\S]+"
    to_python = str
    to_url = str


class Extension:
    regex = "|".join(re.escape(extension) for extension in FORMATS)
    to_python = str
    to_url = str


register_converter(Anything, "anything")
register_converter(Extension, "extension")

app_name = "machines"

urlpatterns = [
    path("api/resources/", lists.resource_list, name="api-list"),
    path("api/resources/<id:pk>/", records.resource_detail, name="api-detail"),
    path("api/resources.jsonl", records.dump, name="api-dump"),
    path("api/vocabularies/", vocabularies.vocabulary_list, name="api-vocabularies"),
    path(
        "api/vocabularies/<slug:name>/",
        vocabularies.vocabulary,
        name="api-vocabulary",
    ),
    path("api/openapi.json", records.description, name="api-description"),
    path("api/<anything:rest>", records.nowhere),
    path("oai", oai.oai, name="oai"),
    path("oai/", oai.oai),
    path("resources.<extension:extension>", downloads.many, name="download-set"),
    path("resources/<id:pk>.<extension:extension>", downloads.one, name="download-one"),
    path("resources/<id:pk>.linkset.json", discovery.linkset, name="linkset"),
    path("oembed", discovery.oembed, name="oembed"),
    path("unapi", unapi.unapi, name="unapi"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap-index"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
    path("site.webmanifest", discovery.manifest, name="manifest"),
    path(".well-known/security.txt", discovery.security, name="security"),
]
