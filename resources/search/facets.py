"""How many of the results have each value of a facet."""

import heapq

from .bitmaps import MANY_VALUES

# Up to so many results the engine looks at each of them; for more, intersecting the
# bitmaps of all values is quicker (at 1,000,000 records 5 ms, whatever the number).
FEW = 3000
# Rare authors and publishers have no bitmap. That none of them is among the most
# frequent ones can only be certain if one record in so many is among the results.
CERTAIN = 50
MOST_YEARS = 1000
# The engine refuses more of them in one answer.
MOST_BUCKETS = 60_000


def count(bitmaps, fields, among, query, most):
    """
    Return by field the numbers of the most frequent values among some records.

    `query` finds the same records in the engine as there are `among`.
    """
    total = len(among)
    is_certain = total * CERTAIN > len(bitmaps.all)
    counts = {}
    if total > FEW:
        # The other records are far more, and the denser a bitmap is, the quicker it
        # is intersected: so those that a value has outside of the results are counted.
        others = bitmaps.all - among
        for field in fields:
            if is_certain or field not in MANY_VALUES:
                counts[field] = count_with_bitmaps(bitmaps, field, others, most)
    left = [field for field in fields if counts.get(field) is None]
    if left:
        counts |= count_with_engine(bitmaps.searcher, left, query, most)
    return counts


def count_with_bitmaps(bitmaps, field, others, most):
    """
    Return the numbers of the most frequent values among all records but some others.

    None if values without a bitmap may be as frequent.
    """
    most = limit_of(field, most)
    numbers, highest = [], []
    for total, value in bitmaps.by_total(field):
        # No value from here on has more records than the last of the highest.
        if len(highest) == most and total < highest[0]:
            break
        bitmap = bitmaps.values[field][value]
        number = total - others.intersection_cardinality(bitmap)
        if number:
            numbers.append((number, value))
            push = heapq.heappush if len(highest) < most else heapq.heappushpop
            push(highest, number)
    if field in MANY_VALUES:
        rest = bitmaps.most_without_bitmap(field)
        if rest and (len(highest) < most or highest[0] <= rest):
            return None
    return ranked(numbers, most)


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
