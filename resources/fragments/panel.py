"""
The HTML of what a list can be narrowed by, and of what it is narrowed by.

A panel has some eighty choices; a template would take longer for them than everything
else of the page together.
"""

from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.translation import get_language, gettext, pgettext

from .. import addresses
from ..facets import FACETS
from ..texts import number, number_in

# Regions lie in regions; vocabularies have no deeper trees.
DEPTHS = ["", *(f' class="in-{depth}"' for depth in range(1, 10))]
CHECKED = {True: " checked", False: ""}
YEAR = 'inputmode="numeric" pattern="[0-9]{4}" maxlength="4" size="5"'


class Words(NamedTuple):
    """What a panel says in one language, but for the names of the choices."""

    titles: dict
    plurals: dict
    more: str
    year: str
    first: str
    last: str
    apply: str


@lru_cache(maxsize=10)
def words(language):
    return Words(
        titles={facet.name: escape(str(facet.title)) for facet in FACETS.values()},
        plurals={facet.name: escape(str(facet.plural)) for facet in FACETS.values()},
        more=gettext("Show all"),
        year=gettext("Year"),
        first=pgettext("year", "from"),
        last=pgettext("year", "to"),
        apply=gettext("Apply filters"),
    )


def panel(asked, groups, years):
    """The facets, as asked.panel() gives them, and the years: parts of the form ask."""
    language, query = get_language(), escape(asked.query_string())
    say = words(language)
    facets = "".join(
        facet(say, language, query, place, *group) for place, group in enumerate(groups)
    )
    ends = "".join(
        f'<label>{told} <input form="ask" name="{name}" {YEAR} '
        f'value="{asked.selected.get(name, "")}"></label>\n'
        for name, told in [("year_from", say.first), ("year_to", say.last)]
    )
    return (
        f'<div class="panel">\n{facets}<fieldset class="years">'
        f"<legend>{say.year}</legend>\n{chart(years)}\n{ends}</fieldset>\n"
        '<p class="panel__go"><button class="button" form="ask">'
        f"{say.apply}</button></p>\n</div>"
    )


def facet(say, language, query, place, name, chosen, rows, has_more):
    title = say.titles[name]
    badge = ""
    if chosen:
        badge = f' <span class="facet__number">{number(len(chosen))}</span>'
    choices = []
    for choice, depth, is_on in rows:
        before = label(name, choice.value, choice.label, depth, is_on)
        # Nothing is counted while there is no index.
        count = "" if choice.number is None else number_in(language, choice.number)
        choices.append(f"{before}{count}</span></label>\n")
    more = ""
    if has_more:
        more = (
            f'<p><a class="more" href="{addresses.page("choose", language, name)}'
            f'?{query}" rel="nofollow">{say.more}'
            f'<span class="unseen">: {say.plurals[name]}</span></a></p>\n'
        )
    return (
        f'<details class="facet"{" open" if chosen or place < 2 else ""}>\n'
        f"<summary>{title}{badge}</summary>\n"
        f'<fieldset class="facet__choices"><legend class="unseen">{title}</legend>\n'
        f"{''.join(choices)}</fieldset>\n{more}</details>\n"
    )


@lru_cache(maxsize=20_000)
def label(name, value, told, depth, is_on):
    """A choice up to its number, which is all that is often another."""
    return (
        f'<label{DEPTHS[min(depth, 9)]}><input type="checkbox" form="ask" '
        f'name="{name}" value="{escape(value)}"{CHECKED[is_on]}>'
        f'<span class="facet__name"><bdi>{escape(told)}</bdi></span> '
        '<span class="facet__count">'
    )


def chart(years):
    """A small bar for each year with resources, and the same in words."""
    if len(years) < 2:
        return ""
    first, last, most = min(years), max(years), max(years.values())
    bars, language = [], get_language()
    for year, count in years.items():
        height = max(round(40 * count / most), 2)
        bars.append(
            f'<rect x="{(year - first) * 4}" y="{40 - height}" width="3" '
            f'height="{height}"><title>{year}: {number_in(language, count)}</title>'
            "</rect>"
        )
    busiest = max(years, key=lambda year: (years[year], year))
    text = gettext(
        "Resources by year, %(first)s to %(last)s; most in %(busiest)s (%(most)s)"
    )
    text %= {"first": first, "last": last, "busiest": busiest, "most": number(most)}
    return (
        f'<svg class="chart" viewBox="0 0 {(last - first) * 4 + 3} 40" '
        f'preserveAspectRatio="none" role="img" aria-label="{escape(text)}">'
        f'{"".join(bars)}</svg>\n<p class="chart__ends" aria-hidden="true">'
        f"<span>{first}</span><span>{last}</span></p>"
    )


def chosen(removals):
    """What asked.removals() gives of a list; each goes with a click."""
    whole, remove = addresses.of_list(get_language()), gettext("Remove")
    title, remove_all = gettext("Chosen filters"), gettext("Remove all")
    items = "".join(
        f'<li><a class="chosen__one" href="{whole}{"?" if query else ""}'
        f'{escape(query)}" rel="nofollow"><span class="unseen">{remove}: </span>'
        f'<span class="chosen__label">{escape(str(label))}</span> '
        f"<bdi>{escape(str(value))}</bdi></a></li>"
        for label, value, query in removals
    )
    return (
        f'<div class="chosen">\n<h3 class="unseen">{title}</h3>\n'
        f'<ul role="list">{items}\n<li><a class="chosen__all" href="{whole}">'
        f"{remove_all}</a></li></ul>\n</div>"
    )
