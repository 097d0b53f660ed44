"""The orders of results, by the fields of the engine that they follow."""

from tantivy import Order

NEWEST = ("by_newest", Order.Desc)
ORDERS = {
    "newest": NEWEST,
    "year": ("by_year", Order.Desc),
    "title": ("by_title", Order.Asc),
    # The same the other way round.
    "-newest": ("by_newest", Order.Asc),
    "-year": ("by_year", Order.Asc),
    "-title": ("by_title", Order.Desc),
}
# Orders by a number that no two records share.
KEYED = {"by_newest", "by_year"}


def order_of(sort, parsed):
    """Return the order; None, best first, where there are words and no other order."""
    return ORDERS.get(sort) or (None if parsed.search_terms else NEWEST)
