"""
Which records are most like another one, and what they share with it.

First come those that have a rare word of its title or summary; the more of its terms
they share as well, the earlier. Where they are few, others that share terms follow.
Terms alone would not do, since half the catalogue may share a theme.
"""

from tantivy import Occur, Query

from .analysis import STOP_WORDS, spelled

# What sharing a term counts, beside the engine's score for rare words.
SHARED = {"programme": 3.0, "theme": 1.5, "country": 2.0}
RAREST_WORDS = 12
# Rare words are added until so many records may have one of them.
ENOUGH = 200
# So many of those with rare words, and of those with each term, are looked at.
LOOKED_AT = 20


def most_like(bitmaps, document, count):
    """
    Return the numbers of the most similar records, with the terms they share.

    The record itself may be among them.
    """
    scores = dict(with_rare_words(bitmaps, document))
    terms = [
        (name, value, bitmaps.value(name, value), SHARED[name])
        for name, value in terms_of(document)
    ]
    if len(scores) <= count:
        for _name, _value, having, _score in terms:
            newest = set(having[-LOOKED_AT:])
            scores |= dict.fromkeys(newest - scores.keys(), 0)
    shared = {number: [] for number in scores}
    for name, value, having, score in terms:
        for number in scores:
            if number in having:
                shared[number].append((name, value))
                scores[number] += score
    best = sorted(scores, key=lambda number: (-scores[number], -number))
    return [(number, shared[number]) for number in best[:count]]


def terms_of(document):
    if document.programme:
        yield "programme", document.programme.slug
    for theme in document.themes:
        yield "theme", theme.slug
    for country in document.countries:
        yield "country", country.slug


def with_rare_words(bitmaps, document):
    """Yield number and score of the records that share its rarest words."""
    searcher = bitmaps.searcher
    terms = [
        (Occur.Should, Query.term_query(bitmaps.schema, "text", word))
        for word in rare_words(searcher, document)
    ]
    if not terms:
        return
    hits = searcher.search(Query.boolean_query(terms), LOOKED_AT, count=False).hits
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    for number, (score, _address) in zip(numbers, hits, strict=True):
        if number in bitmaps.all:
            yield number, score


def rare_words(searcher, document):
    """Return the stems of a document that the fewest others have, but some do."""
    totals = [
        (searcher.doc_freq("text", stem), stem) for stem in telling_stems(document)
    ]
    most = max(searcher.num_docs // 5, 3)
    rare, total = [], 0
    for number, stem in sorted(totals):
        if 1 < number <= most and len(rare) < RAREST_WORDS and total < ENOUGH:
            rare.append(stem)
            total += number
    return rare


def telling_stems(document):
    """Return the stems of title and summary, without words that say nothing."""
    stems = set()
    for text in [document.title, document.summary]:
        written, stemmed = spelled(text, document.language)
        for form, stem in zip(written.split(), stemmed.split(), strict=True):
            if len(form) > 3 and form not in STOP_WORDS:
                stems.add(stem)
    return stems
