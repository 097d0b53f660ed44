"""
The sets as they were when the index was made: how they are gathered, and kept in files.

Nothing of them changes afterwards, so all processes of a machine share the files, and
most of the memory.
"""

import sqlite3
from array import array
from tempfile import TemporaryFile
from threading import Lock
from urllib.parse import quote

import numpy as np
from pyroaring import BitMap
from tantivy import Query

from .numbers import number_at, numbers_of, place_of, placed
from .query import FACETS
from .rows import Rows, write_rows

FIELDS = [*FACETS, "year"]
# Facets of which the catalogue has very many values: only those have sets that more
# than one record in so many has.
COUNTLESS = ["author", "publisher"]
RARE = 5000
# So many values of a facet are few: rows of them are short, and each code is a byte.
FEW = 64
# From how many records on a word has a set of its own.
FREQUENT = 300

TABLES = """
    CREATE TABLE records (id INTEGER PRIMARY KEY, number INTEGER, telling TEXT);
    CREATE TABLE ids (bytes BLOB);
    CREATE TABLE sets (field TEXT, value TEXT, total INTEGER, bits BLOB);
    CREATE TABLE rest (field TEXT, total INTEGER);
    CREATE TABLE codes (field TEXT, value TEXT);
"""


class Gathered:
    """What the records of a new index have in common, as they are added to it."""

    def __init__(self, ids, folder):
        """`ids` of the records, newest first; what memory has no room for is there."""
        self.ids = array("q", reversed(ids))
        self.place, self.last = len(ids), None
        self.there = array("I")
        # A line for each record, and where it begins.
        self.told, self.lines = TemporaryFile(dir=folder), array("q")
        # By field and value, the numbers of the records.
        self.values = {name: {} for name in FIELDS}

    def add(self, fields, telling):
        """
        Take the next record in; what the engine is told of its place.

        `telling` are the stems that may tell it from others.
        """
        self.place -= 1
        while self.ids[self.place] != fields["id"]:
            self.place -= 1  # one that is gone meanwhile
        number = number_at(self.place)
        self.there.append(number)
        self.lines.append(self.told.tell())
        self.told.write(f"{' '.join(telling)}\n".encode())
        for name, values in self.values.items():
            for value in fields[name]:
                values.setdefault(value, array("I")).append(number)
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
            for value, numbers in values.items():
                if len(numbers) >= self.least(name):
                    yield name, str(value), BitMap(numbers)

    def rest(self):
        """Field by field, how many records have the most frequent value without set."""
        for name in COUNTLESS:
            totals = map(len, self.values[name].values())
            yield name, max((n for n in totals if n < self.least(name)), default=0)

    def records(self, frequent):
        """Id, number and rare telling stems of each record, in the order of the ids."""
        ids = np.array([self.ids[place_of(number)] for number in self.there], np.int64)
        for place in ids.argsort().tolist():
            self.told.seek(self.lines[place])
            words = self.told.readline().decode().split()
            rare = " ".join([word for word in words if word not in frequent])
            yield int(ids[place]), self.there[place], rare

    def write(self, path, searcher, schema):
        """Keep the sets, with those of the frequent words of the index, in a file."""
        path.unlink(missing_ok=True)
        file = sqlite3.connect(path)
        file.executescript(f"PRAGMA journal_mode = OFF; {TABLES}")
        file.execute("INSERT INTO ids VALUES (?)", [self.ids.tobytes()])
        frequent = frequent_words(searcher)
        file.executemany(
            "INSERT INTO records VALUES (?, ?, ?)", self.records(frequent.keys())
        )
        file.executemany("INSERT INTO rest VALUES (?, ?)", self.rest())
        file.executemany(
            "INSERT INTO codes VALUES (?, ?)",
            ((name, str(one)) for name, some in self.values.items() for one in some),
        )
        there = np.array(
            [number_at(place) for place in range(len(self.ids))], np.uint32
        )
        for kind, values in kinds(self.values).items():
            having = [numbers for some in values.values() for numbers in some.values()]
            write_rows(f"{path}-{kind}", having, there)
        for sets in [self.sets(), sets_of(frequent, searcher, schema)]:
            file.executemany(
                "INSERT INTO sets VALUES (?, ?, ?, ?)",
                ((*which, len(some), some.serialize()) for *which, some in sets),
            )
        file.execute("CREATE UNIQUE INDEX one ON sets (field, value)")
        file.commit()
        file.close()
        self.told.close()


def kinds(values):
    """The values of the facets that have few of them, and of those with many."""
    many = {name: some for name, some in values.items() if len(some) > FEW}
    few = {name: some for name, some in values.items() if name not in many}
    return {"few": few, "many": many}


def frequent_words(searcher):
    """How many records have each word that very many have."""
    every = searcher.terms_with_prefix("text", "")
    return {word: total for word, total in every if total >= FREQUENT}


def sets_of(words, searcher, schema):
    for word, total in words.items():
        term = Query.term_query(schema, "text", word)
        yield "text", word, numbers_of(searcher, term, total)


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
        values = {name: [] for name in FIELDS}
        for name, value in self.file.execute("SELECT field, value FROM codes"):
            values[name].append(value)
        self.rows = [
            Rows(f"{path}-{kind}", some) for kind, some in kinds(values).items()
        ]
        self.totals = {name: {} for name in FIELDS}
        rows = self.file.execute(
            "SELECT field, value, total FROM sets WHERE field NOT IN ('text', 'all')"
        )
        for name, value, total in rows:
            self.totals[name][value] = total
        words = self.file.execute("SELECT value FROM sets WHERE field = 'text'")
        self.frequent = {word for (word,) in words}
        self.all = self.read("all", "")

    def read(self, field, value):
        with self.lock:
            rows = self.file.execute(
                "SELECT bits FROM sets WHERE field = ? AND value = ?", [field, value]
            ).fetchall()
        return BitMap.deserialize(rows[0][0]) if rows else None

    def having(self, field, value):
        """The records that had a value; None where no set of them was made."""
        known = self.totals.get(field, ()) if field != "text" else self.frequent
        return self.read(field, value) if value in known else None

    def telling(self, pk):
        """Number and rare telling stems of a record; nothing where it was not there."""
        with self.lock:
            return self.file.execute(
                "SELECT number, telling FROM records WHERE id = ?", [pk]
            ).fetchall()

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
