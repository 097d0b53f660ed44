"""The chart of years beside a list, as numbers for its template."""

from typing import NamedTuple

HEIGHT = 40
# The width of a bar, and from one to the next.
BAR, STEP = 3, 4


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
