"""
What each record has of some facets: a row of codes, one for each of its values.

Where few records are asked about, to go through their rows is the quickest way to
count. A row is as long as nearly all records need it; the others go on in further rows.
"""

import numpy as np
from pyroaring import BitMap

from .numbers import place_of

# So many of a hundred records have all their values in one row.
FIT = 95
# As many records are counted at a time, which bounds the memory that it takes.
AT_A_TIME = 20_000


def write_rows(path, values, numbers):
    """
    Keep the rows of some records in files.

    `numbers` are those of all records in the order of their places, `values` those of
    the records that have each value, in the order of the codes.
    """
    values = [place_of(np.frombuffer(some, dtype=np.uint32)) for some in values]
    lengths = np.zeros(len(numbers), dtype=np.int64)
    for places in values:
        lengths[places] += 1
    width = 1
    if len(numbers):
        width = max(int(np.percentile(lengths, FIT, method="higher")), 1)
    more = np.maximum(-(-lengths // width) - 1, 0)
    behind = len(numbers) - 1 + more.cumsum() - more
    # One more than there are, as nothing at all cannot be mapped into memory.
    shape = len(numbers) + more.sum() + 1, width
    rows = np.full(shape, len(values), dtype=np.min_scalar_type(len(values)))
    filled = np.zeros(len(numbers), dtype=np.int64)
    for code, places in enumerate(values):
        column = filled[places]
        filled[places] += 1
        row = np.where(column < width, places, behind[places] + column // width)
        rows[row, column % width] = code
    np.save(f"{path}.npy", rows)
    np.save(f"{path}-further.npy", np.append(np.repeat(numbers, more), 0))


def mapped(path):
    """An array in a file, of which all processes of a machine share the memory."""
    # Without the class of its own, whose every slice costs as much as counting.
    return np.load(path, mmap_mode="r").view(np.ndarray)


class Rows:
    """The rows of all records, for some facets."""

    def __init__(self, path, values):
        """
        `values` by facet, in the order of the codes.

        Raises OSError or ValueError where a file is damaged.
        """
        self.values = values
        self.total = sum(map(len, values.values()))
        self.rows = mapped(f"{path}.npy")
        self.width = self.rows.shape[1]
        # The number of the record that each further row belongs to.
        self.further = mapped(f"{path}-further.npy")[:-1]
        self.with_further = BitMap(self.further)
        self.first = len(self.rows) - 1 - len(self.further)

    def counts(self, among):
        """By facet, how many of some records have each of its values."""
        numbers = np.frombuffer(among.to_array(), dtype=np.uint32)
        found = self.counted(place_of(numbers.astype(np.int64)))
        some = among & self.with_further
        if some:
            found += self.counted(self.further_of(some))
        begin = 0
        for name, values in self.values.items():
            yield name, found[begin : begin + len(values)]
            begin += len(values)

    def further_of(self, some):
        numbers = np.frombuffer(some.to_array(), dtype=np.uint32)
        begin = np.searchsorted(self.further, numbers)
        lengths = np.searchsorted(self.further, numbers, "right") - begin
        rows = np.repeat(begin - lengths.cumsum() + lengths, lengths)
        return self.first + rows + np.arange(len(rows))

    def counted(self, places):
        found = 0
        for start in range(0, max(len(places), 1), AT_A_TIME):
            # All places are there, which "clip" spares looking at.
            some = places[start : start + AT_A_TIME]
            codes = self.rows.take(some, axis=0, mode="clip").ravel()
            found = found + np.bincount(codes, minlength=self.total + 1)
        return found
