"""
RIS, for reference managers: one line for each value.

There are no rules in common. These are as Zotero's importer reads them, as far as
others agree: see docs/zotero.md.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
from ..models import Role
from .values import ARTICLES, doi_url, line, page_range, permanent_url, undivided

NAME = "RIS"
CONTENT_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"

# All others are reports, of the type that M3 names. There is GEN, which Zotero takes
# for a journal article, and PAMP, which it takes for a manuscript without a publisher.
TYPES = {
    "article": "MGZN",
    "book": "BOOK",
    "dataset": "DATA",
    "handbook": "BOOK",
    "journal-article": "JOUR",
    "map": "MAP",
    "video": "VIDEO",
}
REPORT = "RPRT"
# A4 is the translator of a book for EndNote and of everything for Zotero.
NAME_TAGS = {Role.AUTHOR: "AU", Role.EDITOR: "ED", Role.TRANSLATOR: "A4"}
# Of these SN is the ISBN; of articles it is the ISSN, of reports their number.
WITH_ISBN = {"BOOK", "MAP", "VIDEO"}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    for document in documents:
        lines = [f"{tag}  - {value}\r\n" for tag, value in tags(document, origin)]
        yield "".join([*lines, "ER  - \r\n\r\n"])


def tags(document: Document, origin: str) -> list[tuple[str, str]]:
    """Return tags and values in their order; no value is empty."""
    publisher = line(document.publisher.name) if document.publisher else ""
    in_article = document.type.slug in ARTICLES
    kind, isbn = TYPES.get(document.type.slug, REPORT), line(document.isbn)
    has_own_type = kind == REPORT and document.type.slug != "report"
    values = [
        ("TY", kind),
        ("ID", str(document.id)),
        *[
            (tag, author(contributor))
            for role, tag in NAME_TAGS.items()
            for contributor in document.with_role(role)
        ],
        ("TI", line(document.title)),
        ("T2" if in_article else "PB", publisher),
        *(place_in_periodical(document) if in_article else []),
        ("PY", str(document.year or "")),
        ("AB", line(document.summary)),
        *[("KW", line(theme.name)) for theme in document.themes],
        ("LA", line(document.language)),
        ("M3", line(document.type.name) if has_own_type else ""),
        ("SN", isbn if kind in WITH_ISBN else ""),
        ("N1", f"ISBN: {isbn}" if isbn and kind not in WITH_ISBN else ""),
        ("N1", note(document, Role.CONTRIBUTOR, "Contributors")),
        ("N1", note(document, Role.FUNDER, "Funded by")),
        ("DO", line(document.doi)),
        ("UR", permanent_url(document, origin)),
        ("L2", line(document.source_url) or doi_url(document)),
    ]
    return [(tag, value) for tag, value in values if value]


def note(document: Document, role: Role, label: str) -> str:
    """Return those of a role that RIS has no tag for, or an empty text."""
    names = "; ".join(line(one.name) for one in document.with_role(role))
    return f"{label}: {names}" if names else ""


def author(contributor: Contributor) -> str:
    """
    Return "Family, Given, Suffix" of a person, and any other name with a comma.

    A comma at the end says that all before it is one name: without it, EndNote and
    others take the last word for the family name.
    """
    name = undivided(contributor)
    return name if contributor.given else f"{name},"


def place_in_periodical(document: Document) -> list[tuple[str, str]]:
    first, last = page_range(document)
    return [
        ("VL", line(document.volume)),
        ("IS", line(document.issue)),
        ("SP", first),
        ("EP", last),
    ]
