"""
Typed text as a query of the engine.

Text is data: words are looked up one by one, and nothing of the engine's own query
language can be reached. Any word is enough to match; records with all words rank first.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain, pairwise

from tantivy import FieldType, Occur, Query

from .analysis import HYPHENED, STOP_WORDS, alternatives, is_acronym, likely, words

MOST_TEXT = 300
MOST_WORDS = 12

# Optional minus, optional scope, then a quoted phrase or anything up to a space.
PART = re.compile(
    r"(?P<minus>(?<!\S)[-\u2212])?(?:(?P<scope>author|title):)?"
    r"(?:[\"“«](?P<phrase>[^\"”»]*)[\"”»]|(?P<plain>[^\s\"“”«»]+)|[\"“”«»])",
    re.IGNORECASE,
)
TITLE_BONUS = 5.0
# What a stem is worth that only a language makes which few records are in.
GUESSED = 0.3
# Arabic joins these to the word that follows, "and" above all.
PROCLITICS = "وفبكل"
ARABIC = re.compile("[\u0621-\u064a]")
FIELDS = {"": "text", "title": "in_title", "author": "in_author"}


@dataclass
class Parsed:
    """The parts of what was typed, words folded."""

    words: list = field(default_factory=list)
    # What words are together with their neighbours: "home town" is "hometown".
    compounds: dict = field(default_factory=dict)
    scoped: list = field(default_factory=list)  # (field, word)
    phrases: list = field(default_factory=list)
    excluded: list = field(default_factory=list)  # phrases of one word or more
    ignored: list = field(default_factory=list)
    is_truncated: bool = False

    @property
    def search_terms(self):
        """All words that a result may have been found by."""
        phrased = [form for forms in self.phrases for form in forms]
        scoped = [form for _name, form in self.scoped]
        return [*self.words, *chain(*self.compounds.values()), *scoped, *phrased]

    def join(self, forms):
        for form in forms:
            self.compounds.setdefault(form, set()).add("".join(forms))


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
                parsed.join(forms)
    telling = [form for form in parsed.words if form not in STOP_WORDS]
    if telling or parsed.scoped or parsed.phrases:
        parsed.ignored = [form for form in parsed.words if form in STOP_WORDS]
        parsed.words = telling
    if len(parsed.words) > MOST_WORDS:
        parsed.words, parsed.is_truncated = parsed.words[:MOST_WORDS], True
    for pair in pairwise(parsed.words):
        parsed.join(pair)
    for many in [parsed.scoped, parsed.phrases, parsed.excluded]:
        del many[MOST_WORDS:]
    return parsed


def word_query(schema, searcher, name, form, joined=()):
    """Return a query for a word in any of its stems, which together count once."""
    first = likely(form).union(*map(likely, joined))
    found = []
    for one in dict.fromkeys(chain(*map(alternatives, [form, *joined]))):
        # The fewer there are, the quicker the engine knows the best.
        if searcher.doc_freq(name, one):
            term = Query.term_query(schema, name, one)
            found.append(term if one in first else Query.boost_query(term, GUESSED))
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

    wanted = [
        word_query(schema, searcher, "text", form, parsed.compounds.get(form, ()))
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
        word_query(schema, searcher, "in_title", form, parsed.compounds.get(form, ()))
        for form in typed
    ]
    every = Query.boolean_query([(Occur.Must, one) for one in each])
    return Query.const_score_query(every, TITLE_BONUS)


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


def distance(one, other, most):
    """Return how many letters to change, add, drop or swap; most + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = None, list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def is_known(searcher, form):
    """Return whether any record has a word in any of its stems."""
    return any(searcher.doc_freq("text", one) for one in alternatives(form))


def corrected(schema, searcher, form):
    """
    The word most records have that differs from an unknown one by a slip or two.

    None for words of the vocabulary, short ones, and those nothing is close to.
    """
    if len(form) < 4 or form.isdigit():
        return None
    if is_known(searcher, form):
        return None
    most = 2 if len(form) >= 8 else 1
    close = Query.fuzzy_term_query(schema, "exact", form, most)
    near = []
    for prefix in [form[0], ""]:
        terms = searcher.terms_with_prefix("exact", prefix, close, 20_000)
        for term, number in terms:
            # Short words that begin otherwise and go on alike are other words.
            is_other = len(form) < 6 and term[1:] == form[1:]
            far = distance(form, term, most)
            if far <= most and not is_other:
                near.append((far, -number, term))
        if near:
            return min(near)[2]
    return None


def known_compounds(searcher, compounds):
    """Return, of what words are together with their neighbours, what any record has."""
    candidates = set().union(*compounds.values())
    known = {form for form in candidates if is_known(searcher, form)}
    return {form: ones & known for form, ones in compounds.items() if ones & known}


def with_ids(schema, ids):
    """Return a query for the records with these ids, however many they are."""
    return Query.term_set_query(schema, "id", ids)


def excluding(base, excluded):
    """Return a query for what the first one finds and the second does not."""
    return Query.boolean_query([(Occur.Must, base), (Occur.MustNot, excluded)])
