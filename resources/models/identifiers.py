"""Identifiers in one spelling each, so that they can be compared."""

import re
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError

from .fields import check_isbn

DOI_PREFIX = re.compile(
    r"(https?://)?(dx\.|www\.)?doi\.org/|info:doi/|(urn:)?doi:\s*", re.IGNORECASE
)
DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/\S+")
ISBN_PREFIX = re.compile(r"(urn:)?isbn([- ]?1[03])?[:\s]*", re.IGNORECASE)
# Hyphens and dashes of all lengths, soft hyphens, the minus sign, and spaces.
BETWEEN_DIGITS = re.compile("[\\s\u00ad\u2010-\u2015\u2212-]")


def normal_doi(text):
    """
    Return a DOI in small letters, without prefix; "" if the text is none.

    https://www.doi.org/doi-handbook/HTML/case-sensitivity.html
    """
    text = text.strip()
    bare = DOI_PREFIX.sub("", text, count=1) if DOI_PREFIX.match(text) else text
    if "doi.org/" in text[: len(text) - len(bare)].lower():
        bare = unquote(bare)
    return bare.lower() if DOI.fullmatch(bare) else ""


def normal_isbn(text):
    """
    Return an ISBN as thirteen digits; "" if the text is none.

    Each ISBN of ten digits is one of thirteen as well.
    """
    text = text.strip()
    if prefix := ISBN_PREFIX.match(text):
        text = text[prefix.end() :]
    digits = BETWEEN_DIGITS.sub("", text).upper()
    try:
        check_isbn(digits)
    except ValidationError:
        return ""
    if len(digits) == 13:
        return digits
    digits = f"978{digits[:9]}"
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def isbn_spellings(isbn):
    """Return thirteen digits, and the ten that mean the same if there are any."""
    if not isbn.startswith("978"):
        return [isbn]
    body = isbn[3:12]
    total = sum(int(digit) * (10 - i) for i, digit in enumerate(body))
    last = -total % 11
    return [isbn, f"{body}{'X' if last == 10 else last}"]


def normal_address(text):
    """
    Return a web address without what makes no difference; "" if the text is none.

    That are the scheme, a fragment, capitals of the host, and a slash at the end.
    """
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return unquote(f"{parts.hostname}{port}{parts.path.rstrip('/')}{query}")


NORMAL = {"doi": normal_doi, "isbn": normal_isbn, "source_url": normal_address}
