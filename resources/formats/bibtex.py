"""
BibTeX, in UTF-8.

Its entry types demand fields; what lacks one of them is @misc, which demands none.
"""

import re
from collections.abc import Iterable, Iterator

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
# Addresses and DOIs are taken as they stand, so they are escaped as addresses are.
ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def render(resources: Iterable, origin: str) -> Iterator[str]:
    for resource in resources:
        yield entry(resource, origin)


def entry(resource, origin: str) -> str:
    kind, publisher_field = kind_of(resource)
    publisher = escape(resource.publisher.name) if resource.publisher else ""
    values = {
        "author": " and ".join(author(one) for one in resource.credits),
        "title": escape(resource.title),
        publisher_field: publisher,
        "year": str(resource.year or ""),
        "type": escape(resource.type.name) if kind == "techreport" else "",
        "isbn": escape(resource.isbn),
        "doi": line(resource.doi).translate(ADDRESS_ESCAPES),
        "url": permanent_url(resource, origin).translate(ADDRESS_ESCAPES),
        "language": resource.language,
        "keywords": ", ".join(escape(theme.name) for theme in resource.themes.all()),
        "abstract": escape(resource.summary),
    }
    fields = "".join(
        f"  {name} = {{{value}}},\n" for name, value in values.items() if value
    )
    return f"@{kind}{{{key(resource)},\n{fields}}}\n\n"


def kind_of(resource) -> tuple[str, str]:
    """The entry type, and the field of it that the publisher goes to."""
    slug = resource.type.slug
    has_all = resource.publisher and resource.year and resource.credits
    if slug in MISC or not has_all:
        return "misc", "publisher"
    if slug in ARTICLES:
        return "article", "journal"
    if slug in BOOKS:
        return "book", "publisher"
    return "techreport", "institution"


def key(resource) -> str:
    """The first name or else the first word, the year, and the id that tells apart."""
    words = [inner.family or inner.name for inner in resource.credits[:1]]
    words = sort_key((words or [resource.title])[0]).split()
    word = re.sub(r"[^a-z0-9]", "", words[0]) if words else ""
    return f"{word[:40] or 'resource'}{resource.year or ''}-{resource.pk}"


def author(contributor) -> str:
    """A second pair of braces keeps a name whole, whatever its commas and ands."""
    if not contributor.given:
        return f"{{{escape(contributor.name)}}}"
    return f"{part(contributor.family)}, {part(contributor.given)}"


def part(name: str) -> str:
    name = escape(name)
    is_parted = "," in name or re.search(r"\band\b", name, re.IGNORECASE)
    return f"{{{name}}}" if is_parted else name


def escape(text: str) -> str:
    return line(text).translate(ESCAPES)
