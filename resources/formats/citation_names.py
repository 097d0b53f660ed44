"""Names in citations: how each style writes, abbreviates and lists them."""

import re
import unicodedata
from typing import NamedTuple

from ..documents import Contributor
from .marked import italic, joined
from .values import inverted, line

# A letter and the rest of its word, perhaps with the hyphen before it.
WORD = re.compile(r"([-‐‑]?)([^\W\d_])([\w'’]*)")
# https://www.ncbi.nlm.nih.gov/books/NBK7282/#A32657: what Vancouver writes of "III".
RANKS = {"II": "2nd", "III": "3rd", "IV": "4th"}


class Author(NamedTuple):
    """The name of an author in the forms that citations need."""

    name: str
    family: str
    # What given_names() returns, or None where the name stays whole.
    given: list | str | None
    inverted: str
    is_person: bool
    suffix: str


def author(contributor: Contributor) -> Author:
    given = contributor.given
    return Author(
        name=line(contributor.name),
        family=line(contributor.family),
        given=given_names(line(given)) if given else None,
        inverted=inverted(contributor),
        is_person=contributor.is_person,
        suffix=line(contributor.suffix),
    )


def apa_names(names: list[str]) -> str:
    if len(names) > 20:
        return f"{', '.join(names[:19])}, . . . {names[-1]}"
    return joined(", ".join(names[:-1]), *names[-1:], between=", & ")


def mla_names(authors: list[Author]) -> str:
    if not authors:
        return ""
    if len(authors) > 2:
        return f"{authors[0].inverted}, et al."
    return listed(authors)


def chicago_names(authors: list[Author]) -> str:
    if len(authors) > 10:
        names = [authors[0].inverted, *[one.name for one in authors[1:7]]]
        return f"{', '.join(names)}, et al."
    return listed(authors)


def listed(authors: list[Author]) -> str:
    """Return all names, the first with its family name first."""
    names = [one.inverted for one in authors[:1]]
    names += [one.name for one in authors[1:]]
    # "Lovelace, Ada, and Charles Babbage" but "IOM and UNDP".
    is_pair_of_whole_names = len(authors) == 2 and authors[0].given is None
    last = " and " if is_pair_of_whole_names else ", and "
    return joined(", ".join(names[:-1]), *names[-1:], between=last)


def harvard_names(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} {italic('et al.')}"
    return joined(", ".join(names[:-1]), *names[-1:], between=" and ")


def vancouver_names(authors: list[Author]) -> str:
    """Return names with semicolons around organisations."""
    text = ""
    for number, one in enumerate(authors[:6]):
        if number:
            text += ", " if one.is_person and authors[number - 1].is_person else "; "
        text += joined(short(one, mark="", between="", comma=""), rank(one))
    return f"{text}, et al" if len(authors) > 6 else text


def short(one: Author, mark: str = ".", between: str = " ", comma: str = ",") -> str:
    """Return the family name with initials, and any other name whole."""
    if one.given is None:
        return one.inverted
    name = joined(f"{one.family}{comma}", initials(one.given, mark, between))
    return joined(name, one.suffix if comma else "", between=", ")


def rank(one: Author) -> str:
    """Return "Jr" for "Jr." and "3rd" for "III"."""
    return RANKS.get(one.suffix, one.suffix.rstrip("."))


def given_names(text: str) -> list | str:
    """
    Return the parts of each given name: hyphen, first letter, rest.

    Names in scripts without capitals, such as Arabic and Chinese, are returned whole.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if any(unicodedata.category(c) == "Lo" for c in text):
            return text
    return WORD.findall(text)


def initials(given: list | str, mark: str, between: str) -> str:
    """Return the initials of given names, and particles such as "van" as they are."""
    if isinstance(given, str):
        return given
    parts = []
    for hyphen, first, rest in given:
        if first.islower() and not hyphen:
            parts.append(f" {first}{rest}")
        else:
            start = "-" if hyphen and mark else between
            parts.append(start + first.upper() + mark)
    return "".join(parts).strip(" -")


def spoken(names: list[str], last: str = " and ", comma: str = ",") -> str:
    """Return "A and B" or "A, B, and C"; `comma` is what stands before that "and"."""
    last = comma + last if len(names) > 2 else last
    return joined(", ".join(names[:-1]), *names[-1:], between=last)


def natural(one: Author) -> str:
    """Return "S. Plaza", and any other name whole."""
    if one.given is None:
        return one.inverted
    name = joined(initials(one.given, ".", " "), one.family)
    return joined(name, one.suffix, between=", ")
