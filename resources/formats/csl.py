"""
CSL-JSON, for citation processors.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
"""

from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
from ..models import ROLES
from . import json
from .values import ARTICLES, line, page_range, permanent_url

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
# Types of CSL say no less than these of ours.
SAID_BY_TYPE = {*TYPES, "report"} - {"course", "handbook"}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    return json.array(item(document, origin) for document in documents)


def item(document: Document, origin: str) -> dict:
    url = permanent_url(document, origin)
    slug = document.type.slug
    in_article = slug in ARTICLES
    publisher = line(document.publisher.name) if document.publisher else ""
    values = {
        "id": url,
        "type": TYPES.get(slug, "report"),
        "title": line(document.title),
        **{
            terms.csl: [name(one) for one in document.with_role(role)]
            for role, terms in ROLES.items()
            if terms.csl
        },
        "issued": document.year and {"date-parts": [[document.year]]},
        "container-title" if in_article else "publisher": publisher,
        "volume": line(document.volume),
        "issue": line(document.issue),
        "page": "-".join(filter(None, page_range(document))),
        "genre": "" if slug in SAID_BY_TYPE else line(document.type.name),
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
        parts = {
            "family": line(contributor.family),
            "given": line(contributor.given),
            "suffix": line(contributor.suffix),
        }
        return {key: value for key, value in parts.items() if value}
    return {"literal": line(contributor.name)}
