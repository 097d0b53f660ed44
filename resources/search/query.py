"""
Parsed text as a query of the engine.

Any word is enough to match; records with all words rank first.
"""

import re
from dataclasses import replace
from math import log
from types import MappingProxyType

from tantivy import FieldType, Occur, Query

from .analysis import alternatives, likely
from .corrections import is_known
from .parsing import JOINED, Parsed

# How many of the words of a text are looked up.
MOST_WORDS = 20
TITLE_BONUS = 5.0
# More than the words of any record are worth together.
ALL_WORDS_BONUS = 1000.0
# What a word is worth again that stands as it was typed ("dominica", not "dominican"),
# and words that stand in the order they were typed in. Of more words than MOST_EXACT
# the order and the endings say little.
EXACT_BONUS = 0.15
PHRASE_BONUS = 0.3
MOST_EXACT = 6
# What a stem is worth that only a language makes which few records are in.
GUESSED = 0.3
# What it is worth to be about a country that a word names, and to have what means the
# same as a word, beside the word itself.
COUNTRY = 1.5
EQUIVALENT = 0.3
# Arabic joins these to the word that follows, "and" above all.
PROCLITICS = "وفبكل"
ARABIC = re.compile("[\u0621-\u064a]")
EMPTY = MappingProxyType({})


def keep_most_telling(searcher, parsed):
    """Of many words keep those that the fewest records have, in the order typed."""
    known = dict.fromkeys(parsed.words)
    if len(parsed.words) <= MOST_WORDS:
        return
    numbers = {form: number_having(searcher, form) or float("inf") for form in known}
    kept = set(sorted(known, key=numbers.get)[:MOST_WORDS])
    parsed.words = [form for form in known if form in kept]
    parsed.is_truncated = True


def number_having(searcher, form):
    """Return about how many records have a word in any of its stems."""
    return sum(searcher.doc_freq("text", one) for one in alternatives(form))


def rarity(searcher, number):
    """Return what BM25 makes of a word that so many records have (its idf)."""
    number = min(number, searcher.num_docs)
    return log(1 + (searcher.num_docs - number + 0.5) / (number + 0.5))


def wanted(schema, searcher, parsed, form):
    """Return a query for a typed word and for what it means besides itself."""
    joined = parsed.compounds.get(form, EMPTY)
    sense = parsed.senses.get(form)
    if not sense:
        return word_query(schema, searcher, "text", form, joined)
    found = [word_query(schema, searcher, "text", form, joined, sense.stems)]
    if sense.stems:
        found.append(Query.term_query(schema, "exact", form))
    for code in sense.countries:
        country = Query.term_query(schema, "country", code)
        weight = COUNTRY * rarity(searcher, searcher.doc_freq("country", code))
        found.append(Query.const_score_query(country, weight))
    found += [
        Query.boost_query(phrase_query(schema, forms), JOINED)
        for forms in sense.phrases
    ]
    for forms in sense.equivalents:
        every = [word_query(schema, searcher, "text", one) for one in forms]
        all_of_them = Query.boolean_query([(Occur.Must, one) for one in every])
        # Several words are not worth more than the one they stand for.
        weight = EQUIVALENT / len(forms)
        found.append(Query.boost_query(all_of_them, weight))
    return Query.disjunction_max_query(found)


def word_query(schema, searcher, name, form, joined=EMPTY, stems=None):
    """
    Return a query for a word in any of its stems, which together count once.

    All of them weigh as one word that all these records have: the same word would else
    be worth more in a language that fewer records are in.
    """
    first = likely(form)
    stems = stems or alternatives(form)
    weights = {one: 1 if one in first else GUESSED for one in stems}
    for other, weight in joined.items():
        for one in alternatives(other):
            weights.setdefault(one, weight)
    # The fewer there are, the quicker the engine knows the best.
    numbers = {
        one: number for one in weights if (number := searcher.doc_freq(name, one))
    }
    level = rarity(searcher, sum(numbers.values()))
    found = []
    for one, number in numbers.items():
        term = Query.term_query(schema, name, one)
        weight = weights[one] * level / rarity(searcher, number)
        found.append(term if weight == 1 else Query.boost_query(term, weight))
    if not found:
        return Query.empty_query()
    return found[0] if len(found) == 1 else Query.disjunction_max_query(found)


def phrase_query(schema, forms):
    """Return a query for words as written; in Arabic, with any letter before them."""
    first, *rest = forms
    begun = [first]
    if ARABIC.match(first):
        begun += [letter + first for letter in PROCLITICS]
    found = [
        Query.phrase_query(schema, "exact", [one, *rest])
        if rest
        else Query.term_query(schema, "exact", one)
        for one in begun
    ]
    return found[0] if len(found) == 1 else Query.disjunction_max_query(found)


def query(schema, searcher, parsed, all_words=False):
    """Return the query for parsed text; `all_words` asks for records with all words."""
    if parsed.is_without_words:
        return Query.empty_query()
    each = [wanted(schema, searcher, parsed, form) for form in parsed.words]
    parts = [(Occur.Must, phrase_query(schema, forms)) for forms in parsed.phrases]
    for name, form in parsed.scoped:
        if name == "in_author":
            parts.append((Occur.Must, Query.term_query(schema, name, form)))
        else:
            parts.append((Occur.Must, word_query(schema, searcher, name, form)))
    if all_words:
        parts += [(Occur.Must, one) for one in each]
    elif parts:
        # What must be there decides what is found, the other words only the order.
        parts += [(Occur.Should, one) for one in each]
    elif each:
        either = [(Occur.Should, one) for one in each]
        parts.append((Occur.Must, Query.boolean_query(either)))
    if not parts:
        parts.append((Occur.Must, Query.all_query()))
    for forms in parsed.excluded:
        if len(forms) == 1:
            without = word_query(schema, searcher, "text", forms[0])
            parts.append((Occur.MustNot, without))
        else:
            parts.append((Occur.MustNot, phrase_query(schema, forms)))
    return parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)


def titled(schema, searcher, parsed):
    """
    Return a query for records with all words in their titles; None for single words.

    Whoever types a title wants that record, however long its description is.
    """
    typed = [*parsed.words, *(form for forms in parsed.phrases for form in forms)]
    if len(typed) < 2:
        return None
    each = [
        word_query(
            schema, searcher, "in_title", form, parsed.compounds.get(form, EMPTY)
        )
        for form in typed
    ]
    every = Query.boolean_query([(Occur.Must, one) for one in each])
    return Query.const_score_query(every, TITLE_BONUS)


def bonuses(schema, searcher, parsed):
    """Return queries that change the order of what was found, but not what is found."""
    if titles := titled(schema, searcher, parsed):
        yield titles
    if not parsed.words:
        return
    if len(parsed.words) > 1:
        # Records with all words as typed come before those with equivalents of some.
        as_typed = {
            form: replace(sense, equivalents=[])
            for form, sense in parsed.senses.items()
        }
        for senses in [parsed.senses, as_typed] if parsed.also else [as_typed]:
            words_alone = Parsed(
                parsed.words, compounds=parsed.compounds, senses=senses
            )
            every = query(schema, searcher, words_alone, True)
            yield Query.const_score_query(every, ALL_WORDS_BONUS)
    if len(parsed.words) > MOST_EXACT:
        return
    # "e-learning" is "elearning" as well.
    hyphened = [
        one
        for joined in parsed.compounds.values()
        for one, weight in joined.items()
        if weight == 1
    ]
    for form in dict.fromkeys([*parsed.words, *hyphened]):
        if searcher.doc_freq("exact", form):
            term = Query.term_query(schema, "exact", form)
            yield Query.boost_query(term, EXACT_BONUS)
    if 1 < len(parsed.typed) <= MOST_EXACT:
        phrase = phrase_query(schema, parsed.typed)
        yield Query.boost_query(phrase, PHRASE_BONUS)


FACETS = [
    "programme",
    "region",
    "country",
    "theme",
    "type",
    "language",
    "author",
    "publisher",
]
# What a list can be narrowed by. Not all of it is counted and shown as a facet.
FILTERS = [*FACETS, "country_of_origin", "country_of_residence"]
# What records are looked up by, all in one field of the engine: "doi:10.1000/182".
IDENTIFIERS = ["doi", "isbn", "source_url"]
# Fields whose values are numbers: those are counted in half the time.
NUMBERED = {"author", "publisher", "year"}


def key_of(name, value):
    """Return a value as the engine stores it, or None if the field cannot have it."""
    if name not in NUMBERED:
        return value
    is_number = value.isascii() and value.isdigit() and len(value) < 19
    return int(value) if is_number else None


def has(schema, name, value):
    """Return a query for the records with a value of a filter."""
    if name in IDENTIFIERS:
        return Query.term_query(schema, "identifier", f"{name}:{value}")
    key = key_of(name, value)
    return Query.empty_query() if key is None else Query.term_query(schema, name, key)


def narrowed(schema, base, filters):
    """Return a query for what a query finds and the filters allow."""
    parts = [(Occur.Must, base)]
    for name, values in filters.items():
        if name in {"year_from", "year_to"}:
            continue
        # Not a set of terms: the engine looks through all records for one.
        allowed = [has(schema, name, value) for value in values]
        either = Query.boolean_query([(Occur.Should, one) for one in allowed])
        allowed = allowed[0] if len(allowed) == 1 else either
        parts.append((Occur.Must, Query.const_score_query(allowed, 0.0)))
    first, last = filters.get("year_from"), filters.get("year_to")
    if first or last:
        years = Query.range_query(schema, "year", FieldType.Integer, first, last)
        parts.append((Occur.Must, Query.const_score_query(years, 0.0)))
    return base if len(parts) == 1 else Query.boolean_query(parts)


def beyond(schema, base, name, number, is_rising=False):
    """Return a query for what a query finds behind a number in a field."""
    ends = (number, None) if is_rising else (None, number)
    included = {"include_lower": not is_rising, "include_upper": is_rising}
    behind = Query.range_query(schema, name, FieldType.Integer, *ends, **included)
    return Query.boolean_query(
        [(Occur.Must, base), (Occur.Must, Query.const_score_query(behind, 0.0))]
    )


def known_compounds(searcher, compounds):
    """Return, of what words are together with their neighbours, what any record has."""
    candidates = set().union(*compounds.values())
    known = {form for form in candidates if is_known(searcher, form)}
    return {
        form: {one: weight for one, weight in joined.items() if one in known}
        for form, joined in compounds.items()
        if joined.keys() & known
    }


def with_ids(schema, ids):
    """Return a query for the records with these ids, however many they are."""
    return Query.term_set_query(schema, "id", ids)


def excluding(base, excluded):
    """Return a query for what the first one finds and the second does not."""
    return Query.boolean_query([(Occur.Must, base), (Occur.MustNot, excluded)])
