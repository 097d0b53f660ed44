"""The panel of filters beside a list: its facets, and a chart of the years."""

from typing import NamedTuple

from ..facets import choices
from ..public import macros

HEIGHT = 40
# The width of a bar, and from one to the next.
BAR, STEP = 3, 4


def filter_panel(filterset, results, language):
    """
    Return the panel of a list, rendered.

    That of a list without words and with at most one filter is remembered: all pages
    of the list have the same, and rendering it takes a third of the time of a page.
    """

    def render():
        values = choices(results.counts, filterset.version, language)
        groups = list(filterset.facet_groups(values))
        macro = macros("macros/facets.html", language).filter_panel
        return macro(filterset, groups, chart_of(results.years))

    query = filterset.query
    if query["text"] or len(query["filters"]) > 1 or not filterset.has_index:
        return render()
    key = "panel", language, filterset.query_string()
    return filterset.search.remembered(key, render)


class Bar(NamedTuple):
    """One year: its number of resources, and where its bar is drawn."""

    year: int
    number: int
    x: int
    y: int
    height: int


class Chart(NamedTuple):
    """The bars, and what they say in words."""

    bars: list
    width: int
    first: int
    last: int
    busiest: int
    most: int


def chart_of(years):
    """Return the chart of numbers by year, or None for less than two years."""
    if len(years) < 2:
        return None
    first, last, most = min(years), max(years), max(years.values())
    bars = []
    for year, number in years.items():
        height = max(round(HEIGHT * number / most), 2)
        bars.append(Bar(year, number, (year - first) * STEP, HEIGHT - height, height))
    busiest = max(year for year, number in years.items() if number == most)
    return Chart(bars, (last - first) * STEP + BAR, first, last, busiest, most)
