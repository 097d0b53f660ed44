"""How many of the results have each value of a facet."""

import heapq

from .bitmaps import MANY_VALUES

# Up to so many results the engine looks at each of them; for more, intersecting the
# bitmaps of all values is quicker.
FEW = 5000
MOST_YEARS = 1000
# The engine refuses more of them in one answer.
MOST_BUCKETS = 60_000


def count(bitmaps, fields, among, query, most):
    """
    Return by field the numbers of the most frequent values among some records.

    `query` finds the same records in the engine as there are `among`.
    """
    if len(among) <= FEW:
        return count_with_engine(bitmaps.searcher, fields, query, most)
    counts, unsure = {}, []
    for field in fields:
        found = count_with_bitmaps(bitmaps, field, among, limit_of(field, most))
        if found is None:
            unsure.append(field)
        else:
            counts[field] = found
    if unsure:
        counts |= count_with_engine(bitmaps.searcher, unsure, query, most)
    return counts


def count_with_bitmaps(bitmaps, field, among, most):
    """Return the numbers of the most frequent values; None if others may be as many."""
    best, heap = [], []
    for total, value in bitmaps.by_total(field):
        # No value from here on has more records than the last of the best.
        if len(heap) == most and total < heap[0]:
            break
        number = among.intersection_cardinality(bitmaps.values[field][value])
        if number:
            best.append((number, value))
            push = heapq.heappush if len(heap) < most else heapq.heappushpop
            push(heap, number)
    if field in MANY_VALUES:
        rest = bitmaps.most_without_bitmap(field)
        if rest and (len(heap) < most or heap[0] <= rest):
            return None
    return ranked(best, most)


def count_with_engine(searcher, fields, query, most):
    # Each segment gives all its values, or the numbers would be estimates.
    whole = {"segment_size": MOST_BUCKETS}
    wanted = {
        field: {"terms": {"field": field, "size": limit_of(field, most), **whole}}
        for field in fields
    }
    answers = searcher.aggregate(query, wanted)
    return {
        field: ranked(
            ((one["doc_count"], as_value(one["key"])) for one in answer["buckets"]),
            limit_of(field, most),
        )
        for field, answer in answers.items()
    }


def as_value(key):
    """Return a value that the engine counted; it gives whole numbers as fractions."""
    return key if isinstance(key, str) else str(int(key))


def limit_of(field, most):
    """Return how many values of a field are wanted: of years all, for their chart."""
    return MOST_YEARS if field == "year" else most


def ranked(numbers, most):
    """Return the highest numbers by value; ties stand in the order of the values."""
    best = sorted((-number, value) for number, value in numbers)[:most]
    return {value: -number for number, value in best}
