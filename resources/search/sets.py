"""
Sets of records by what they have in common: what the index counts with.

The engine finds the best records. How many there are, and how many of them have each
value of each facet, is counted here: every value and every frequent word has a bitmap
of the records that have it, and how many two sets share is known in microseconds,
where the engine would look at one record after the other.

A record stands in the sets by its number, which is its place in the order of
publication, so that the newest of a set are its last. The bitmaps are made with the
index and do not change. Records that have changed since then are fresh: they are taken
out of the bitmaps, and looked up in the engine, which knows them by a mark.
"""

import sqlite3
from array import array
from collections import defaultdict
from functools import lru_cache
from threading import Lock
from urllib.parse import quote

from pyroaring import BitMap
from tantivy import Occur, Query

from .query import FACETS, has, key_of

# Facets of which each record has few values and the catalogue very many: values that
# fewer records have are left to the engine.
COUNTLESS = ["author", "publisher"]
LEAST = dict.fromkeys(COUNTLESS, 16)
# From how many records on a word has a set of its own.
FREQUENT = 1000
# Where fewer of them are asked about, the engine is quicker with countless values.
FEW = 100
# The engine refuses more of them in one answer.
MOST_BUCKETS = 60_000
# So many values of each facet are told of fresh records; all facets are asked at once.
MOST_FRESH = 7_000
# As many fresh records do not matter however few others there are.
WORN = 500
# Values that are counted before looking whether those that follow can matter.
LOT = 32
NOTHING = BitMap()

# Bitmaps hold their numbers in blocks of 65,536, those of which few are set as lists.
# Going through lists is slow, so of each block only so many numbers are given to
# records; the others are padding, which makes a block of any set a map of bits.
BLOCK, ROOM = 16, 61_000
# From how many in a block on that is quicker.
THICK = 300

TABLES = """
    CREATE TABLE records (id INTEGER PRIMARY KEY, number INTEGER);
    CREATE TABLE ids (bytes BLOB);
    CREATE TABLE sets (field TEXT, value TEXT, total INTEGER, bits BLOB);
    CREATE TABLE rest (field TEXT, total INTEGER);
"""


# As much of an id is in the key of newness, below the time of publication.
LOW = (1 << 22) - 1


def newness(published_at, pk):
    """What the newest records have most of, and no two alike but by great chance."""
    return (int(published_at.timestamp() * 1000) << 22) | (pk & LOW)


def number_at(place):
    """The number of the record at this place in the order of publication."""
    block, within = divmod(place, ROOM)
    return (block << BLOCK) + within


def place_of(number):
    return (number >> BLOCK) * ROOM + (number & (1 << BLOCK) - 1)


@lru_cache(maxsize=2)
def padding(blocks):
    numbers = array("I")
    for block in range(blocks):
        start = block << BLOCK
        numbers.extend(range(start + ROOM, start + (1 << BLOCK)))
    return BitMap(numbers, optimize=False)


class Gathered:
    """What the records of a new index have in common, as they are added to it."""

    def __init__(self, ids):
        """`ids` of the records, newest first."""
        self.ids = array("q", reversed(ids))
        self.place, self.last = len(ids), None
        self.there = array("I")
        self.values = {
            name: defaultdict(lambda: array("I")) for name in [*FACETS, "year"]
        }

    def add(self, fields):
        """Take the next record in; what the engine is told of its place."""
        self.place -= 1
        while self.ids[self.place] != fields["id"]:
            self.place -= 1  # one that is gone meanwhile
        number = number_at(self.place)
        self.there.append(number)
        for name, numbers in self.values.items():
            for value in fields[name]:
                numbers[value].append(number)
        # The engine's order is not quite as fine as the database's.
        is_stray = self.last is not None and fields["by_newest"] > self.last
        self.last = fields["by_newest"]
        return placed(number, is_stray)

    def sets(self):
        """Field, value and set, of what enough records have."""
        yield "all", "", BitMap(self.there)
        for name, numbers in self.values.items():
            for value, some in numbers.items():
                if len(some) >= LEAST.get(name, 1):
                    yield name, str(value), BitMap(some)

    def rest(self):
        """Field by field, how many records have the most frequent value without set."""
        for name in COUNTLESS:
            totals = (len(some) for some in self.values[name].values())
            yield name, max((one for one in totals if one < LEAST[name]), default=0)

    def write(self, path, searcher, schema):
        """Keep the sets, with those of the frequent words of the index, in a file."""
        file = sqlite3.connect(path)
        file.executescript(f"PRAGMA journal_mode = OFF; {TABLES}")
        file.execute("INSERT INTO ids VALUES (?)", [self.ids.tobytes()])
        file.executemany(
            "INSERT INTO records VALUES (?, ?)",
            sorted((self.ids[place_of(number)], number) for number in self.there),
        )
        file.executemany("INSERT INTO rest VALUES (?, ?)", self.rest())
        for sets in [self.sets(), frequent_words(searcher, schema)]:
            file.executemany(
                "INSERT INTO sets VALUES (?, ?, ?, ?)",
                ((*which, len(some), some.serialize()) for *which, some in sets),
            )
        file.execute("CREATE UNIQUE INDEX one ON sets (field, value)")
        file.commit()
        file.close()


def placed(number, is_stray):
    """The fields of the engine that tell where a record stands."""
    return {"number": number, "stray": 1} if is_stray else {"number": number}


def frequent_words(searcher, schema):
    for word, total in searcher.terms_with_prefix("text", ""):
        if total >= FREQUENT:
            term = Query.term_query(schema, "text", word)
            yield "text", word, numbers_of(searcher, term, total)


def numbers_of(searcher, query, most):
    """The set of the records that a query of the engine finds; of at most so many."""
    if not most:
        return NOTHING
    found = searcher.search(query, most, count=False, order_by_field="number")
    return BitMap([number for number, _address in found.hits])


def counted(searcher, query, names, most):
    """By field, as the engine counts them: the numbers of the most frequent values."""
    # Each segment tells all its values, or the numbers would be estimates.
    options = {"size": most, "segment_size": MOST_BUCKETS}
    answers = searcher.aggregate(
        query, {name: {"terms": {"field": name, **options}} for name in names}
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


class Kept:
    """The sets as they were when the index was made: a file that never changes."""

    def __init__(self, path):
        """Raises sqlite3.Error where the file is not as it was written."""
        self.lock = Lock()
        self.file = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
        )
        [(ids,)] = self.file.execute("SELECT bytes FROM ids")
        self.ids = array("q", ids)
        # How many records a value without a set may have, by countless facet.
        self.rest = dict(self.file.execute("SELECT * FROM rest"))
        self.totals = {name: {} for name in [*FACETS, "year"]}
        rows = self.file.execute(
            "SELECT field, value, total FROM sets WHERE field NOT IN ('text', 'all')"
        )
        for name, value, total in rows:
            self.totals[name][value] = total
        # Those of facets stay in memory; of words there are too many.
        self.sets = {}
        self.all = self.read("all", "")

    def read(self, field, value):
        with self.lock:
            rows = self.file.execute(
                "SELECT bits FROM sets WHERE field = ? AND value = ?", [field, value]
            ).fetchall()
        return BitMap.deserialize(rows[0][0]) if rows else None

    def having(self, field, value):
        """The records that had a value; None where no set of them was made."""
        if field not in self.totals:
            return self.read(field, value)
        if value not in self.totals[field]:
            return None
        key = field, value
        if key not in self.sets:
            self.sets[key] = self.read(field, value)
        return self.sets[key]

    def numbers(self, ids):
        """The numbers of those of these records that were there."""
        found = BitMap()
        with self.lock:
            for pk in ids:
                found.update(
                    number
                    for (number,) in self.file.execute(
                        "SELECT number FROM records WHERE id = ?", [pk]
                    )
                )
        return found


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
        blocks = (self.all.max() >> BLOCK) + 1 if self.all else 0
        self.padding, self.thick = padding(blocks), THICK * blocks
        self.made, self.order, self.lots = {}, {}, {}

    def look_for_fresh(self):
        """The ids of fresh records by number, and the numbers of their values."""
        most = self.searcher.doc_freq("fresh", 1)
        if not most:
            return {}, {name: {} for name in self.kept.totals}
        options = {"count": False, "order_by_field": "number"}
        found = self.searcher.search(self.is_fresh, most, **options).hits
        ids = self.searcher.fast_field_values("id", [address for _n, address in found])
        numbers = (number for number, _address in found)
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
        key = field, value
        if key in self.made:
            return self.made[key]
        found = self.put_together(field, value)
        # What anybody may type is not remembered.
        known = self.kept.totals.get(field, ()), self.fresh_totals.get(field, ())
        if any(value in values for values in known):
            self.made[key] = found
        return found

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
        """The records of these years, both of which count."""
        years = {*self.kept.totals["year"], *self.fresh_totals["year"]}
        inside = [y for y in years if (first or 0) <= int(y) <= (last or 9999)]
        return BitMap.union(NOTHING, *(self.having("year", year) for year in inside))

    def counts(self, field, among, most):
        """
        By value, how many of some records have it: the most frequent values.

        None where it is quicker or only possible to ask the engine.
        """
        rest = self.kept.rest.get(field, 0)
        is_little = field in COUNTLESS and len(among) * FEW < len(self.all)
        if is_little or self.is_untold(field):
            return None
        is_thick = len(among) > self.thick
        shared = (among | self.padding if is_thick else among).intersection_cardinality
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
        if rest and (len(best) < most or best[-1] <= rest):
            return None
        least = best[-1] if len(best) == most else 1
        kept = [(-number, value) for number, value in numbers if number >= least]
        return {value: -number for number, value in sorted(kept)[:most]}

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

    def padded(self, field, value):
        having = self.having(field, value)
        if len(having) > self.thick:
            return having | self.padding, len(self.padding)
        return having, 0

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
            [number] = self.searcher.fast_field_values("number", [address])
            return key, number
        return None, None

    def ids(self, numbers):
        kept, fresh = self.kept.ids, self.fresh_ids
        return [fresh.get(number) or kept[place_of(number)] for number in numbers]


class Numbers:
    """Gives fresh records their numbers."""

    def __init__(self, sets):
        self.sets = sets
        last = place_of(sets.fresh.max()) if sets.fresh else -1
        self.next = max(len(sets.kept.ids), last + 1)
        newest = sets.searcher.search(Query.all_query(), 1, order_by_field="by_newest")
        self.newest = newest.hits[0][0] if newest.hits else 0
        self.known = {}

    def look_up(self, ids):
        """Learn the places of those of these records that the index has."""
        searcher, schema = self.sets.searcher, self.sets.schema
        each = [(Occur.Should, Query.term_query(schema, "id", pk)) for pk in ids]
        found = searcher.search(
            Query.boolean_query(each), len(ids), count=False, order_by_field="by_newest"
        ).hits
        addresses = [address for _key, address in found]
        rows = zip(
            searcher.fast_field_values("id", addresses),
            searcher.fast_field_values("number", addresses),
            found,
            strict=True,
        )
        self.known = {pk: (number, key) for pk, number, (key, _address) in rows}

    def give(self, pk, key):
        """
        What the engine is told of the place of a record with this key of newness.

        It keeps its number unless it was published anew. A new one is the next, and
        a stray where others are newer.
        """
        number, before = self.known.get(pk, (None, None))
        if before == key:
            return placed(number, number in self.sets.strays)
        is_stray = key < self.newest
        self.newest = max(self.newest, key)
        number, self.next = number_at(self.next), self.next + 1
        return placed(number, is_stray)
