"""
Search: the one door to the index, and what comes back from it.

The index is a copy of what is published, kept by tantivy. It can always be made
anew from the database, so nothing of it is worth a backup. One process writes at a
time; every process reads. Nothing here knows of requests or pages of HTML.
"""

from dataclasses import dataclass, field

from tantivy import Occur, Order, Query

from .. import changes
from ..models import Resource
from . import query as asking
from .analysis import alternatives, words
from .index import FACETS, Unusable, store

__all__ = ["FACETS", "Found", "Search", "Unusable", "store"]

MOST_YEARS = 1000
# As many values of a facet as a page can show; vocabularies are smaller than that.
MOST_VALUES = 300
# The engine refuses more of them in one answer.
MOST_BUCKETS = 60_000
MOST_REMEMBERED = 1000
# The engine keeps all that comes before a page in memory.
DEEPEST = 10_000
ORDERS = {
    "newest": ("by_newest", Order.Desc),
    "year": ("by_year", Order.Desc),
    "title": ("by_title", Order.Asc),
}
# Orders by a number that no two records share.
KEYED = {"by_newest", "by_year"}


@dataclass(frozen=True)
class Found:
    """One page of what was found, and what is to be said about it."""

    ids: list
    total: int
    # By facet: the number of records each value would give, chosen or not.
    counts: dict = field(default_factory=dict)
    years: dict = field(default_factory=dict)
    # How many have every word, where that says something.
    with_every_word: int | None = None
    # Words that were looked up in place of unknown ones, and all as it was read.
    corrections: dict = field(default_factory=dict)
    ignored: list = field(default_factory=list)
    is_cut: bool = False
    # Whether this is the whole list because there is no index to search.
    is_plain: bool = False
    # Stems to mark in what is shown.
    marked: frozenset = frozenset()


class Search:
    """
    The index as it is now, for one request.

    It is brought up to date when this is made. While there is none (it is being
    made, or cannot be), the list comes from the database, without words and filters.
    """

    def __init__(self, last=None):
        """`last` is the end of the change log, for who has just read it."""
        try:
            self.generation = store.up_to_date(last or changes.last())
            self.searcher = self.generation.searcher
            self.memory = self.generation.memory
            self.schema = self.generation.index.schema
        except Unusable:
            self.generation = None
            self.memory = {}

    @property
    def is_usable(self):
        return self.generation is not None

    @property
    def version(self):
        """The version of the catalogue that this is true to."""
        return self.generation.version if self.is_usable else changes.version()

    def knows(self, facet, value):
        """Whether any public record has the value; any may, while there is no index."""
        if not self.is_usable:
            return True
        return self.remembered(
            ("knows", facet, value), lambda: self.number_with(facet, value) > 0
        )

    def number_with(self, facet, value):
        term = asking.has(self.schema, facet, value)
        return self.searcher.search(term, 1).count

    def find(
        self,
        text="",
        filters=None,
        sort="",
        start=0,
        size=10,
        every=False,
        exactly=False,
        most=MOST_VALUES,
        counted=True,
    ):
        """
        The records for typed text and filters, from `start` on in the given order.

        Without words the order is the newest first; with words and no order, the
        best first. `every` asks for records with every word, `exactly` looks unknown
        words up as they are, `most` limits the values counted for each facet, and
        nothing is counted unless `counted`.
        """
        filters = filters or {}
        if not self.is_usable:
            return plain(start, size)
        asked = (text, repr(sorted(filters.items())), every, exactly)
        place = (sort, start, size, most, counted)
        return self.remembered(
            ("find", *asked, *place), lambda: self.look(asked, filters, *place)
        )

    def look(self, asked, filters, sort, start, size, most, counted):
        text, _filters, every, exactly = asked
        parsed, corrections, base = self.read(text, every, exactly)
        full = asking.narrowed(self.schema, base, filters)
        total, found = self.page(full, order_of(sort, parsed), start, size)
        counts, years = {}, {}
        if counted:
            counts, years = self.remembered(
                ("counts", *asked, most),
                lambda: self.counts(base, full, filters, most),
            )
        return Found(
            ids=found,
            total=total,
            counts=counts,
            years=years,
            with_every_word=None
            if every or len(parsed.wanted) < 2
            else self.number(
                asking.query(self.schema, parsed, every_word=True), filters
            ),
            corrections=corrections,
            ignored=parsed.ignored,
            is_cut=parsed.is_cut,
            marked=frozenset(
                stem for form in parsed.looked_for for stem in alternatives(form)
            ),
        )

    def read(self, text, every=False, exactly=False):
        """Typed text as it was understood, with corrections, and as a query."""
        parsed = asking.parse(text)
        corrections = {} if exactly else self.correct(parsed)
        return parsed, corrections, asking.query(self.schema, parsed, every)

    def after(
        self, mark, size, text="", filters=None, sort="", every=False, exactly=False
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
        parsed, _corrections, base = self.read(text, every, exactly)
        full = asking.narrowed(self.schema, base, filters or {})
        total = self.remembered(
            ("total", text, repr(sorted((filters or {}).items())), every, exactly),
            lambda: self.searcher.search(full, 1).count,
        )
        name, direction = order_of(sort, parsed) or (None, None)
        options = {"count": False}
        if name:
            options |= {"order_by_field": name, "order": direction}
        if name in KEYED:
            # One more than is shown tells whether this is the end.
            behind = asking.below(self.schema, full, name, mark) if mark else full
            hits = self.searcher.search(behind, size + 1, **options).hits
            mark = hits[size - 1][0] if len(hits) > size else None
        else:
            hits = self.searcher.search(full, size, offset=mark, **options).hits
            mark = mark + size if mark + size < total else None
        addresses = [address for _key, address in hits[:size]]
        return self.searcher.fast_field_values("id", addresses), mark, total

    def all(self, size, text="", filters=None, sort="", every=False, exactly=False):
        """
        The ids of all records, so many at a time, of the index as it is now.

        Orders without a number of their own are gone through in one search, since
        each part of them would cost as much as all.
        """
        parsed, _corrections, base = self.read(text, every, exactly)
        full = asking.narrowed(self.schema, base, filters or {})
        order = order_of(sort, parsed)
        if order and order[0] in KEYED:
            mark = 0
            while mark is not None:
                ids, mark, _total = self.after(
                    mark, size, text, filters, sort, every, exactly
                )
                yield ids
            return
        options = {"order_by_field": order[0], "order": order[1]} if order else {}
        total = self.searcher.search(full, 1).count
        found = self.ids(self.searcher.search(full, total or 1, **options))
        for start in range(0, len(found), size):
            yield found[start : start + size]

    def remembered(self, key, make):
        """What was made of the index before, for as long as it has not changed."""
        try:
            return self.memory[key]
        except KeyError:
            made = make()
            if len(self.memory) >= MOST_REMEMBERED:
                self.memory.clear()
            self.memory[key] = made
            return made

    def correct(self, parsed):
        """Put known words in the place of unknown ones; which, by what was typed."""
        corrections = {}
        for i, form in enumerate(parsed.wanted):
            better = asking.corrected(self.schema, self.searcher, form)
            if better:
                corrections[form] = parsed.wanted[i] = better
        return corrections

    def number(self, base, filters):
        query = asking.narrowed(self.schema, base, filters)
        return self.searcher.search(query, 1).count

    def page(self, query, order, start, size):
        """The number of records, and the ids of some wherever they stand."""
        search = self.searcher.search
        if order is None:
            result = search(query, size, offset=min(start, DEEPEST))
            return result.count, self.ids(result) if start <= DEEPEST else []
        name, direction = order
        if not start:
            result = search(query, size, order_by_field=name, order=direction)
            return result.count, self.ids(result)
        total = search(query, 1, order_by_field=name).count
        if min(start, total - start) > DEEPEST or start >= total:
            return total, []
        size = min(size, total - start)
        # Past the middle it is quicker to come from the other end.
        is_late = start > total // 2
        if is_late:
            start = total - start - size
            direction = Order.Asc if direction == Order.Desc else Order.Desc
        result = search(
            query, size, count=False, order_by_field=name, order=direction, offset=start
        )
        found = self.ids(result)
        return total, found[::-1] if is_late else found

    def ids(self, result):
        addresses = [address for _key, address in result.hits]
        return self.searcher.fast_field_values("id", addresses)

    def counts(self, base, full, filters, most):
        """
        By facet and by year, the number of records for each value.

        A facet's own choice does not shrink its numbers, so each is what choosing
        the value gives.
        """
        aspects = {name: terms(name, most) for name in FACETS}
        aspects["year"] = terms("year", MOST_YEARS)
        chosen = {name.removesuffix("_from").removesuffix("_to") for name in filters}
        free = {name: terms for name, terms in aspects.items() if name not in chosen}
        answers = self.searcher.aggregate(full, free)
        for name in chosen:
            query = asking.narrowed(self.schema, base, filters, leave_out=name)
            answers |= self.searcher.aggregate(query, {name: aspects[name]})
        numbers = {
            name: {
                value_of(bucket["key"]): bucket["doc_count"]
                for bucket in answer["buckets"]
            }
            for name, answer in answers.items()
        }
        years = {int(year): number for year, number in numbers.pop("year").items()}
        for name in chosen - {"year"}:
            # A chosen value stays in sight, even with too few records for the list.
            for value in set(filters[name]) - numbers[name].keys():
                numbers[name][value] = self.number(base, filters | {name: [value]})
        return numbers, dict(sorted(years.items()))

    def suggest(self, text, count=8):
        """Records whose title or authors somebody who types this may mean."""
        forms = [word.form for word in words(text)[: asking.MOST_WORDS]]
        if not self.is_usable or not forms or len("".join(forms)) < 2:
            return []
        query = asking.prefix_query(self.schema, self.searcher, forms[:-1], forms[-1])
        return self.ids(self.searcher.search(query, count, count=False))

    def related(self, resource, count=4):
        """
        The records most like one, each with the themes and countries it shares.

        By id, the most like first. Empty while there is no index.
        """
        if not self.is_usable:
            return {}
        found = []
        for query in asking.likeness_queries(self.schema, self.searcher, resource):
            more = self.ids(self.searcher.search(query, count, count=False))
            found = list(dict.fromkeys([*found, *more]))[:count]
            if len(found) == count:
                break
        if not found:
            return {}
        among = Query.boolean_query(
            [(Occur.Should, Query.term_query(self.schema, "id", pk)) for pk in found]
        )
        inner = {name: terms(name, MOST_VALUES) for name in ["theme", "country"]}
        each = {"terms": {"field": "id", "size": count}, "aggs": inner}
        answer = self.searcher.aggregate(among, {"id": each})
        shared = {
            int(bucket["key"]): {
                (name, one["key"]) for name in inner for one in bucket[name]["buckets"]
            }
            for bucket in answer["id"]["buckets"]
        }
        return {pk: shared.get(pk, set()) for pk in found}


def value_of(key):
    """The value that the engine counted; it gives whole numbers as fractions."""
    return key if isinstance(key, str) else str(int(key))


def order_of(sort, parsed):
    """Best first, which is None, where there are words and no other order."""
    return ORDERS.get(sort) or (None if parsed.looked_for else ORDERS["newest"])


def terms(name, most):
    # Each segment tells all its values, or the numbers would be estimates.
    return {"terms": {"field": name, "size": most, "segment_size": MOST_BUCKETS}}


def plain(start, size):
    """The whole list from the database: what there is without an index."""
    published = Resource.objects.published().newest_first()
    found = list(published.values_list("pk", flat=True)[start : start + size])
    return Found(ids=found, total=published.count(), is_plain=True)
