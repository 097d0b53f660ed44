"""
RIS, for reference managers: one line for each value.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from collections.abc import Iterable, Iterator

from ..documents import Document
from .values import ARTICLES, doi_url, inverted, line, permanent_url

NAME = "RIS"
CONTENT_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"

TYPES = {
    "article": "MGZN",
    "book": "BOOK",
    "brochure": "PAMP",
    "course": "GEN",
    "dataset": "DATA",
    "handbook": "BOOK",
    "journal-article": "JOUR",
    "map": "MAP",
    "newsletter": "NEWS",
    "other": "GEN",
    "video": "VIDEO",
}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    for document in documents:
        lines = [f"{tag}  - {value}\r\n" for tag, value in tags(document, origin)]
        yield "".join([*lines, "ER  - \r\n\r\n"])


def tags(document: Document, origin: str) -> list[tuple[str, str]]:
    """Return tags and values in their order; no value is empty."""
    publisher = line(document.publisher.name) if document.publisher else ""
    in_article = document.type.slug in ARTICLES
    values = [
        ("TY", TYPES.get(document.type.slug, "RPRT")),
        ("ID", str(document.id)),
        *[("AU", inverted(contributor)) for contributor in document.authors],
        ("TI", line(document.title)),
        ("T2" if in_article else "PB", publisher),
        ("PY", str(document.year or "")),
        ("AB", line(document.summary)),
        *[("KW", line(theme.name)) for theme in document.themes],
        ("LA", line(document.language)),
        ("M3", line(document.type.name)),
        ("SN", line(document.isbn)),
        ("DO", line(document.doi)),
        ("UR", permanent_url(document, origin)),
        ("L2", line(document.source_url) or doi_url(document)),
    ]
    return [(tag, value) for tag, value in values if value]
