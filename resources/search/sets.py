"""
Sets of records by what they have in common: what the index counts with.

The engine finds the best records. How many there are, and how many of them have each
value of each facet, is counted here: every value and every frequent word has a bitmap
of the records that have it, and how many two sets share is known in microseconds.
Where few records are asked about, it is quicker to go through what each of them has
(rows.py). For the engine both would take many times as long.

A record stands in the sets by its number, which is its place in the order of
publication, so that the newest of a set are its last. All of this is made with the
index and does not change. Records that have changed since then are fresh: they are
taken out of the sets, and looked up in the engine, which knows them by a mark.
"""

import numpy as np
from pyroaring import BitMap
from tantivy import Occur, Query

from .numbers import BLOCK, LOW, numbers_at, numbers_of, padding, place_of
from .query import has, key_of

# To go through so many rows takes as long as to look at one block of a set; and of the
# sets of a facet with very many values, only so many are looked at.
ROWS = 13
MOST_VALUES = 450
MOST_YEARS = 1000
# The engine refuses more of them in one answer.
MOST_BUCKETS = 60_000
# So many values of each facet the engine tells of fresh records; all facets are asked
# for at once. Of so many records it tells all.
MOST_FRESH = 7_000
SOME_FRESH = 500
# As many fresh records do not matter however few others there are.
WORN = 500
# Values that are counted before looking whether those that follow can matter.
LOT = 32
# As many numbers are put in order more quickly without numpy.
SHORT = 60
# From how many records in a block on it is quicker to make it a map of bits.
THICK = 300

NOTHING = BitMap()


class Sets:
    """The sets as they are in one state of the index."""

    def __init__(self, kept, searcher, schema, changed):
        """`changed` are the records that have changed since the sets were made."""
        self.kept, self.searcher, self.schema = kept, searcher, schema
        self.changed = changed
        self.is_fresh = Query.term_query(schema, "fresh", 1)
        self.fresh_ids, self.fresh_totals = self.look_for_fresh()
        self.strays = self.with_term("stray", 1)
        self.fresh = BitMap(self.fresh_ids)
        self.all = (kept.all - self.changed) | self.fresh
        self.touched = self.changed | self.fresh
        self.blocks = (self.all.max() >> BLOCK) + 1 if self.all else 0
        self.padding, self.thick = padding(self.blocks), THICK * self.blocks
        self.made, self.order, self.lots = {}, {}, {}

    def look_for_fresh(self):
        """The ids of fresh records by number, and the numbers of their values."""
        most = self.searcher.doc_freq("fresh", 1)
        if not most:
            return {}, {name: {} for name in self.kept.totals}
        found = self.searcher.search(self.is_fresh, most, count=False).hits
        addresses = [address for _mark, address in found]
        ids = self.searcher.fast_field_values("id", addresses)
        numbers = numbers_at(self.searcher, addresses)
        totals = counted(
            self.searcher, self.is_fresh, list(self.kept.totals), MOST_FRESH
        )
        return dict(zip(numbers, ids, strict=True)), totals

    @property
    def is_worn(self):
        """Whether so much is fresh that the index is better made anew."""
        return len(self.fresh) > WORN + len(self.kept.ids) // 20

    def having(self, field, value):
        """The records with a value of a facet, or with a word as the index has it."""
        if field not in self.kept.totals:
            return self.put_together(field, value)
        found, padded = self.padded(field, value)
        return found - self.padding if padded else found

    def padded(self, field, value):
        """The records with a value of a facet, and how much padding is among them."""
        key = field, value
        if key in self.made:
            return self.made[key]
        found, padded = self.put_together(field, value), 0
        if len(found) > self.thick:
            found, padded = found | self.padding, len(self.padding)
        # What anybody may type is not remembered.
        known = self.kept.totals[field], self.fresh_totals[field]
        if any(value in values for values in known):
            self.made[key] = found, padded
        return found, padded

    def having_any(self, field, values):
        """The records with any of these values, perhaps with padding among them."""
        found = [self.padded(field, value)[0] for value in values]
        return found[0] if len(found) == 1 else BitMap.union(*found)

    def put_together(self, field, value):
        kept = self.kept.having(field, value)
        if kept is None:
            key = key_of(field, value)
            return NOTHING if key is None else self.with_term(field, key)
        if self.changed:
            kept = kept - self.changed
        fresh = len(self.fresh)
        if field in self.fresh_totals and not self.is_untold(field):
            fresh = self.fresh_totals[field].get(value, 0)
        if fresh:
            term = has(self.schema, field, value)
            both = [(Occur.Must, term), (Occur.Must, self.is_fresh)]
            kept = kept | self.found(Query.boolean_query(both), fresh)
        return kept

    def is_untold(self, field):
        """Whether fresh records have more values than are known."""
        return len(self.fresh_totals[field]) >= MOST_FRESH

    def with_term(self, field, key):
        term = Query.term_query(self.schema, field, key)
        return self.found(term, self.searcher.doc_freq(field, key))

    def found(self, query, most=None):
        """The records that a query of the engine finds; of which there are `most`."""
        if most is None:
            most = self.searcher.search(query, 1).count
        return numbers_of(self.searcher, query, most)

    def years(self, first, last):
        """The records of these years, both of which count, perhaps with padding."""
        years = {*self.kept.totals["year"], *self.fresh_totals["year"]}
        inside = [y for y in years if (first or 0) <= int(y) <= (last or 9999)]
        return self.having_any("year", inside) if inside else NOTHING

    def counts(self, fields, among, query, most):
        """
        By field and value, how many of some records have it: the most frequent values.

        `query` finds the same records in the engine.
        """
        numbers = {}
        for rows in self.kept.rows:
            asked = [field for field in fields if field in rows.values]
            if len(among) > self.few(rows, asked):
                numbers |= self.counted_together(asked, among, most)
            asked = [field for field in asked if numbers.get(field) is None]
            if asked:
                numbers |= self.counted_one_by_one(rows, asked, among, query, most)
        return numbers

    def few(self, rows, fields):
        """Up to how many records to go through their rows is the quicker way."""
        values = min(sum(len(rows.values[field]) for field in fields), MOST_VALUES)
        return ROWS * values * self.blocks

    def counted_one_by_one(self, rows, fields, among, query, most):
        more = self.counted_fresh(fields, among, query)
        if more is None:
            return counted(self.searcher, query, fields, most)
        if self.touched:
            among = among - self.touched
        return {
            field: most_common(
                rows.values[field], numbers, more.get(field), most_of(field, most)
            )
            for field, numbers in rows.counts(among)
            if field in fields
        }

    def counted_fresh(self, fields, among, query):
        """All numbers of the fresh ones of some records; None where they are many."""
        fresh = among.intersection_cardinality(self.fresh)
        if not fresh:
            return {}
        if fresh > SOME_FRESH:
            return None
        both = [(Occur.Must, query), (Occur.Must, self.is_fresh)]
        both = Query.boolean_query(both)
        found = counted(self.searcher, both, fields, MOST_FRESH)
        is_all = all(len(numbers) < MOST_FRESH for numbers in found.values())
        return found if is_all else None

    def counted_together(self, fields, among, most):
        is_thick = len(among) > self.thick
        shared = (among | self.padding if is_thick else among).intersection_cardinality
        return {
            field: self.shared_by(field, shared, is_thick, most_of(field, most))
            for field in fields
        }

    def shared_by(self, field, shared, is_thick, most):
        """None where only looking at each record would tell."""
        if self.is_untold(field):
            return None
        numbers, best = [], []
        for bound, values in self.by_frequency(field):
            if len(best) == most and bound < best[-1]:
                break
            some = [
                (shared(having) - is_thick * padded, value)
                for value, having, padded in values
            ]
            numbers += [one for one in some if one[0]]
            best = sorted(best + [one[0] for one in some], reverse=True)[:most]
        rest = self.kept.rest.get(field, 0)
        if rest and (len(best) < most or best[-1] <= rest):
            return None
        least = best[-1] if len(best) == most else 1
        return ranked([one for one in numbers if one[0] >= least], most)

    def by_frequency(self, field):
        """
        The values of a facet, some at a time, the most frequent first.

        How many records may at most have one of them, and of each its set and how
        much padding that has.
        """
        rows = self.most_frequent(field)
        for start in range(0, len(rows), LOT):
            if (field, start) not in self.lots:
                lot = rows[start : start + LOT]
                values = [(value, *self.padded(field, value)) for _bound, value in lot]
                self.lots[field, start] = lot[0][0], values
            yield self.lots[field, start]

    def most_frequent(self, field):
        """How many records have each value, at most, and the value; most first."""
        if field not in self.order:
            totals = dict(self.kept.totals[field])
            for value, number in self.fresh_totals[field].items():
                before = totals.get(value, self.kept.rest.get(field, 0))
                totals[value] = before + number
            rows = [(total, value) for value, total in totals.items()]
            self.order[field] = sorted(rows, reverse=True)
        return self.order[field]

    def newest(self, among, start, size):
        """
        The ids of some records, newest first, from one place on.

        None where one of them stands elsewhere than its number says.
        """
        if not among.isdisjoint(self.strays):
            return None
        end = max(len(among) - start, 0)
        return self.ids(list(among[max(end - size, 0) : end])[::-1])

    def older(self, among, mark, size):
        """
        The ids behind a mark (0: the first), newest first, and the mark behind those.

        A mark is the key that newness is ordered by in the engine, and None behind the
        last. None instead of both where the numbers do not tell.
        """
        end = len(among)
        if mark:
            number = self.number_of(mark)
            if number is None:
                return None
            end = among.rank(number) - (number in among)
        ids = self.newest(among, len(among) - end, size)
        if ids is None:
            return None
        return ids, self.place(ids[-1])[0] if end > size else None

    def number_of(self, mark):
        """The number of the record with this key of newness; None if that is gone."""
        key, number = self.place(mark & LOW)
        return number if key == mark else None

    def place(self, pk):
        """The key of newness and the number of a record; None for one that is gone."""
        term = Query.term_query(self.schema, "id", pk)
        found = self.searcher.search(term, 1, count=False, order_by_field="by_newest")
        for key, address in found.hits:
            [number] = numbers_at(self.searcher, [address])
            return key, number
        return None, None

    def telling(self, pk):
        """The rare stems that may tell a record from others; None of a changed one."""
        for number, words in self.kept.telling(pk):
            if number not in self.changed:
                return words.split()
        return None

    def ids(self, numbers):
        kept, fresh = self.kept.ids, self.fresh_ids
        return [fresh.get(number) or kept[place_of(number)] for number in numbers]


def counted(searcher, query, names, most):
    """By field, as the engine counts them: the numbers of the most frequent values."""
    # Each segment tells all its values, or the numbers would be estimates.
    whole = {"segment_size": MOST_BUCKETS}
    answers = searcher.aggregate(
        query,
        {
            name: {"terms": {"field": name, "size": most_of(name, most), **whole}}
            for name in names
        },
    )
    return {
        name: {
            value_of(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]
        }
        for name, answer in answers.items()
    }


def value_of(key):
    """The value that the engine counted; it gives whole numbers as fractions."""
    return key if isinstance(key, str) else str(int(key))


def most_of(field, most):
    """How many values of a field are told: all years, for their chart."""
    return MOST_YEARS if field == "year" else most


def most_common(values, numbers, more, most):
    """Of values and their numbers, and the numbers of more, the most frequent."""
    if len(values) > SHORT:
        there = np.flatnonzero(numbers > 0)
        if not more and len(there) > most:
            found = numbers[there]
            least = np.partition(found, len(found) - most)[len(found) - most]
            there = there[found >= least]
        values, numbers = [values[place] for place in there.tolist()], numbers[there]
    told = dict(zip(values, numbers.tolist(), strict=True))
    for value, number in (more or {}).items():
        told[value] = told.get(value, 0) + number
    return ranked([(number, value) for value, number in told.items() if number], most)


def ranked(numbers, most):
    """By value, the highest of some numbers; those alike in the order of values."""
    best = sorted((-number, value) for number, value in numbers)[:most]
    return {value: -number for number, value in best}
