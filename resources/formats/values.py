"""Values in the forms that all formats share."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

from ..documents import Contributor, Document

# Types whose publisher is the periodical or the site that they appeared in.
ARTICLES = {"article", "journal-article"}
BOOKS = {"book", "handbook"}

# Control characters, and what XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
# No-break spaces are not among them: French sets one before a colon.
BREAKS = re.compile("[ \t\n\x0b\x0c\r\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Return the text without characters that no format allows; its lines stay."""
    # True of nearly all texts, and much quicker than the expression.
    if text.isprintable():
        return text
    return FORBIDDEN.sub("", text).replace("\x0b", "\n").replace("\x0c", "\n")


def line(text: str) -> str:
    """Return the same on one line."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return BREAKS.sub(" ", FORBIDDEN.sub("", text)).strip(" ")


def utc(moment: datetime | None) -> str | None:
    """Return a time as "2024-05-01T08:00:00Z"."""
    return moment and moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def inverted(contributor: Contributor) -> str:
    """Return "Family, Given" of a person, and any other name as it is."""
    if contributor.given:
        return line(f"{contributor.family}, {contributor.given}")
    return line(contributor.family or contributor.name)


def doi_url(document: Document) -> str:
    """Return the DOI as an address, or an empty text."""
    if not document.doi:
        return ""
    return "https://doi.org/" + quote(line(document.doi), safe="/:;(),.@!$&'*+=~-_")


def permanent_url(document: Document, origin: str) -> str:
    return origin + document.permanent_path


def page_url(document: Document, origin: str, language: str = "en") -> str:
    return origin + document.address_in(language)


def cover(document: Document, origin: str) -> dict | None:
    """Return address, size and alternative text of the widest file of the cover."""
    if not document.cover:
        return None
    widest = document.cover.renditions[-1]
    return {
        "url": cover_url(document.id, widest.name, origin),
        "width": widest.width,
        "height": widest.height,
        "alt": line(document.cover.alt),
    }


def cover_url(pk: int, name: str, origin: str) -> str:
    """Return the address of a file of a cover, by its name in the storage."""
    return f"{origin}/covers/{pk}/{quote(name.rpartition('/')[2], safe='')}"
