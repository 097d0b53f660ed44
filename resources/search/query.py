"""
Typed text as a query of the engine.

Text is data: words are looked up one by one, and nothing of the engine's own query
language can be reached. Any word is enough to match; records with all words rank first.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, pairwise
from math import log
from types import MappingProxyType

from tantivy import FieldType, Occur, Query

from .analysis import HYPHENED, STOP_WORDS, alternatives, is_acronym, likely, words
from .corrections import is_known

# What is read of a typed text, and how many of its words are looked up.
MOST_TEXT = 2000
MOST_READ = 60
MOST_WORDS = 20
MOST_PHRASES = 12

# Optional minus, optional scope, then a quoted phrase or anything up to a space.
PART = re.compile(
    r"(?P<minus>(?<!\S)[-\u2212])?(?:(?P<scope>author|title):)?"
    r"(?:[\"“«](?P<phrase>[^\"”»]*)[\"”»]|(?P<plain>[^\s\"“”«»]+)|[\"“”«»])",
    re.IGNORECASE,
)
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
# What two words are worth that are written as one, beside each of them.
JOINED = 0.4
# Arabic joins these to the word that follows, "and" above all.
PROCLITICS = "وفبكل"
ARABIC = re.compile("[\u0621-\u064a]")
EMPTY = MappingProxyType({})
FIELDS = {"": "text", "title": "in_title", "author": "in_author"}


@dataclass
class Parsed:
    """The parts of what was typed, words folded."""

    words: list = field(default_factory=list)
    # The same with stop words, as they were typed one after the other.
    typed: list = field(default_factory=list)
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
        return [*self.words, *chain(*self.compounds.values()), *scoped, *phrased]

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
        forms = [word.form for word in words(part["phrase"] or part["plain"] or "")]
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


def word_query(schema, searcher, name, form, joined=EMPTY):
    """
    Return a query for a word in any of its stems, which together count once.

    All of them weigh as one word that all these records have: the same word would else
    be worth more in a language that fewer records are in.
    """
    first = likely(form)
    weights = {one: 1 if one in first else GUESSED for one in alternatives(form)}
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
    wanted = [
        word_query(schema, searcher, "text", form, parsed.compounds.get(form, EMPTY))
        for form in parsed.words
    ]
    parts = [(Occur.Must, phrase_query(schema, forms)) for forms in parsed.phrases]
    for name, form in parsed.scoped:
        if name == "in_author":
            parts.append((Occur.Must, Query.term_query(schema, name, form)))
        else:
            parts.append((Occur.Must, word_query(schema, searcher, name, form)))
    if all_words:
        parts += [(Occur.Must, one) for one in wanted]
    elif parts:
        # What must be there decides what is found, the other words only the order.
        parts += [(Occur.Should, one) for one in wanted]
    elif wanted:
        either = [(Occur.Should, one) for one in wanted]
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
        every = query(
            schema, searcher, Parsed(parsed.words, compounds=parsed.compounds), True
        )
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
