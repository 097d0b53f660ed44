"""
CSL-JSON, for citation processors.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
"""

from collections.abc import Iterable, Iterator

from . import json
from .values import ARTICLES, line, permanent_url

NAME = "CSL-JSON"
CONTENT_TYPE = "application/vnd.citationstyles.csl+json"
EXTENSION = "csl.json"

TYPES = {
    "article": "article-magazine",
    "book": "book",
    "brochure": "pamphlet",
    "course": "document",
    "dataset": "dataset",
    "handbook": "book",
    "journal-article": "article-journal",
    "map": "map",
    "newsletter": "periodical",
    "other": "document",
    "video": "motion_picture",
}


def render(resources: Iterable, origin: str) -> Iterator[str]:
    return json.array(item(resource, origin) for resource in resources)


def item(resource, origin: str) -> dict:
    url = permanent_url(resource, origin)
    in_article = resource.type.slug in ARTICLES
    publisher = line(resource.publisher.name) if resource.publisher else ""
    values = {
        "id": url,
        "type": TYPES.get(resource.type.slug, "report"),
        "title": line(resource.title),
        "author": [name(contributor) for contributor in resource.credits],
        "issued": resource.year and {"date-parts": [[resource.year]]},
        "container-title" if in_article else "publisher": publisher,
        "genre": line(resource.type.name),
        "abstract": line(resource.summary),
        "keyword": ", ".join(line(theme.name) for theme in resource.themes.all()),
        "language": resource.language,
        "DOI": line(resource.doi),
        "ISBN": line(resource.isbn),
        "URL": url,
    }
    return {key: value for key, value in values.items() if value}


def name(contributor) -> dict:
    if contributor.given:
        return {"family": line(contributor.family), "given": line(contributor.given)}
    return {"literal": line(contributor.name)}
