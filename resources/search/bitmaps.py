"""
Which records have what in common: one roaring bitmap per facet value and frequent word.

A record stands in the bitmaps by its number, its place in the order of publication.
So the newest records of a bitmap are its last numbers, and how many records two
bitmaps share is known in microseconds.

A new index writes its bitmaps to a file (BitmapFile) that never changes. Bitmaps is
what holds in one state of the index: when records change, the next state removes
their numbers and adds them again with their new values; it shares every bitmap that
stays the same. docs/search.md has a drawing.
"""

import json
import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote

from pyroaring import BitMap
from tantivy import Occur, Query

from .query import FACETS, FILTERS, IDENTIFIERS, has, key_of

# The fields that are counted, and those that have bitmaps.
FACETED = [*FACETS, "year"]
FIELDS = [*FILTERS, "year"]
# Facets with very many values: those have bitmaps only where more than one record in
# so many has the value. At 1,000,000 records, intersecting the bitmaps of all 50,000
# authors costs 19 to 72 ms.
MANY_VALUES = ["author", "publisher"]
RARE = 5000
# A word has a bitmap when at least so many records have it. Collecting fewer matches
# from the engine costs less than reading a file.
FREQUENT = 1000
# Records that may change before the bitmaps should be rewritten, besides 5 %.
WORN = 500
# Stands for the id of a record that has a number and is no longer there.
GONE = 0
# Ids looked up in the engine at once.
LOOKUP = 500

TABLES = """
    CREATE TABLE arrays (name TEXT, bytes BLOB);
    CREATE TABLE numbers (id INTEGER PRIMARY KEY, number INTEGER);
    CREATE TABLE bitmaps (field TEXT, value TEXT, bytes BLOB);
"""


class Entry(NamedTuple):
    """What the bitmaps know of a record: `key` orders records by publication."""

    id: int
    number: int
    key: int
    values: dict


class Builder:
    """Collects what the bitmaps of a new index need, record by record."""

    def __init__(self, records=()):
        """`records` are key and id of each, in the order of publication."""
        self.keys = array("q", (key for key, _pk in records))
        self.ids = array("q", (pk for _key, pk in records))
        self.next = len(self.ids)
        self.values = {name: {} for name in FIELDS}

    def add(self, fields):
        """Take in the next record, from the newest on; return its number."""
        self.next -= 1
        while self.ids[self.next] != fields["id"]:
            # It has gone since the ids were read.
            self.ids[self.next] = GONE
            self.next -= 1
        for name, numbers in self.values.items():
            for value in fields[name]:
                numbers.setdefault(value, array("I")).append(self.next)
        return self.next

    def write(self, path, searcher, schema):
        """Write the file, with a bitmap for each frequent word of the index."""
        path.unlink(missing_ok=True)
        file = sqlite3.connect(path)
        file.executescript(f"PRAGMA journal_mode = OFF; {TABLES}")
        for name in ["ids", "keys"]:
            stored = name, getattr(self, name).tobytes()
            file.execute("INSERT INTO arrays VALUES (?, ?)", stored)
        file.executemany(
            "INSERT INTO numbers VALUES (?, ?)",
            ((pk, number) for number, pk in enumerate(self.ids) if pk != GONE),
        )
        for bitmaps in [self.facets(), words(searcher, schema)]:
            file.executemany(
                "INSERT INTO bitmaps VALUES (?, ?, ?)",
                ((*key, bitmap.serialize()) for *key, bitmap in bitmaps),
            )
        file.execute("CREATE UNIQUE INDEX one ON bitmaps (field, value)")
        file.commit()
        file.close()

    def facets(self):
        for name, values in self.values.items():
            least = len(self.ids) // RARE + 1 if name in MANY_VALUES else 1
            rest = 0
            for value, numbers in values.items():
                if len(numbers) >= least:
                    yield name, str(value), BitMap(numbers)
                else:
                    rest = max(rest, len(numbers))
            # How many records may have a value that has no bitmap.
            yield "rest", name, BitMap(range(rest))


def words(searcher, schema):
    for word, total in searcher.terms_with_prefix("text", ""):
        if total >= FREQUENT:
            term = Query.term_query(schema, "text", word)
            yield "text", word, matches(searcher, term, total)


def matches(searcher, query, limit=None):
    """Return the numbers of the records that a query of the engine finds."""
    if limit is None:
        limit = searcher.search(query, 1).count
    if not limit:
        return BitMap()
    result = searcher.search(query, limit, count=False, order_by_field="number")
    return BitMap([number for number, _address in result.hits])


class BitmapFile:
    """The bitmaps as they were when the index was built."""

    def __init__(self, path):
        """Raises sqlite3.Error, OSError or ValueError if the file is damaged."""
        self.lock = Lock()
        self.connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
        )
        arrays = dict(self.rows("SELECT name, bytes FROM arrays"))
        self.ids, self.keys = array("q", arrays["ids"]), array("q", arrays["keys"])
        self.values = {name: {} for name in FIELDS}
        self.rest = {}
        stored = "SELECT field, value, bytes FROM bitmaps WHERE field <> 'text'"
        for name, value, content in self.rows(stored):
            bitmap = BitMap.deserialize(content)
            if name == "rest":
                self.rest[value] = len(bitmap)
            else:
                self.values[name][value] = bitmap

    def rows(self, sql, parameters=()):
        with self.lock:
            return self.connection.execute(sql, parameters).fetchall()

    def word(self, word):
        """Return the bitmap of a frequent word, or None."""
        sql = "SELECT bytes FROM bitmaps WHERE field = 'text' AND value = ?"
        for (content,) in self.rows(sql, [word]):
            return BitMap.deserialize(content)
        return None

    def number(self, pk):
        """Return the number of a record that was there, or None."""
        sql = "SELECT number FROM numbers WHERE id = ?"
        for (number,) in self.rows(sql, [pk]):
            return number
        return None


class Bitmaps:
    """The bitmaps in one state of the index. Nothing of it changes once it is made."""

    def __init__(self, file, schema, searcher):
        """Start with the file; updated() brings in what has changed since."""
        self.file, self.schema, self.searcher = file, schema, searcher
        self.all = BitMap(n for n, pk in enumerate(file.ids) if pk != GONE)
        # Records whose words may differ from those in the file.
        self.changed = BitMap()
        # Records with a number that is too high for the time of their publication.
        self.unordered = BitMap()
        self.values = file.values
        # The ids and keys of the records that came later, in the order of numbers.
        self.later_ids, self.later_keys, self.later_numbers = [], [], {}
        # What by_total() has put in order.
        self.totals = {}
        # How many later records have each value that has no bitmap, by facet.
        self.later_values = {name: Counter() for name in MANY_VALUES}

    def updated(self, searcher, ids):
        """Return the bitmaps after the records with these ids have changed."""
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.searcher, new.totals = searcher, {}
        gone = BitMap([n for pk in ids if (n := self.number(pk)) is not None])
        entries = sorted(read_entries(searcher, self.schema, ids), key=lambda e: e[1])
        now = BitMap([entry.number for entry in entries])
        new.all = (self.all - gone) | now
        new.changed = self.changed | gone | now
        new.unordered = self.unordered - gone
        new.values = {
            name: without(bitmaps, gone) for name, bitmaps in self.values.items()
        }
        new.later_values = {
            name: Counter(counter) for name, counter in self.later_values.items()
        }
        new.later_ids, new.later_keys = [*self.later_ids], [*self.later_keys]
        new.later_numbers = dict(self.later_numbers)
        for entry in entries:
            if entry.number >= len(self.file.ids):
                new.place_later(entry)
        new.add_values(entries)
        return new

    def place_later(self, entry):
        """Take in a record with a number that is not in the file."""
        place = entry.number - len(self.file.ids)
        while len(self.later_ids) <= place:
            # A number between may belong to a record that has gone meanwhile.
            self.later_ids.append(GONE)
            self.later_keys.append(self.key(self.next_number - 2))
        newest_before = self.key(entry.number - 1)
        if entry.key < newest_before:
            self.unordered = self.unordered | BitMap([entry.number])
        self.later_ids[place] = entry.id
        self.later_keys[place] = max(entry.key, newest_before)
        self.later_numbers[entry.id] = entry.number

    def add_values(self, entries):
        numbers = {}
        for entry in entries:
            for name, values in entry.values.items():
                for value in values:
                    numbers.setdefault((name, value), []).append(entry.number)
        for (name, value), added in numbers.items():
            bitmap = self.values[name].get(value)
            if bitmap is not None or name not in MANY_VALUES:
                self.values[name][value] = (bitmap or BitMap()) | BitMap(added)
            else:
                self.later_values[name][value] += len(added)

    @property
    def next_number(self):
        return len(self.file.ids) + len(self.later_ids)

    @property
    def is_worn(self):
        """Whether so much has changed that the index should be rebuilt."""
        return len(self.changed) > WORN + len(self.file.ids) // 20

    # Which records have something

    def value(self, field, value):
        """Return the records with a value of a filter."""
        if field in IDENTIFIERS:
            return matches(self.searcher, has(self.schema, field, value))
        bitmap = self.values[field].get(value)
        if bitmap is not None or field not in MANY_VALUES:
            return bitmap or BitMap()
        key = key_of(field, value)
        if key is None:
            return BitMap()
        term = has(self.schema, field, value)
        return matches(self.searcher, term, self.searcher.doc_freq(field, key))

    def any_value(self, field, values):
        return BitMap.union(*(self.value(field, value) for value in values))

    def years(self, first, last):
        """Return the records of these years, both included; None leaves an end open."""
        inside = [
            bitmap
            for year, bitmap in self.values["year"].items()
            if (first or 0) <= int(year) <= (last or 9999)
        ]
        return BitMap.union(*inside) if inside else BitMap()

    def word(self, word):
        """Return the records that have a word, in the form in which it is indexed."""
        term = Query.term_query(self.schema, "text", word)
        total = self.searcher.doc_freq("text", word)
        bitmap = self.file.word(word) if total >= FREQUENT else None
        if bitmap is None:
            return matches(self.searcher, term, total)
        if not self.changed:
            return bitmap
        recent = Query.term_query(self.schema, "recent", 1)
        both = Query.boolean_query([(Occur.Must, term), (Occur.Must, recent)])
        return (bitmap - self.changed) | matches(self.searcher, both, len(self.changed))

    def term(self, field, word):
        """The same in another field of words, such as "in_title"."""
        if field == "text":
            return self.word(word)
        term = Query.term_query(self.schema, field, word)
        return matches(self.searcher, term, self.searcher.doc_freq(field, word))

    # The values of a facet

    def by_total(self, field):
        """Return how many records have each value, and the value; the most first."""
        if field not in self.totals:
            values = self.values[field].items()
            totals = [(len(bitmap), value) for value, bitmap in values]
            self.totals[field] = sorted(totals, reverse=True)
        return self.totals[field]

    def most_without_bitmap(self, field):
        """Return how many records may at most have a value that has no bitmap."""
        later = max(self.later_values[field].values(), default=0)
        return self.file.rest[field] + later

    # Numbers, ids and the order of publication

    def id(self, number):
        place = number - len(self.file.ids)
        return self.later_ids[place] if place >= 0 else self.file.ids[number]

    def number(self, pk):
        """Return the number of a record, or None if it has none."""
        number = self.later_numbers.get(pk)
        return self.file.number(pk) if number is None else number

    def key(self, number):
        """Return the key of a record; of the one before the first it is 0."""
        if number < 0:
            return 0
        place = number - len(self.file.ids)
        return self.later_keys[place] if place >= 0 else self.file.keys[number]

    def newest(self, among, start, size):
        """
        Return ids of some records, the newest first, from a place on.

        None if the order of their numbers is not that of their publication.
        """
        if not among.isdisjoint(self.unordered):
            return None
        return [self.id(number) for number in last(among, len(among) - start, size)]

    def place_of(self, among, key):
        """Return how many of some records were published before this key."""
        number = bisect_left(self.file.keys, key)
        if number == len(self.file.keys):
            number += bisect_left(self.later_keys, key)
        return among.rank(number - 1) if number else 0


def last(among, end, size):
    """Return the last numbers of a bitmap before a place in it, the highest first."""
    return list(among[max(end - size, 0) : max(end, 0)])[::-1]


def without(bitmaps, gone):
    """Return the same bitmaps by value, without the numbers that are gone."""
    return {
        value: bitmap if bitmap.isdisjoint(gone) else bitmap - gone
        for value, bitmap in bitmaps.items()
    }


def addresses(searcher, schema, ids):
    """Return where the engine keeps the records with these ids, in any order."""
    if not ids:
        return []
    terms = [(Occur.Should, Query.term_query(schema, "id", pk)) for pk in ids]
    query = Query.boolean_query(terms)
    hits = searcher.search(query, len(ids), count=False).hits
    return [address for _score, address in hits]


def read_entries(searcher, schema, ids):
    """Return the entries of those of these records that the index has."""
    return [
        Entry(*json.loads(searcher.doc(address)["entry"][0]))
        for start in range(0, len(ids), LOOKUP)
        for address in addresses(searcher, schema, ids[start : start + LOOKUP])
    ]
