"""
Search: the one door to the index, and what comes back from it.

The index is a copy of what is published, kept by tantivy. It can always be made
anew from the database, so nothing of it is worth a backup. One process writes at a
time; every process reads. Nothing here knows of requests or pages of HTML.
"""

from dataclasses import dataclass, field

from pyroaring import BitMap
from tantivy import Occur, Order, Query

from .. import changes, documents
from ..models import Resource
from . import query as asking
from .analysis import alternatives, words
from .index import MOST_REMEMBERED, Memory, Unusable, store
from .kept import FIELDS
from .likeness import most_like
from .numbers import numbers_at
from .query import FACETS

__all__ = ["FACETS", "Results", "Search", "Unusable", "store"]

# As many values of a facet as a page can show; vocabularies are smaller than that.
MOST_VALUES = 300
# The engine keeps all that comes before a page in memory.
DEEPEST = 10_000
# Up to this place the best are put together from two searches.
NEAR = 100
ORDERS = {
    "newest": ("by_newest", Order.Desc),
    "year": ("by_year", Order.Desc),
    "title": ("by_title", Order.Asc),
}
# Orders by a number that no two records share.
KEYED = {"by_newest", "by_year"}


@dataclass(frozen=True)
class Results:
    """One page of results, and what to say about them."""

    ids: list
    total: int
    # By facet: the number of records each value would give, chosen or not.
    counts: dict = field(default_factory=dict)
    years: dict = field(default_factory=dict)
    # How many have every word, where that says something.
    total_with_all_words: int | None = None
    # Words that were looked up in place of unknown ones, and all as it was read.
    corrections: dict = field(default_factory=dict)
    ignored: list = field(default_factory=list)
    is_truncated: bool = False
    # Whether this is the whole list because there is no index to search.
    is_plain: bool = False
    # Stems to highlight in what is shown.
    stems: frozenset = frozenset()


class Search:
    """
    The index as it is now, for one request.

    It is brought up to date when this is made. While there is none (it is being
    made, or cannot be), the list comes from the database, without words and filters.
    """

    def __init__(self, last=None):
        """`last` is the end of the change log, for who has just read it."""
        self.reading, self.found_with = None, {}
        try:
            self.reading = store.up_to_date(last or changes.last()).reading
        except Unusable:
            self.memory = self.often = Memory(MOST_REMEMBERED)
            return
        # What was found, and the small part of it that many pages have in common.
        self.memory, self.often = self.reading.memory, self.reading.often
        self.sets = self.reading.sets
        self.searcher, self.schema = self.reading.searcher, self.reading.schema

    @property
    def is_usable(self):
        return self.reading is not None

    @property
    def version(self):
        """The version of the catalogue that this is true to."""
        return self.reading.version if self.is_usable else changes.version()

    def has_value(self, facet, value):
        """Whether any public record has the value; any may, while there is no index."""
        if not self.is_usable:
            return True
        found, padded = self.sets.padded(facet, value)
        return len(found) > padded

    def find(
        self,
        text="",
        filters=None,
        sort="",
        start=0,
        size=10,
        all_words=False,
        exact=False,
        most=MOST_VALUES,
        counted=True,
    ):
        """
        The records for typed text and filters, from `start` on in the given order.

        Without words the order is the newest first; with words and no order, the
        best first. `all_words` asks for records with every word, `exact` looks unknown
        words up as they are, `most` limits the values counted for each facet, and
        nothing is counted unless `counted`.
        """
        filters = filters or {}
        if not self.is_usable:
            return plain(start, size)
        asked = (text, repr(sorted(filters.items())), all_words, exact)
        place = (sort, start, size, most, counted)
        return self.remembered(
            ("find", *asked, *place), lambda: self.look(asked, filters, *place)
        )

    def documents(self, ids):
        """Return the public documents with these ids that there are, in this order."""
        found = documents.published(ids)
        return [found[pk] for pk in ids if pk in found]

    def document(self, pk):
        """Return the public document of one resource, or None."""
        return documents.published([pk]).get(pk)

    def look(self, asked, filters, sort, start, size, most, counted):
        text, _filters, all_words, exact = asked
        parsed, corrections, base = self.read(text, all_words, exact)
        matching = self.matching(parsed, all_words)
        among = self.narrowed(matching, filters)
        full = asking.narrowed(self.schema, base, filters)
        counts, years = {}, {}
        if counted:
            counts, years = self.remembered(
                ("counts", *asked, most),
                lambda: self.counts(base, matching, full, among, filters, most),
            )
        total_with_all_words = None
        if not all_words and len(parsed.wanted) > 1:
            with_all = self.narrowed(self.matching(parsed, True), filters)
            total_with_all_words = len(with_all)
        return Results(
            ids=self.page(parsed, full, among, order_of(sort, parsed), start, size),
            total=len(among),
            counts=counts,
            years=years,
            total_with_all_words=total_with_all_words,
            corrections=corrections,
            ignored=parsed.ignored,
            is_truncated=parsed.is_cut,
            stems=frozenset(
                stem for form in parsed.looked_for for stem in alternatives(form)
            ),
        )

    def read(self, text, all_words=False, exact=False):
        """Typed text as it was understood, with corrections, and as a query."""
        parsed = asking.parse(text)
        parsed.joined = self.known(parsed.joined)
        corrections = {} if exact else self.correct(parsed)
        query = asking.query(self.schema, self.searcher, parsed, all_words)
        return parsed, corrections, query

    # Which records are found, as sets. The same is said to the engine in query.py.

    def matching(self, parsed, all_words=False):
        """The records that the words ask for; the engine only puts them in order."""
        must = [self.with_phrase(forms) for forms in parsed.phrases]
        for name, form in parsed.scoped:
            must.append(self.with_word(form, name))
        if all_words or not must:
            wanted = [
                BitMap.union(*map(self.with_word, [form, *parsed.joined.get(form, ())]))
                for form in parsed.wanted
            ]
            must += wanted if all_words or not wanted else [BitMap.union(*wanted)]
        found = BitMap.intersection(*must) if must else self.sets.all
        for forms in parsed.without:
            is_word = len(forms) == 1
            found = found - (
                self.with_word(forms[0]) if is_word else self.with_phrase(forms)
            )
        return found

    def with_word(self, form, name="text"):
        if (form, name) not in self.found_with:
            # Names of authors are not stemmed.
            terms = [form] if name == "in_author" else alternatives(form)
            having = [self.sets.having(name, term) for term in terms]
            self.found_with[form, name] = BitMap.union(*having)
        return self.found_with[form, name]

    def with_phrase(self, forms):
        return self.sets.found(asking.phrase_query(self.schema, forms))

    def narrowed(self, found, filters):
        """Of the records that were found, those that the filters allow."""
        first, last = filters.get("year_from"), filters.get("year_to")
        allowed = [
            self.sets.having_any(name, values)
            for name, values in filters.items()
            if name not in {"year_from", "year_to"}
        ]
        if first or last:
            allowed.append(self.sets.years(first, last))
        if not allowed:
            return found
        if found is not self.sets.all:
            return BitMap.intersection(found, *allowed)
        return BitMap.intersection(*allowed) - self.sets.padding

    def after(
        self, mark, size, text="", filters=None, sort="", all_words=False, exact=False
    ):
        """
        The next ids behind a mark, the mark behind those, and the number of all.

        The mark is 0 before the first and None behind the last. In orders with a
        number of their own (newest, year) it is that of the last record, so what
        comes or goes meanwhile shifts nothing and the last is as near as the first.
        In others it is the position. Raises Unusable while there is no index.
        """
        if not self.is_usable:
            raise Unusable("it is being made")
        parsed, _corrections, base = self.read(text, all_words, exact)
        full = asking.narrowed(self.schema, base, filters or {})
        among = self.narrowed(self.matching(parsed, all_words), filters or {})
        total = len(among)
        name, direction = order_of(sort, parsed) or (None, None)
        if name == "by_newest" and (older := self.sets.older(among, mark, size)):
            return *older, total
        options = {"count": False}
        if name:
            options |= {"order_by_field": name, "order": direction}
        if name in KEYED:
            # One more than is shown tells whether this is the end.
            behind = asking.below(self.schema, full, name, mark) if mark else full
            hits = self.searcher.search(behind, size + 1, **options).hits
            mark = hits[size - 1][0] if len(hits) > size else None
        else:
            if name:
                hits = self.searcher.search(full, size, offset=mark, **options).hits
            else:
                hits = self.best(parsed, full, mark, size)
            mark = mark + size if mark + size < total else None
        return self.ids(hits[:size]), mark, total

    def all(self, size, text="", filters=None, sort="", all_words=False, exact=False):
        """
        The ids of all records, so many at a time, of the index as it is now.

        Orders without a number of their own are gone through in one search, since
        each part of them would cost as much as all.
        """
        parsed, _corrections, base = self.read(text, all_words, exact)
        full = asking.narrowed(self.schema, base, filters or {})
        order = order_of(sort, parsed)
        if order and order[0] in KEYED:
            mark = 0
            while mark is not None:
                ids, mark, _total = self.after(
                    mark, size, text, filters, sort, all_words, exact
                )
                yield ids
            return
        total = self.searcher.search(full, 1).count or 1
        if order:
            options = {"order_by_field": order[0], "order": order[1]}
            hits = self.searcher.search(full, total, **options).hits
        else:
            hits = self.best(parsed, full, 0, total)
        found = self.ids(hits)
        for start in range(0, len(found), size):
            yield found[start : start + size]

    def remembered(self, key, make):
        """What was made of the index before, for as long as it has not changed."""
        return self.memory.of(key, make)

    def known(self, joined):
        """Of what words are with those beside them, what any record has."""
        every = set().union(*joined.values())
        known = {one for one in every if asking.is_known(self.searcher, one)}
        return {form: ones & known for form, ones in joined.items() if ones & known}

    def correct(self, parsed):
        """Put known words in the place of unknown ones; which, by what was typed."""
        corrections = {}
        for i, form in enumerate(parsed.wanted):
            if form in parsed.joined:
                continue
            better = asking.corrected(self.schema, self.searcher, form)
            if better:
                corrections[form] = parsed.wanted[i] = better
        return corrections

    def page(self, parsed, query, among, order, start, size):
        """
        The ids of some of the records of a set, wherever they stand in an order.

        `query` finds the same records in the engine.
        """
        search, total = self.searcher.search, len(among)
        if start >= total:
            return []
        if order is None:
            if start > DEEPEST:
                return []
            return self.ids(self.best(parsed, query, start, size))
        if order == ORDERS["newest"]:
            newest = self.sets.newest(among, start, size)
            if newest is not None:
                return newest
        if min(start, total - start) > DEEPEST:
            return []
        size = min(size, total - start)
        # Past the middle it is quicker to come from the other end.
        name, direction = order
        is_late = start > total // 2
        if is_late:
            start = total - start - size
            direction = Order.Asc if direction == Order.Desc else Order.Desc
        result = search(
            query, size, count=False, order_by_field=name, order=direction, offset=start
        )
        found = self.ids(result.hits)
        return found[::-1] if is_late else found

    def best(self, parsed, query, start, size):
        """Of what a query finds the best, from one place on: marks and addresses."""
        titled = asking.titled(self.schema, self.searcher, parsed)
        search, until = self.searcher.search, start + size
        if titled is None or until > NEAR:
            parts = [(Occur.Must, query), (Occur.Should, titled)]
            both = Query.boolean_query(parts) if titled else query
            return search(both, size, count=False, offset=start).hits
        # What words alone make the best, and the best of those with the title, are
        # each found in less time than the best of both together.
        parts = [(Occur.Must, query), (Occur.Must, titled)]
        found = [
            *search(query, until, count=False).hits,
            *search(Query.boolean_query(parts), until, count=False).hits,
        ]
        best = {(at.segment_ord, at.doc): (mark, at) for mark, at in found}
        order = sorted(best, key=lambda place: (-best[place][0], place))
        return [best[place] for place in order[start:until]]

    def ids(self, hits):
        addresses = [address for _key, address in hits]
        return self.sets.ids(numbers_at(self.searcher, addresses))

    def counts(self, base, matching, full, among, filters, most):
        """
        By facet and by year, the number of records for each value.

        A facet's own choice does not shrink its numbers, so each is what choosing
        the value gives. `base` finds the same records in the engine as are matching
        the words, `full` the same as are among those that the filters allow.
        """
        chosen = set(map(facet_of, filters))
        fields = [name for name in FIELDS if name not in chosen]
        numbers = self.sets.counts(fields, among, full, most)
        for name in chosen:
            others = {k: v for k, v in filters.items() if facet_of(k) != name}
            numbers[name] = self.counts_of(name, base, matching, others, most)
            # A chosen value stays in sight, even with too few records for the list.
            for value in set(filters.get(name, ())) - numbers[name].keys():
                having = self.narrowed(matching, others | {name: [value]})
                numbers[name][value] = len(having)
        years = {int(year): number for year, number in numbers.pop("year").items()}
        numbers = {name: numbers[name] for name in FACETS}
        return numbers, dict(sorted(years.items()))

    def counts_of(self, name, base, matching, filters, most):
        """The numbers of the values of one facet."""

        def count():
            query = asking.narrowed(self.schema, base, filters)
            among = self.narrowed(matching, filters)
            return self.sets.counts([name], among, query, most)[name]

        if matching is not self.sets.all or len(filters) > 1:
            return count()
        # Whatever is chosen of a facet beside another, these are the same.
        return dict(self.often.of((name, repr(filters), most), count))

    def suggest(self, text, count=8):
        """Records whose title or authors somebody who types this may mean."""
        forms = [word.form for word in words(text)[: asking.MOST_WORDS]]
        if not self.is_usable or not forms or len("".join(forms)) < 2:
            return []
        query = asking.prefix_query(self.schema, self.searcher, forms[:-1], forms[-1])
        return self.ids(self.searcher.search(query, count, count=False).hits)

    def related(self, resource, count=4):
        """
        The records most like one, each with the themes and countries it shares.

        By id, the most like first. Empty while there is no index.
        """
        if not self.is_usable:
            return {}
        # One more, as it may be like itself.
        found = most_like(self.sets, resource, count + 1)
        ids = self.sets.ids(number for number, _terms in found)
        shared = {
            pk: {term for term in terms if term[0] in {"theme", "country"}}
            for pk, (_number, terms) in zip(ids, found, strict=True)
        }
        shared.pop(resource.pk, None)
        return dict(list(shared.items())[:count])


def facet_of(name):
    """The facet that a filter of this name narrows."""
    return "year" if name in {"year_from", "year_to"} else name


def order_of(sort, parsed):
    """Best first, which is None, where there are words and no other order."""
    return ORDERS.get(sort) or (None if parsed.looked_for else ORDERS["newest"])


def plain(start, size):
    """The whole list from the database: what there is without an index."""
    published = Resource.objects.published().newest_first()
    found = list(published.values_list("pk", flat=True)[start : start + size])
    return Results(ids=found, total=published.count(), is_plain=True)
