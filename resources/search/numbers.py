"""
The numbers by which records stand in sets: their places in the order of publication.

So the newest records of a set are its last. A number stays while a record changes; one
that comes later gets the next, and is a stray where others are newer.
"""

from array import array
from functools import lru_cache

from pyroaring import BitMap
from tantivy import Occur, Query

# Bitmaps hold their numbers in blocks of 65,536, those of which few are set as lists.
# Going through lists is slow, so of each block only so many numbers are given to
# records; the others are padding, which makes a block of any set a map of bits.
BLOCK, ROOM = 16, 61_000
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


# The engine is told numbers scattered. Those that follow each other it would keep as
# lines, all of which it reads whenever it is asked for a few of them.
FACTOR, WIDTH = 0x9E3779B1, 1 << 32
BACK = pow(FACTOR, -1, WIDTH)


def scattered(number):
    return number * FACTOR % WIDTH


def restored(told):
    """The number that the engine was told scattered."""
    return told * BACK % WIDTH


@lru_cache(maxsize=2)
def padding(blocks):
    numbers = array("I")
    for block in range(blocks):
        start = block << BLOCK
        numbers.extend(range(start + ROOM, start + (1 << BLOCK)))
    return BitMap(numbers, optimize=False)


def placed(number, is_stray):
    """The fields of the engine that tell where a record stands."""
    told = {"number": scattered(number)}
    return told | {"stray": 1} if is_stray else told


def numbers_at(searcher, addresses):
    """The numbers of the records that the engine has at these addresses."""
    return list(map(restored, searcher.fast_field_values("number", addresses)))


def numbers_of(searcher, query, most):
    """The set of the records that a query of the engine finds; of at most so many."""
    if not most:
        return BitMap()
    found = searcher.search(query, most, count=False, order_by_field="number")
    return BitMap([restored(told) for told, _address in found.hits])


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
            numbers_at(searcher, addresses),
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
