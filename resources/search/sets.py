"""
Sets of records by what they have in common: what the index counts with.

The engine finds the best records. How many there are, and how many of them have each
value of each facet, is counted here: every value and every frequent word has a bitmap
of the records that have it, and how many two sets share is known in microseconds.
Where few records are asked about, their values are counted one record after the other,
which for the engine would take many times as long.

A record stands in the sets by its number, which is its place in the order of
publication, so that the newest of a set are its last. All of this is made with the
index and does not change. Records that have changed since then are fresh: they are
taken out of the sets, and looked up in the engine, which knows them by a mark.
"""

import sqlite3
from array import array
from functools import lru_cache
from pathlib import Path
from threading import Lock
from urllib.parse import quote

import numpy as np
from pyroaring import BitMap
from tantivy import Occur, Query

from .query import FACETS, has, key_of

# Facets of which the catalogue has very many values: only those have sets that more
# than one record in so many has.
COUNTLESS = ["author", "publisher"]
RARE = 5000
# From how many records on a word has a set of its own.
FREQUENT = 1000
# Fewer records than one in so many are counted one after the other; where only some
# fields are asked about, only even fewer, as all of them are counted so.
FEW = 20
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
SHORT = 300
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
    CREATE TABLE codes (code INTEGER PRIMARY KEY, field TEXT, value TEXT);
"""
FIELDS = [*FACETS, "year"]


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
        # By field and value, a code and the numbers of the records.
        self.values = {name: {} for name in FIELDS}
        # The codes of one record after the other, and where each begins and ends.
        self.codes, self.bounds, self.known = array("I"), array("I", [0]), 0

    def add(self, fields):
        """Take the next record in; what the engine is told of its place."""
        self.place -= 1
        while self.ids[self.place] != fields["id"]:
            self.place -= 1  # one that is gone meanwhile
            self.bounds.append(len(self.codes))
        number = number_at(self.place)
        self.there.append(number)
        for name, values in self.values.items():
            for value in fields[name]:
                if value not in values:
                    values[value] = self.known, array("I")
                    self.known += 1
                code, numbers = values[value]
                numbers.append(number)
                self.codes.append(code)
        self.bounds.append(len(self.codes))
        # The engine's order is not quite as fine as the database's.
        is_stray = self.last is not None and fields["by_newest"] > self.last
        self.last = fields["by_newest"]
        return placed(number, is_stray)

    def least(self, name):
        return len(self.ids) // RARE + 1 if name in COUNTLESS else 1

    def sets(self):
        """Field, value and set, of what enough records have."""
        yield "all", "", BitMap(self.there)
        for name, values in self.values.items():
            for value, (_code, numbers) in values.items():
                if len(numbers) >= self.least(name):
                    yield name, str(value), BitMap(numbers)

    def rest(self):
        """Field by field, how many records have the most frequent value without set."""
        for name in COUNTLESS:
            totals = (len(numbers) for _code, numbers in self.values[name].values())
            yield name, max((n for n in totals if n < self.least(name)), default=0)

    def ordered_codes(self):
        """Field and value of each code, in the order of fields; and the new codes."""
        rows = [
            (code, name, str(value))
            for name, values in self.values.items()
            for value, (code, _numbers) in values.items()
        ]
        new = np.zeros(len(rows), dtype=np.uint32)
        new[[code for code, *_which in rows]] = np.arange(len(rows), dtype=np.uint32)
        codes = np.frombuffer(self.codes, dtype=np.uint32) if self.codes else new
        return [which for _code, *which in rows], new[codes]

    def write(self, path, searcher, schema):
        """Keep the sets, with those of the frequent words of the index, in a file."""
        for old in [path, f"{path}-codes.npy", f"{path}-bounds.npy"]:
            Path(old).unlink(missing_ok=True)
        file = sqlite3.connect(path)
        file.executescript(f"PRAGMA journal_mode = OFF; {TABLES}")
        file.execute("INSERT INTO ids VALUES (?)", [self.ids.tobytes()])
        file.executemany(
            "INSERT INTO records VALUES (?, ?)",
            sorted((self.ids[place_of(number)], number) for number in self.there),
        )
        file.executemany("INSERT INTO rest VALUES (?, ?)", self.rest())
        names, codes = self.ordered_codes()
        file.executemany(
            "INSERT INTO codes VALUES (?, ?, ?)",
            ((code, *which) for code, which in enumerate(names)),
        )
        for _gone in range(self.place):
            self.bounds.append(len(self.codes))
        # One more than there are, as nothing at all cannot be mapped into memory.
        np.save(f"{path}-codes.npy", np.append(codes, np.uint32(0)))
        np.save(f"{path}-bounds.npy", np.frombuffer(self.bounds, dtype=np.uint32))
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


def mapped(path):
    """An array in a file, of which all processes of a machine share the memory."""
    # Without the class of its own, whose every slice costs as much as counting.
    return np.load(path, mmap_mode="r").view(np.ndarray)


class Kept:
    """The sets as they were when the index was made: files that never change."""

    def __init__(self, path):
        """Raises sqlite3.Error, OSError or ValueError where a file is damaged."""
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
        self.codes, self.bounds = (
            mapped(f"{path}-codes.npy"),
            mapped(f"{path}-bounds.npy"),
        )
        self.values = {name: [] for name in FIELDS}
        for name, value in self.file.execute("SELECT field, value FROM codes"):
            self.values[name].append(value)
        self.totals = {name: {} for name in FIELDS}
        rows = self.file.execute(
            "SELECT field, value, total FROM sets WHERE field NOT IN ('text', 'all')"
        )
        for name, value, total in rows:
            self.totals[name][value] = total
        words = self.file.execute("SELECT value FROM sets WHERE field = 'text'")
        self.frequent = {word for (word,) in words}
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
        if field == "text":
            return self.read(field, value) if value in self.frequent else None
        if value not in self.totals.get(field, ()):
            return None
        key = field, value
        if key not in self.sets:
            self.sets[key] = self.read(field, value)
        return self.sets[key]

    def counts(self, among):
        """By field, how many of some records have each of its values."""
        numbers = np.frombuffer(among.to_array(), dtype=np.uint32)
        rows = len(self.ids) - 1 - place_of(numbers.astype(np.int64))
        starts = self.bounds[rows].astype(np.int64)
        lengths = self.bounds[rows + 1] - starts
        # The places of all their codes: each record's run on from its own start.
        ends = lengths.cumsum()
        places = np.repeat(starts - ends + lengths, lengths)
        places += np.arange(len(places))
        total = sum(map(len, self.values.values()))
        numbers = np.bincount(self.codes[places], minlength=total)
        begin = 0
        for name, values in self.values.items():
            yield name, numbers[begin : begin + len(values)]
            begin += len(values)

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
        self.touched = self.changed | self.fresh
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

    def counts(self, fields, among, query, most):
        """
        By field and value, how many of some records have it: the most frequent values.

        `query` finds the same records in the engine.
        """
        numbers = {}
        few = len(self.all) / FEW * len(fields) / len(FIELDS)
        if len(among) >= few:
            numbers = {
                field: self.counted_together(field, among, most) for field in fields
            }
        unknown = [field for field in fields if numbers.get(field) is None]
        if unknown:
            numbers |= self.counted_one_by_one(unknown, among, query, most)
        return numbers

    def counted_one_by_one(self, fields, among, query, most):
        more = self.counted_fresh(fields, among, query)
        if more is None:
            return counted(self.searcher, query, fields, most)
        if self.touched:
            among = among - self.touched
        return {
            field: most_common(
                self.kept.values[field], numbers, more.get(field), most_of(field, most)
            )
            for field, numbers in self.kept.counts(among)
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

    def counted_together(self, field, among, most):
        """None where only looking at each record would tell."""
        most = most_of(field, most)
        if self.is_untold(field):
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


def most_of(field, most):
    """How many values of a field are told: all years, for their chart."""
    return MOST_YEARS if field == "year" else most


def most_common(values, numbers, more, most):
    """Of values and their numbers, and the numbers of more, the most frequent."""
    if len(values) > SHORT:
        there = np.flatnonzero(numbers)
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
