"""
CSL-JSON, for citation processors.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
"""

from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
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


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    return json.array(item(document, origin) for document in documents)


def item(document: Document, origin: str) -> dict:
    url = permanent_url(document, origin)
    in_article = document.type.slug in ARTICLES
    publisher = line(document.publisher.name) if document.publisher else ""
    values = {
        "id": url,
        "type": TYPES.get(document.type.slug, "report"),
        "title": line(document.title),
        "author": [name(contributor) for contributor in document.authors],
        "issued": document.year and {"date-parts": [[document.year]]},
        "container-title" if in_article else "publisher": publisher,
        "genre": line(document.type.name),
        "abstract": line(document.summary),
        "keyword": ", ".join(line(theme.name) for theme in document.themes),
        "language": line(document.language),
        "DOI": line(document.doi),
        "ISBN": line(document.isbn),
        "URL": url,
    }
    return {key: value for key, value in values.items() if value}


def name(contributor: Contributor) -> dict:
    if contributor.given:
        return {"family": line(contributor.family), "given": line(contributor.given)}
    return {"literal": line(contributor.name)}
