"""What somebody who types may mean: records by the words of titles and authors."""

from tantivy import Occur, Query

from .analysis import words
from .query import MOST_WORDS

MOST_COMPLETIONS = 20
FIELDS = ["title_words", "in_author"]


def query(schema, searcher, text):
    """Return a query for titles or authors with these words, the last one begun."""
    forms = [word.form for word in words(text)[:MOST_WORDS]]
    if len("".join(forms)) < 2:
        return Query.empty_query()
    *whole, last = forms
    begun = [
        Query.term_query(schema, name, word)
        for name in FIELDS
        # Asked for among all records, since words of removed ones linger.
        for word, _total in searcher.terms_with_prefix(
            name, last, Query.all_query(), MOST_COMPLETIONS
        )
    ]
    if not begun:
        return Query.empty_query()
    must = [(Occur.Must, Query.disjunction_max_query(begun))]
    for form in whole:
        either = [Query.term_query(schema, name, form) for name in FIELDS]
        must.append((Occur.Must, Query.disjunction_max_query(either)))
    return Query.boolean_query(must)
