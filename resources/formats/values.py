"""Values in the forms that all formats share."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

from ..documents import Contributor, Document
from ..texts import clean

# Types whose publisher is the periodical or the site that they appeared in.
ARTICLES = {"article", "journal-article"}
BOOKS = {"book", "handbook"}

# No-break spaces are not among them: French sets one before a colon.
BREAKS = re.compile("[ \t\n\x0b\x0c\r\x85\u2028\u2029]+")


def line(text: str) -> str:
    """Return a text cleaned, on one line."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return BREAKS.sub(" ", clean(text)).strip(" ")


def utc(moment: datetime | None) -> str | None:
    """Return a time as "2024-05-01T08:00:00Z"."""
    return moment and moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def inverted(contributor: Contributor) -> str:
    """Return "Family, Given, Suffix" of a person, and any other name as it is."""
    if not contributor.given:
        return line(contributor.family or contributor.name)
    parts = [contributor.family, contributor.given, contributor.suffix]
    return ", ".join(filter(None, map(line, parts)))


# It looks like a comma, and no program divides a name at it.
COMMA_IN_NAMES = "\u201a"


def undivided(contributor: Contributor) -> str:
    """
    Return the same, for formats in which a comma ends a family name.

    In a name that stays whole, such as that of an organisation, other characters take
    the place of commas.
    """
    name = inverted(contributor)
    return name if contributor.given else name.replace(",", COMMA_IN_NAMES)


def authority_url(contributor: Contributor) -> str:
    """Return the address of the ORCID or ROR of somebody; "" where neither is known."""
    if contributor.orcid:
        return f"https://orcid.org/{quote(line(contributor.orcid))}"
    return f"https://ror.org/{quote(line(contributor.ror))}" if contributor.ror else ""


def page_range(document: Document) -> tuple[str, str]:
    """
    Return the first and the last page; the last is empty where there is none.

    What is not a range of two pages, such as "e1042" or "3, 7–9", is the first.
    """
    text = line(document.pages)
    match = re.fullmatch(r"(\w*\d\w*)\s*[-‐‑–—]+\s*(\w*\d\w*)", text)
    if not match:
        return text, ""
    first, last = match.groups()
    # "284–7" stands for 284 to 287.
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: -len(last)] + last
    return first, last


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
