"""
Which records are most like one, and what they share with it.

First come those that have a rare word of its title or summary; the more of its terms
they share as well, the earlier. Where they are few, others that share terms follow.
Terms alone would not do, since a theme may be that of half the catalogue.
"""

from tantivy import Occur, Query

from .analysis import STOP_WORDS, spelled
from .numbers import numbers_at

# What sharing a term counts, beside the engine's marks for rare words.
SHARED = {"programme": 3.0, "theme": 1.5, "country": 2.0}
RAREST_WORDS = 12
# Rare words are taken in until so many records may have one of them.
ENOUGH = 200
# So many of those with rare words, and of those with each term, are looked at.
LOOKED_AT = 20


def most_like(sets, resource, count):
    """
    The records most like one, the most like first: numbers with the terms they share.

    It may be among them itself.
    """
    terms = [(name, value) for name, values in own(resource) for value in values]
    marks = dict(with_rare_words(sets, resource))
    if len(marks) <= count:
        for term in terms:
            newest = set(sets.having(*term)[-LOOKED_AT:])
            marks |= dict.fromkeys(newest - marks.keys(), 0)
    shared = {number: [] for number in marks}
    for name, value in terms:
        # Padding among them does no harm, as no record has such a number.
        having, mark = sets.padded(name, value)[0], SHARED[name]
        for number in marks:
            if number in having:
                shared[number].append((name, value))
                marks[number] += mark
    best = sorted(marks, key=lambda number: (-marks[number], -number))
    return [(number, shared[number]) for number in best[:count]]


def own(resource):
    programme = resource.programme
    yield "programme", [programme.slug] if programme else []
    yield "theme", [theme.slug for theme in resource.themes.all()]
    yield "country", [country.slug for country in resource.countries]


def with_rare_words(sets, resource):
    """Number and mark of the records that have rare words of one."""
    searcher = sets.searcher
    each = [
        (Occur.Should, Query.term_query(sets.schema, "text", word))
        for word in rare_words(sets, resource)
    ]
    if not each:
        return ()
    found = searcher.search(Query.boolean_query(each), LOOKED_AT, count=False).hits
    numbers = numbers_at(searcher, [address for _mark, address in found])
    return zip(numbers, [mark for mark, _address in found], strict=True)


def rare_words(sets, resource):
    """The stems of a resource that fewest other records have, but some do."""
    searcher, words = sets.searcher, sets.telling(resource.pk)
    if words is None:
        texts = [resource.title, resource.summary]
        words = telling(*(spelled(text, resource.language) for text in texts))
        words -= sets.kept.frequent
    known = [(searcher.doc_freq("text", word), word) for word in words]
    most = max(searcher.num_docs // 5, 3)
    rare, total = [], 0
    for number, word in sorted(known):
        if 1 < number <= most and len(rare) < RAREST_WORDS and total < ENOUGH:
            rare.append(word)
            total += number
    return rare


def telling(*texts):
    """The stems that may tell texts from others; of each text as spelled() gives it."""
    return {
        stem
        for written, stemmed in texts
        for form, stem in zip(written.split(), stemmed.split(), strict=True)
        if len(form) > 3 and form not in STOP_WORDS
    }
