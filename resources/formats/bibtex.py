"""
BibTeX, in UTF-8.

Each type of entry needs certain fields; a record without one of them is @misc, which
needs none.
"""

import re
from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
from ..models import sort_key
from .values import ARTICLES, BOOKS, line, permanent_url

NAME = "BibTeX"
CONTENT_TYPE = "application/x-bibtex"
EXTENSION = "bib"

MISC = {"brochure", "course", "dataset", "map", "newsletter", "other", "video"}
# Braces get a name of their own: BibTeX counts them even behind a backslash.
ESCAPES = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
    }
)
# Addresses and DOIs are read literally, so they are escaped as addresses are.
ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    for document in documents:
        yield entry(document, origin)


def entry(document: Document, origin: str) -> str:
    kind, publisher_field = kind_of(document)
    publisher = escape(document.publisher.name) if document.publisher else ""
    values = {
        "author": " and ".join(author(one) for one in document.authors),
        "title": escape(document.title),
        publisher_field: publisher,
        "year": str(document.year or ""),
        "type": escape(document.type.name) if kind == "techreport" else "",
        "isbn": escape(document.isbn),
        "doi": line(document.doi).translate(ADDRESS_ESCAPES),
        "url": permanent_url(document, origin).translate(ADDRESS_ESCAPES),
        "language": escape(document.language),
        "keywords": ", ".join(escape(theme.name) for theme in document.themes),
        "abstract": escape(document.summary),
    }
    fields = "".join(
        f"  {name} = {{{value}}},\n" for name, value in values.items() if value
    )
    return f"@{kind}{{{key(document)},\n{fields}}}\n\n"


def kind_of(document: Document) -> tuple[str, str]:
    """Return the type of the entry, and the name of its field for the publisher."""
    slug = document.type.slug
    has_all = document.publisher and document.year and document.authors
    if slug in MISC or not has_all:
        return "misc", "publisher"
    if slug in ARTICLES:
        return "article", "journal"
    if slug in BOOKS:
        return "book", "publisher"
    return "techreport", "institution"


def key(document: Document) -> str:
    """Return a unique key: first author or word of the title, year and id, in ASCII."""
    words = [one.family or one.name for one in document.authors[:1]]
    words = sort_key((words or [document.title])[0]).split()
    word = re.sub(r"[^a-z0-9]", "", words[0]) if words else ""
    return f"{word[:40] or 'resource'}{document.year or ''}-{document.id}"


def author(contributor: Contributor) -> str:
    """Return a name; a second pair of braces keeps one whole with its commas."""
    if not contributor.given:
        return f"{{{escape(contributor.name)}}}"
    return f"{part(contributor.family)}, {part(contributor.given)}"


def part(name: str) -> str:
    """Return a part of a name, in braces where BibTeX would divide it."""
    name = escape(name)
    is_divided = "," in name or re.search(r"\band\b", name, re.IGNORECASE)
    return f"{{{name}}}" if is_divided else name


def escape(text: str) -> str:
    return line(text).translate(ESCAPES)
