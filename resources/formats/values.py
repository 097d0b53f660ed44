"""Values in the forms that all formats share."""

import re
from datetime import UTC
from urllib.parse import quote

from django.conf import settings

from ..models.fields import address_end

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
    """Without characters that no text should hold; its lines stay."""
    if text.isprintable():
        return text
    return FORBIDDEN.sub("", text).replace("\x0b", "\n").replace("\x0c", "\n")


def line(text: str) -> str:
    """The same on one line."""
    # Nearly all of them are as they should be.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return BREAKS.sub(" ", FORBIDDEN.sub("", text)).strip(" ")


def utc(moment) -> str | None:
    return moment and moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def inverted(contributor) -> str:
    """ "Family, Given" of a person; any other name as it is."""
    if contributor.given:
        return line(f"{contributor.family}, {contributor.given}")
    return line(contributor.family or contributor.name)


def doi_url(resource) -> str:
    """The DOI as an address; what an address cannot hold is escaped."""
    if not resource.doi:
        return ""
    return "https://doi.org/" + quote(line(resource.doi), safe="/:;(),.@!$&'*+=~-_")


def permanent_url(resource, origin: str) -> str:
    return origin + resource.permanent_path


def page_url(resource, origin: str, language: str = "en") -> str:
    # As get_absolute_url() in that language, without going over to it and back.
    start = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{origin}{start}{resource.permanent_path}{address_end(resource.title)}/"


def cover(resource, origin: str) -> dict | None:
    """The widest file of the cover."""
    if not resource.covers:
        return None
    widest = resource.covers[-1]
    name = widest.name.rpartition("/")[2]
    return {
        "url": f"{origin}/covers/{resource.pk}/{name}",
        "width": widest.width,
        "height": widest.height,
        "alt": line(resource.cover_alt),
    }
