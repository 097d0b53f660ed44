"""
BibTeX, in UTF-8.

Each type of entry needs certain fields; a record without one of them is @misc, which
needs none. No entry has a field that its type does not know, in BibTeX itself or, for
what BibTeX never knew (translator, isbn, doi, url, keywords and others), in biblatex:
https://ctan.org/pkg/biblatex
"""

import re
from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
from ..models import Role, sort_key
from .values import ARTICLES, line, page_range, permanent_url

NAME = "BibTeX"
CONTENT_TYPE = "application/x-bibtex"
EXTENSION = "bib"

REPORT = "techreport"
# By the slug of the type of the resource; all others are reports.
KINDS = {
    **dict.fromkeys(ARTICLES, "article"),
    **dict.fromkeys(["guide", "handbook", "toolkit"], "manual"),
    **dict.fromkeys(
        ["course", "dataset", "map", "newsletter", "other", "video"], "misc"
    ),
    "book": "book",
    "brochure": "booklet",
}
# The field for the publisher.
PUBLISHER = {
    "article": "journal",
    "book": "publisher",
    "booklet": "howpublished",
    "manual": "organization",
    "misc": "howpublished",
    "proceedings": "publisher",
    REPORT: "institution",
}
# They need an author, a publisher and a year; others can do without.
WITH_NEEDS = {"article", "book", REPORT}
# Of each role: the field, the types of entries that know it, what a note says instead.
FIELDS = {
    Role.EDITOR: (
        "editor",
        {"article", "book", "booklet", "manual", "misc", "proceedings"},
        "Edited by",
    ),
    Role.TRANSLATOR: ("translator", {"article", "book"}, "Translated by"),
    Role.CONTRIBUTOR: ("editora", {"article", "book"}, "With contributions by"),
    Role.FUNDER: ("", set(), "Funded by"),
}
WITH_ISBN = {"book", "manual", "proceedings"}
WORD = re.compile(r"\S+")
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
    values = known(document)
    kind = kind_of(document, values)
    values[PUBLISHER[kind]] = publisher(document)
    values |= only_in(kind, document) | others(kind, document)
    values |= everywhere(document, origin)
    fields = "".join(
        f"  {name} = {{{value}}},\n" for name, value in values.items() if value
    )
    return f"@{kind}{{{key(document)},\n{fields}}}\n\n"


def known(document: Document) -> dict[str, str]:
    """Return the fields of which a type of entry may need some."""
    return {
        "author": people(document.authors),
        "title": title(document.title),
        "year": str(document.year or ""),
    }


def people(contributors: Iterable[Contributor]) -> str:
    return " and ".join(author(one) for one in contributors)


def publisher(document: Document) -> str:
    return escape(document.publisher.name) if document.publisher else ""


def kind_of(document: Document, values: dict[str, str]) -> str:
    """Return the type of the entry: one that needs no field that is unknown."""
    slug = document.type.slug
    # Of proceedings there are editors, but no authors.
    if slug == "conference-report" and document.year and not document.authors:
        return "proceedings"
    kind = KINDS.get(slug, REPORT)
    # A book may have editors instead of authors.
    names = document.authors or (kind == "book" and document.editors)
    has_all = all([names, values["year"], document.publisher])
    return kind if has_all or kind not in WITH_NEEDS else "misc"


def only_in(kind: str, document: Document) -> dict[str, str]:
    """Return the fields that only some types of entries know."""
    if kind == "article":
        pages = "--".join(filter(None, page_range(document)))
        return {
            "volume": escape(document.volume),
            "number": escape(document.issue),
            "pages": escape(pages),
        }
    if kind in WITH_ISBN:
        return {"isbn": escape(document.isbn)}
    return {
        "type": escape(document.type.name) if kind == REPORT else "",
        "note": f"ISBN {escape(document.isbn)}" if document.isbn else "",
    }


def others(kind: str, document: Document) -> dict[str, str]:
    """Return the fields for all but the authors; a note where the type has no field."""
    values, notes = {}, []
    for role, (field, types, label) in FIELDS.items():
        found = document.with_role(role)
        if not found:
            continue
        if kind in types:
            values[field] = people(found)
        else:
            names = ", ".join(one.name for one in found)
            notes.append(f"{label} {escape(names)}")
    if "editora" in values:
        values["editoratype"] = "collaborator"
    return values | {"addendum": ". ".join(notes)}


def everywhere(document: Document, origin: str) -> dict[str, str]:
    """Return the fields that all types of entries know."""
    return {
        "doi": line(document.doi).translate(ADDRESS_ESCAPES),
        "url": permanent_url(document, origin).translate(ADDRESS_ESCAPES),
        "language": escape(document.language),
        "keywords": ", ".join(escape(theme.name) for theme in document.themes),
        "abstract": escape(document.summary),
    }


def key(document: Document) -> str:
    """Return a unique key: first author or word of the title, year and id, in ASCII."""
    makers = document.authors or document.editors
    words = [one.family or one.name for one in makers[:1]]
    words = sort_key((words or [document.title])[0]).split()
    word = re.sub(r"[^a-z0-9]", "", words[0]) if words else ""
    return f"{word[:40] or 'resource'}{document.year or ''}-{document.id}"


def author(contributor: Contributor) -> str:
    """
    Return "Family, Suffix, Given" of a person, and any other name in braces.

    A second pair of braces keeps a name whole, with its commas.
    """
    if not contributor.given:
        return f"{{{escape(contributor.name)}}}"
    names = [contributor.family, contributor.suffix, contributor.given]
    return ", ".join(part(name) for name in names if name)


def part(name: str) -> str:
    """Return a part of a name, in braces where BibTeX would divide it."""
    name = escape(name)
    is_divided = "," in name or re.search(r"\band\b", name, re.IGNORECASE)
    return f"{{{name}}}" if is_divided else name


def title(text: str) -> str:
    """
    Return a title with its capitals in braces.

    Styles make all letters small but the first of the title. Which words are names, a
    program cannot know, so every word with a capital keeps its spelling.
    """
    first, space, rest = line(text).partition(" ")
    return protected(first, first[1:]) + space + WORD.sub(protect, rest)


def protect(match: re.Match) -> str:
    return protected(match[0], match[0])


def protected(word: str, letters: str) -> str:
    """Return a word, in braces if there is a capital among these letters of it."""
    has_capital = letters != letters.lower()
    escaped = word.translate(ESCAPES)
    return f"{{{escaped}}}" if has_capital else escaped


def escape(text: str) -> str:
    return line(text).translate(ESCAPES)
