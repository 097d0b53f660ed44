"""
Search: the only way into the index, and what comes back from it.

The index is a copy of what is published, kept by tantivy. It can always be rebuilt
from the database, so it needs no backup. One process writes at a time; every process
reads. Nothing here knows of requests or HTML pages. docs/search.md explains the parts.
"""

from tantivy import Occur, Order, Query

from .. import changes, documents
from ..models import Resource
from . import corrections, facets, suggestions
from . import query as queries
from .bitmaps import FACETED, addresses, last
from .index import Unusable
from .index_store import reads_index, store
from .matching import Matcher
from .orders import KEYED, NEWEST, order_of
from .parsing import parse
from .query import FACETS
from .related import most_like
from .results import Results
from .senses import add_senses

__all__ = ["FACETS", "Results", "Search", "Unusable", "store"]

# As many values of a facet as a page can show; vocabularies are smaller than that.
MOST_VALUES = 300
# The engine keeps all that comes before a page in memory.
DEEPEST = 10_000
# Counts of lists with at most one filter, and their panels, that are remembered.
MOST_REMEMBERED = 1000


class Search:
    """The index as it is now, for one request; making one brings it up to date."""

    def __init__(self, last=None):
        """`last` is the end of the change log, if the caller has just read it."""
        self.last = last or changes.last()
        self.known = {}
        try:
            self.snapshot = store.at(self.last)
        except Unusable:
            self.snapshot = None
            return
        self.bitmaps = self.snapshot.bitmaps
        self.searcher, self.schema = self.snapshot.searcher, self.snapshot.schema
        self.pending, self.all = self.snapshot.pending, self.snapshot.all
        self.withdrawn = self.snapshot.withdrawn
        self.matcher = Matcher(self.snapshot)

    @property
    def is_usable(self):
        return self.snapshot is not None

    @property
    def is_current(self):
        """Whether there is an index that lacks no change."""
        return self.is_usable and not self.pending

    @property
    def version(self):
        """The version of the catalogue that results are true to."""
        return self.snapshot.version if self.is_usable else self.last.pk

    # Documents

    def documents(self, ids):
        """Return the public documents with these ids that there are, in this order."""
        ids = list(ids)
        if not self.is_usable:
            found = documents.published(ids)
        else:
            stored = [pk for pk in ids if pk not in self.pending]
            try:
                found = self.stored(stored)
            except Unusable:
                found = documents.published(stored)
            if changed := [pk for pk in ids if pk in self.pending]:
                found |= documents.published(changed)
        return [found[pk] for pk in ids if pk in found]

    def document(self, pk):
        """Return the public document of one resource, or None."""
        return next(iter(self.documents([pk])), None)

    @reads_index
    def stored(self, ids):
        """Return the documents of these ids that the index has, by id."""
        found = {}
        for address in addresses(self.searcher, self.schema, ids):
            text = self.searcher.doc(address)["document"][0]
            document = documents.from_json(text, self.snapshot.vocabularies)
            found[document.id] = document
        return found

    # Results

    @reads_index
    def has_value(self, facet, value):
        """Whether any public record has the value; any may, while there is no index."""
        if not self.is_usable:
            return True
        return bool(self.bitmaps.value(facet, value) - self.withdrawn)

    @reads_index
    def totals(self, facet):
        """Return the number of public records with each value of a small facet."""
        values = self.bitmaps.values[facet].items()
        totals = {value: len(bitmap - self.withdrawn) for value, bitmap in values}
        return {value: total for value, total in totals.items() if total}

    @reads_index
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
        Return the records for typed text and filters, from `start` on in an order.

        Without words the order is the newest first; with words and no order, the
        best first. `all_words` asks for records with every word, `exact` looks
        unknown words up as they are, `most` limits the values counted for each
        facet, and nothing is counted unless `counted`.
        """
        filters = filters or {}
        if not self.is_usable:
            return unindexed(start, size)
        parsed, corrected, base = self.read(text, all_words, exact)
        matching = self.matcher.matching(parsed, all_words)
        among = self.matcher.narrowed(matching, filters)
        query = queries.narrowed(self.schema, base, filters)
        counts, years = {}, {}
        if counted:
            counts, years = self.counts(base, matching, query, among, filters, most)
        total_with_all_words = None
        if not all_words and len(parsed.words) > 1:
            total_with_all_words = len(self.matcher.results(parsed, filters, True))
        return Results(
            ids=self.page(parsed, query, among, order_of(sort, parsed), start, size),
            total=len(among),
            counts=counts,
            years=years,
            total_with_all_words=total_with_all_words,
            corrections=corrected,
            unknown=parsed.unknown,
            is_without_words=parsed.is_without_words,
            ignored=parsed.ignored,
            also=parsed.also,
            is_truncated=parsed.is_truncated,
            stems=frozenset(
                stem for form in parsed.search_terms for stem in parsed.stems(form)
            ),
        )

    @reads_index
    def read(self, text, all_words=False, exact=False):
        """Return typed text as it was understood, corrections of it, and a query."""
        parsed = parse(text)
        queries.keep_most_telling(self.searcher, parsed)
        parsed.compounds = queries.known_compounds(self.searcher, parsed.compounds)
        add_senses(self.snapshot, parsed, exact)
        # Looked up once: a page without results asks again for each filter.
        known = None if exact else self.known
        corrected = corrections.correct(self.snapshot, parsed, known)
        query = queries.query(self.schema, self.searcher, parsed, all_words)
        if left_out := self.snapshot.left_out:
            query = queries.excluding(query, left_out)
        return parsed, corrected, query

    # Pages

    def page(self, parsed, query, among, order, start, size):
        """
        Return the ids of a part of some records in an order.

        `query` finds the same records in the engine as there are `among`.
        """
        total = len(among)
        if start >= total:
            return []
        if order is None:
            if start > DEEPEST:
                return []
            return self.ids(self.best(parsed, query, start, size))
        if order == NEWEST:
            newest = self.bitmaps.newest(among, start, size)
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
        options = {"order_by_field": name, "order": direction, "offset": start}
        hits = self.searcher.search(query, size, count=False, **options).hits
        ids = self.ids(hits)
        return ids[::-1] if is_late else ids

    def best(self, parsed, query, start, size):
        """Return the engine's best hits from a place on."""
        bonuses = queries.bonuses(self.schema, self.searcher, parsed)
        if parts := [(Occur.Should, one) for one in bonuses]:
            query = Query.boolean_query([(Occur.Must, query), *parts])
        return self.searcher.search(query, size, count=False, offset=start).hits

    def ids(self, hits):
        return self.searcher.fast_field_values("id", [address for _, address in hits])

    @reads_index
    def after(
        self, mark, size, text="", filters=None, sort="", all_words=False, exact=False
    ):
        """
        Return the next ids behind a mark, the mark behind those, and the total.

        The mark is 0 before the first and None behind the last. In orders with a
        number of their own (newest, year) it is that of the last record, so what
        comes or goes meanwhile shifts nothing and the last is as near as the first.
        In others it is the position. Raises Unusable while there is no index.
        """
        if not self.is_usable:
            raise Unusable("it is being built")
        parsed, _corrections, base = self.read(text, all_words, exact)
        query = queries.narrowed(self.schema, base, filters or {})
        among = self.matcher.results(parsed, filters or {}, all_words)
        total = len(among)
        name, direction = order_of(sort, parsed) or (None, None)
        if (name, direction) == NEWEST and among.isdisjoint(self.bitmaps.unordered):
            return *self.older(among, mark, size), total
        options = {"count": False}
        if name:
            options |= {"order_by_field": name, "order": direction}
        if name in KEYED:
            # One more than is shown tells whether this is the end.
            behind = query
            if mark:
                is_rising = direction == Order.Asc
                behind = queries.beyond(self.schema, query, name, mark, is_rising)
            hits = self.searcher.search(behind, size + 1, **options).hits
            mark = hits[size - 1][0] if len(hits) > size else None
        else:
            if name:
                hits = self.searcher.search(query, size, offset=mark, **options).hits
            else:
                hits = self.best(parsed, query, mark, size)
            mark = mark + size if mark + size < total else None
        return self.ids(hits[:size]), mark, total

    def older(self, among, mark, size):
        """Return the next ids of the newest first, and the mark: the last one's key."""
        end = self.bitmaps.place_of(among, mark) if mark else len(among)
        numbers = last(among, end, size)
        mark = self.bitmaps.key(numbers[-1]) if end > size else None
        return [self.bitmaps.id(number) for number in numbers], mark

    @reads_index
    def all_ids(
        self, size, text="", filters=None, sort="", all_words=False, exact=False
    ):
        """
        Yield the ids of all results, so many at a time, of the index as it is now.

        Orders without a number of their own are gone through in one search, since
        each part of them would cost as much as all.
        """
        parsed, _corrections, base = self.read(text, all_words, exact)
        order = order_of(sort, parsed)
        if order and order[0] in KEYED:
            mark = 0
            while mark is not None:
                ids, mark, _total = self.after(
                    mark, size, text, filters, sort, all_words, exact
                )
                yield ids
            return
        query = queries.narrowed(self.schema, base, filters or {})
        total = self.searcher.search(query, 1).count or 1
        if order:
            options = {"order_by_field": order[0], "order": order[1]}
            hits = self.searcher.search(query, total, **options).hits
        else:
            hits = self.best(parsed, query, 0, total)
        ids = self.ids(hits)
        for start in range(0, len(ids), size):
            yield ids[start : start + size]

    # Counts

    def counts(self, base, matching, query, among, filters, most):
        """
        Return the number of records for each value, by facet, and by year.

        A facet's own selection does not shrink its numbers, so each is what
        selecting the value gives. `base` finds the same records in the engine as are
        matching the words, `query` the same as are among those the filters allow.
        """
        selected = {facet_of(name) for name in filters} & set(FACETED)
        fields = [name for name in FACETED if name not in selected]
        counts = self.counted(fields, matching, base, filters, most, (query, among))
        for name in selected:
            others = {k: v for k, v in filters.items() if facet_of(k) != name}
            counts |= self.counted([name], matching, base, others, most)
            # A selected value stays in sight, even with too few records for the list.
            for value in set(filters.get(name, ())) - counts[name].keys():
                having = self.matcher.narrowed(matching, others | {name: [value]})
                counts[name][value] = len(having)
        years = {int(year): number for year, number in counts["year"].items()}
        return {name: counts[name] for name in FACETS}, dict(sorted(years.items()))

    def counted(self, fields, matching, base, filters, most, results=None):
        """Return the counts of some fields; those of one filter are remembered."""

        def count():
            return self.count(fields, matching, base, filters, most, results)

        if matching is not self.all or len(filters) > 1:
            return count()
        key = repr((fields, sorted(filters.items()), most))
        return {
            name: dict(counts) for name, counts in self.remembered(key, count).items()
        }

    def remembered(self, key, make):
        """Return what make() returns, which is called once for a state of the index."""
        memory = self.snapshot.memory
        if key not in memory:
            if len(memory) >= MOST_REMEMBERED:
                memory.clear()
            memory[key] = make()
        return memory[key]

    def count(self, fields, matching, base, filters, most, results):
        if results is None:
            query = queries.narrowed(self.schema, base, filters)
            results = query, self.matcher.narrowed(matching, filters)
        query, among = results
        return facets.count(self.bitmaps, fields, among, query, most)

    # Suggestions and similar records

    @reads_index
    def suggest(self, text, count=8):
        """Return ids of records whose title or authors the typed text may mean."""
        if not self.is_usable:
            return []
        query = suggestions.query(self.schema, self.searcher, text)
        if left_out := self.snapshot.left_out:
            query = queries.excluding(query, left_out)
        return self.ids(self.searcher.search(query, count, count=False).hits)

    @reads_index
    def related(self, document, count=4):
        """
        Return the records most like one, each with the themes and countries it shares.

        By id, the most like first. Empty while there is no index.
        """
        if not self.is_usable:
            return {}
        # One more, as it may be like itself.
        found = most_like(self.bitmaps, document, count + 1 + len(self.withdrawn))
        shared = {
            self.bitmaps.id(number): {t for t in terms if t[0] in {"theme", "country"}}
            for number, terms in found
            if number not in self.withdrawn
        }
        shared.pop(document.id, None)
        return dict(list(shared.items())[:count])


def facet_of(name):
    """Return the facet that a filter of this name narrows."""
    return "year" if name in {"year_from", "year_to"} else name


def unindexed(start, size):
    """Return a part of the whole list, from the database."""
    published = Resource.objects.published().newest_first()
    ids = list(published.values_list("pk", flat=True)[start : start + size])
    return Results(ids=ids, total=published.count(), is_plain=True)
