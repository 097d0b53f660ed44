"""What somebody who types may mean: records by the words of titles and authors."""

from tantivy import Occur, Query

from .analysis import words
from .corrections import distance
from .query import MOST_WORDS

MOST_COMPLETIONS = 20
FIELDS = ["title_words", "in_author"]
# Shorter words are begun by too many others to allow for a slip in them.
SHORTEST_WITH_SLIP = 4


def query(schema, searcher, text):
    """
    Return a query for titles or authors with these words, the last one begun.

    A word that nothing has may have a slip: one letter more, less, wrong or swapped.
    """
    forms = [word.form for word in words(text)[:MOST_WORDS]]
    if len("".join(forms)) < 2:
        return Query.empty_query()
    *whole, last = forms
    must = [begun(schema, searcher, last)]
    for form in whole:
        either = [Query.term_query(schema, name, form) for name in FIELDS]
        if len(form) >= SHORTEST_WITH_SLIP and not any(
            searcher.doc_freq(name, form) for name in FIELDS
        ):
            either = [like(schema, name, form) for name in FIELDS]
        must.append(Query.disjunction_max_query(either))
    return Query.boolean_query([(Occur.Must, one) for one in must])


def begun(schema, searcher, form):
    """Return a query for words that begin like this one, or nearly like it."""
    found = [
        Query.term_query(schema, name, word)
        for name in FIELDS
        # Asked for among all records, since words of removed ones linger.
        for word, _total in searcher.terms_with_prefix(
            name, form, Query.all_query(), MOST_COMPLETIONS
        )
    ]
    if not found and len(form) >= SHORTEST_WITH_SLIP:
        found = [like(schema, name, form, prefix=True) for name in FIELDS]
    return Query.disjunction_max_query(found) if found else Query.empty_query()


def like(schema, name, form, prefix=False):
    """Return a query for words that differ from this one by one slip at most."""
    return Query.fuzzy_term_query(schema, name, form, 1, True, prefix)


def begins_like(name, typed):
    """
    Return whether a name, from any of its words on, nearly begins with a typed text.

    Both are sort keys. One slip is allowed, but not in the first letter.
    """
    if len(typed) < SHORTEST_WITH_SLIP:
        return False
    starts = [0, *(i + 1 for i, c in enumerate(name) if c == " ")]
    return any(
        name[start : start + 1] == typed[0]
        and distance(name[start : start + length], typed, 1) <= 1
        for start in starts
        for length in range(len(typed) - 1, len(typed) + 2)
    )
