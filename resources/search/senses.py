"""
What typed words mean besides themselves.

A name of a country finds its records ("Dutch"), a word finds two that mean the same
("roadmap", "road map"), and what curators say is equivalent is found as well, at less
weight ("remittances", "money transfers").
"""

from dataclasses import dataclass, field
from functools import lru_cache

from tantivy import Query

from . import countries
from .analysis import STOP_WORDS, alternatives, folded

# The shortest part of a word that is looked for as a word of its own.
SHORTEST_PART = 3
# In longer texts every word less matters less, and each costs some look-ups.
MOST_DIVIDED = 6
# A word of everyday language may have many equivalents.
MOST_EQUIVALENTS = 12


@dataclass
class Sense:
    """What one typed word finds besides its stems."""

    # The stems it keeps: those of other countries' names are left out.
    stems: tuple | None = None
    # Lower-case codes of the countries it names.
    countries: tuple = ()
    # Words that stand beside each other, as written.
    phrases: tuple = ()
    # Words of which all have to be there.
    equivalents: list = field(default_factory=list)

    @property
    def finds_more(self):
        """Whether it finds anything that the word alone does not."""
        return bool(self.countries or self.phrases or self.equivalents)


def add_senses(snapshot, parsed, exact=False):
    """Note what the words of `parsed` mean; `exact` leaves out what is equivalent."""
    searcher, vocabularies = snapshot.searcher, snapshot.vocabularies
    named = countries.named(parsed.typed, parsed.raw, vocabularies)
    for form in parsed.words:
        codes = named.get(form, set())
        if codes:
            sense = parsed.sense(form)
            sense.stems = countries.stems_of(form, codes)
            there = (code for code in codes if searcher.doc_freq("country", code))
            sense.countries = tuple(sorted(there))
        elif len(parsed.words) <= MOST_DIVIDED:
            if phrases := divided(snapshot, form):
                parsed.sense(form).phrases = phrases
    if not exact:
        add_equivalents(parsed, vocabularies)


def divided(snapshot, form):
    """Return the pairs of words, singular and plural, that one word may stand for."""
    if not form.isalpha() or not form.isascii():
        return ()
    found = []
    for place in range(SHORTEST_PART, len(form) - SHORTEST_PART + 1):
        first, second = form[:place], form[place:]
        if not snapshot.searcher.doc_freq("exact", first):
            continue
        for last in {second, second.removesuffix("s"), f"{second}s"}:
            if stand_together(snapshot, first, last):
                found.append((first, last))
    return tuple(sorted(found))


def stand_together(snapshot, first, second):
    """Return whether any record has these words beside each other."""
    if not snapshot.searcher.doc_freq("exact", second):
        return False
    phrase = Query.phrase_query(snapshot.schema, "exact", [first, second])
    return bool(snapshot.searcher.search(phrase, 1, count=False).hits)


def add_equivalents(parsed, vocabularies):
    groups, longest = equivalents_in(vocabularies)
    typed, start = parsed.typed, 0
    while groups and start < len(typed):
        for length in range(min(longest, len(typed) - start), 0, -1):
            forms = tuple(typed[start : start + length])
            others = groups.get(key_of(forms))
            # What is asked for in full is not asked for twice.
            others = [one for one in others or () if not set(one[1]) <= set(typed)]
            if others:
                for form in forms:
                    sense = parsed.sense(form)
                    sense.equivalents += [words for _text, words in others]
                parsed.also += [text for text, _words in others]
                break
        else:
            length = 1
        start += length


def key_of(forms):
    """Return the words of a phrase such that singular and plural are the same."""
    return tuple(
        min(alternatives(form), key=lambda one: (len(one), one)) for form in forms
    )


@lru_cache(maxsize=2)
def equivalents_in(vocabularies):
    """
    Return the others of each group by the words of one, and the length of the longest.

    The others are pairs of their text and the words of it that are searched.
    """
    groups, longest = {}, 0
    for texts in vocabularies.equivalents:
        phrases = [(text, telling(text)) for text in texts if telling(text)]
        for text, _forms in phrases:
            typed = folded(text)
            others = [one for one in phrases if one[0] != text][:MOST_EQUIVALENTS]
            groups.setdefault(key_of(typed), others)
            longest = max(longest, len(typed))
    return groups, longest


def telling(text):
    """Return the folded words of a text without stop words, such as "de"."""
    return tuple(form for form in folded(text) if form not in STOP_WORDS)
