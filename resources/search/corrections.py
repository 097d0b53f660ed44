"""Corrections of words that no record has."""

from tantivy import Query

from .analysis import NATION, STOP_WORDS, alternatives
from .countries import words_of_names

# Each takes a walk through the words of the index: of one text so many are corrected.
MOST_CORRECTED = 5


def correct(snapshot, parsed, known):
    """
    Put known words in the place of unknown ones, and return them by what was typed.

    What stays unknown is noted in `parsed`. `known` remembers corrections from one call
    to the next; None corrects nothing.
    """
    searcher, found, looked_up = snapshot.searcher, {}, 0

    def better(form):
        nonlocal looked_up
        if known is None:
            return None
        if form not in known:
            is_one_more = looked_up < MOST_CORRECTED
            known[form] = corrected(snapshot, form) if is_one_more else None
            looked_up += 1
        return known[form]

    for i, form in enumerate(parsed.words):
        sense = parsed.senses.get(form)
        if form in parsed.compounds or (sense and sense.finds_more):
            continue
        if any(searcher.doc_freq("text", one) for one in parsed.stems(form)):
            continue
        if other := better(form):
            found[form] = parsed.words[i] = other
        else:
            parsed.unknown.append(form)
    for i, (name, form) in enumerate(parsed.scoped):
        if is_known(searcher, form, name):
            continue
        other = better(form)
        if other and is_known(searcher, other, name):
            parsed.scoped[i] = (name, other)
            found[form] = other
    return found


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


def is_known(searcher, form, name="text"):
    """Return whether any record has a word, in any of its stems, in a field."""
    # Names of authors are not stemmed.
    stems = [form] if name == "in_author" else alternatives(form)
    return any(searcher.doc_freq(name, one) for one in stems)


def is_name(form, vocabularies):
    """Return whether a word is the name of a country, or of who comes from there."""
    return bool(NATION.fullmatch(form)) or form in words_of_names(vocabularies)


def corrected(snapshot, form):
    """
    The word most records have that differs from an unknown one by a slip or two.

    None for short words, names of countries, and those nothing is close to: a name is
    not a slip of another one, and a word to search for none of a stop word.
    """
    if len(form) < 4 or form.isdigit() or is_name(form, snapshot.vocabularies):
        return None
    schema, searcher = snapshot.schema, snapshot.searcher
    most = 2 if len(form) >= 8 else 1
    close = Query.fuzzy_term_query(schema, "exact", form, most)
    near = []
    for prefix in [form[0], ""]:
        terms = searcher.terms_with_prefix("exact", prefix, close, 20_000)
        for term, number in terms:
            # Short words that begin otherwise and go on alike are other words.
            is_other = len(form) < 6 and term[1:] == form[1:]
            far = distance(form, term, most)
            if far <= most and not is_other and term not in STOP_WORDS:
                near.append((far, -number, term))
        if near:
            return min(near)[2]
    return None
