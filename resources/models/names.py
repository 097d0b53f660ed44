"""Names of people in their parts: family name, given names, suffix."""

import re
import unicodedata
from typing import NamedTuple

SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"}
# Words that begin a family name of several words, such as "de Vasconcelos".
PARTICLES = set(
    "abu af al av bin bint ben da dal das de dei del della den der des di do dos du e "
    "el ibn la las le los ould st ten ter van vanden vom von y z zu zum zur".split()
)
# "Ortega y Gasset": they stand between two family names.
BETWEEN = {"y", "e"}


class Name(NamedTuple):
    """The parts of the name of a person; all but the first may be empty."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self):
        """The parts with commas between, as a name to sort by has them."""
        # A suffix without given names keeps the place of the third part.
        parts = [self.family, self.given, self.suffix]
        while not parts[-1] and len(parts) > 1:
            parts.pop()
        return ", ".join(parts)

    @property
    def natural(self):
        """The parts as they stand on a title page."""
        return " ".join(filter(None, [self.given, self.family, self.suffix]))


def divided(text):
    """
    Return the parts of a name to sort by: "Family, Given, Suffix".

    The order of BibTeX, in which the suffix is in the middle, is understood too.
    """
    parts = [part.strip() for part in text.split(",", 2)]
    family, given, suffix = [*parts, "", ""][:3]
    if is_suffix(given) and suffix:
        given, suffix = suffix, given
    return Name(family, given, suffix)


def guessed(text):
    """
    Return the likely parts of a name that is written in any usual form.

    Where nothing else tells, the last word is the family name. Names in scripts other
    than Latin stay whole: where the family name stands differs between languages.
    Whoever typed the name should see the result before it is kept.
    """
    text = " ".join(text.split())
    first, comma, rest = text.partition(",")
    if comma and not is_suffix(rest):
        return divided(text)
    if not is_latin(text):
        return Name(text)
    words, suffix = first.split(), rest.strip()
    if not suffix and len(words) > 2 and is_suffix(words[-1]):
        suffix = words.pop()
    start = start_of_family(words)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def start_of_family(words):
    """Return the place of the first word of the family name."""
    last = len(words) - 1
    # Some write it in capitals: "Maria DA SILVA".
    capitals = last + 1
    while capitals and is_in_capitals(words[capitals - 1]):
        capitals -= 1
    if 0 < capitals <= last:
        return capitals
    for place in range(1, last):
        if words[place].lower().rstrip(".") in PARTICLES:
            is_between = words[place] in BETWEEN
            return max(place - 1, 1) if is_between else place
    return max(last, 0)


def is_in_capitals(word):
    return len(word) > 1 and word.isupper() and "." not in word


def is_suffix(text):
    return text.strip().rstrip(".").lower() in SUFFIXES


def is_latin(text):
    """Return whether all letters are Latin; letters that are apostrophes may be."""
    return text.isascii() or all(
        unicodedata.name(c, "").startswith(("LATIN", "MODIFIER LETTER"))
        for c in text
        if c.isalpha() and not c.isascii()
    )


def has_visible_characters(text):
    """Return whether a text has a letter or a digit; spaces and marks are none."""
    return bool(re.search(r"[^\W_]", text))
