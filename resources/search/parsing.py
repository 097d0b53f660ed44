"""
Typed text in its parts: words, phrases, scoped and excluded words.

Text is data: nothing that is typed is an error, and nothing of the engine's own query
language can be reached.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, pairwise

from .analysis import HYPHENED, STOP_WORDS, alternatives, is_acronym, words
from .senses import Sense

# What is read of a typed text.
MOST_TEXT = 2000
MOST_READ = 60
MOST_PHRASES = 12

# Optional minus, optional scope, then a quoted phrase or anything up to a space.
PART = re.compile(
    r"(?P<minus>(?<!\S)[-\u2212])?(?:(?P<scope>author|title):)?"
    r"(?:[\"“«](?P<phrase>[^\"”»]*)[\"”»]|(?P<plain>[^\s\"“”«»]+)|[\"“”«»])",
    re.IGNORECASE,
)
# What two words are worth that are written as one, beside each of them.
JOINED = 0.4
FIELDS = {"": "text", "title": "in_title", "author": "in_author"}


@dataclass
class Parsed:
    """The parts of what was typed, words folded."""

    words: list = field(default_factory=list)
    # The same with stop words, as they were typed one after the other.
    typed: list = field(default_factory=list)
    # The same, before they were folded.
    raw: list = field(default_factory=list)
    # What words mean besides themselves: see senses.py.
    senses: dict = field(default_factory=dict)
    # The equivalents that are searched too, as curators wrote them.
    also: list = field(default_factory=list)
    # What words are together with their neighbours, with a weight: "home town" is
    # "hometown".
    compounds: dict = field(default_factory=dict)
    scoped: list = field(default_factory=list)  # (field, word)
    phrases: list = field(default_factory=list)
    excluded: list = field(default_factory=list)  # phrases of one word or more
    ignored: list = field(default_factory=list)
    is_truncated: bool = False
    # Words that no record has.
    unknown: list = field(default_factory=list)
    # Whether something was typed, but no word: "?!".
    is_without_words: bool = False

    @property
    def search_terms(self):
        """All words that a result may have been found by."""
        phrased = [form for forms in self.phrases for form in forms]
        scoped = [form for _name, form in self.scoped]
        meant = [
            form
            for sense in self.senses.values()
            for forms in [*sense.phrases, *sense.equivalents]
            for form in forms
        ]
        joined = chain(*self.compounds.values())
        return [*self.words, *joined, *scoped, *phrased, *meant]

    def sense(self, form):
        """Return what a word means besides itself, to be added to."""
        return self.senses.setdefault(form, Sense())

    def stems(self, form):
        """Return the stems that a word is looked up by."""
        sense = self.senses.get(form)
        return sense.stems if sense and sense.stems else alternatives(form)

    def join(self, forms, weight):
        for form in forms:
            joined = self.compounds.setdefault(form, {})
            joined.setdefault("".join(forms), weight)


def tidy(text):
    """Return typed text without characters that cannot be shown or stored."""
    text = unicodedata.normalize("NFC", str(text or ""))
    shown = "".join(
        c if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF else " " for c in text
    )
    return " ".join(shown.split())


def parse(text):
    """Return the parts of typed text; nothing that is typed is an error."""
    parsed = Parsed(is_truncated=len(text) > MOST_TEXT)
    # Among longer words in capitals, capitals say nothing.
    is_shouted = text.isupper() and max(map(len, text.split())) > 5
    for part in PART.finditer(text[:MOST_TEXT]):
        minus, scope = part["minus"], (part["scope"] or "").lower()
        typed = part["phrase"] or part["plain"] or ""
        found = words(typed)
        forms = [word.form for word in found]
        if not forms:
            continue
        if minus:
            parsed.excluded.append(forms)
        elif scope:
            parsed.scoped += [(FIELDS[scope], form) for form in forms]
        elif part["phrase"]:
            parsed.phrases.append(forms)
        else:
            if is_acronym(part["plain"]) and not is_shouted:
                forms = [part["plain"]]
            parsed.words += forms
            parsed.raw += [typed[word.start : word.end] for word in found]
            if HYPHENED.fullmatch(part["plain"]):
                parsed.join(forms, 1)
    parsed.typed = parsed.words
    has_words = parsed.words or parsed.scoped or parsed.phrases or parsed.excluded
    parsed.is_without_words = bool(text.strip()) and not has_words
    telling = [form for form in parsed.words if form not in STOP_WORDS]
    if telling or parsed.scoped or parsed.phrases:
        parsed.ignored = [form for form in parsed.words if form in STOP_WORDS]
        parsed.words = telling
    if len(parsed.words) > MOST_READ:
        parsed.words, parsed.is_truncated = parsed.words[:MOST_READ], True
    for pair in pairwise(parsed.words):
        parsed.join(pair, JOINED)
    for many in [parsed.scoped, parsed.phrases, parsed.excluded]:
        del many[MOST_PHRASES:]
    return parsed
