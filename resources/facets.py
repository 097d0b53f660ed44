"""
What visitors can narrow the list by: the facets, and their values with names.

The numbers come from the search index, the names of terms from the snapshot of the
vocabularies, those of authors and publishers from the database.
"""

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import addresses, documents, languages
from .models import Contributor, address_end, sort_key

MOST_SHOWN = 12  # of one facet, beside the list
MOST_NAMES = 20_000  # that are remembered of one version


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list; several values of one facet widen it."""

    name: str
    title: str
    plural: str
    # The vocabulary that its values are slugs of, if any.
    vocabulary: str = ""
    # Whether its values are ids of contributors.
    is_of_contributors: bool = False
    # What links and headings say; put together from parts it would be wrong in some
    # languages.
    all_title: str = ""
    choose_title: str = ""

    def __str__(self):
        return str(self.plural)

    def get_absolute_url(self):
        return self.address_in(get_language())

    def address_in(self, language):
        return addresses.page(f"{self.name}-all", language)


FACETS = {
    facet.name: facet
    for facet in [
        Facet(
            "theme",
            _("Theme"),
            _("Themes"),
            "theme",
            all_title=_("All themes"),
            choose_title=_("Choose themes"),
        ),
        Facet(
            "region",
            _("Region"),
            _("Regions"),
            "region",
            all_title=_("All regions"),
            choose_title=_("Choose regions"),
        ),
        Facet(
            "type",
            pgettext_lazy("of a resource", "Type"),
            _("Types"),
            "type",
            all_title=_("All types"),
            choose_title=_("Choose types"),
        ),
        Facet(
            "language",
            _("Language"),
            _("Languages"),
            all_title=_("All languages"),
            choose_title=_("Choose languages"),
        ),
        Facet(
            "programme",
            _("Programme"),
            _("Programmes"),
            "programme",
            all_title=_("All programmes"),
            choose_title=_("Choose programmes"),
        ),
        Facet(
            "country",
            _("Country"),
            _("Countries"),
            "country",
            all_title=_("All countries"),
            choose_title=_("Choose countries"),
        ),
        Facet(
            "author",
            _("Author"),
            _("Authors"),
            is_of_contributors=True,
            all_title=_("All authors"),
            choose_title=_("Choose authors"),
        ),
        Facet(
            "publisher",
            _("Publisher"),
            _("Publishers"),
            is_of_contributors=True,
            all_title=_("All publishers"),
            choose_title=_("Choose publishers"),
        ),
    ]
}
# What a list can be narrowed by: the facets, and what is not shown beside the list.
FILTERS = FACETS | {
    facet.name: facet
    for facet in [
        Facet("country_of_origin", _("Country of origin"), "", "country"),
        Facet("country_of_residence", _("Country of residence"), "", "country"),
    ]
}


@dataclass(slots=True)
class Choice:
    """One value of a facet, with its name in the language of a page."""

    facet: str
    value: str
    label: str
    language: str
    # The value that contains it: that of a region or a country is a region.
    parent: str | None = None
    # How many resources have it; None while there is no index to count them.
    number: int | None = None
    # The name where there is room for what an abbreviation stands for.
    full_name: str = ""

    def __str__(self):
        return self.label

    @property
    def order(self):
        """What it sorts by in a list of names."""
        return remembered_sort_key(self.label), self.value

    def get_absolute_url(self):
        if FACETS[self.facet].is_of_contributors:
            start = FACETS[self.facet].address_in(self.language)
            return f"{start}{self.value}/{address_end(self.label)}/"
        return addresses.page(self.facet, self.language, self.value)


remembered_sort_key = lru_cache(maxsize=20_000)(sort_key)


def choices(counts, version, language=None):
    """
    Return the choices of each facet, in the order of their names.

    `counts` are numbers by facet and value, as in Results. Values without a name are
    left out: they are gone from the database, and the index will hear of it.
    """
    language = language or get_language()
    vocabularies = documents.snapshot(version)
    names = contributor_names(
        {
            int(value)
            for name, numbers in counts.items()
            if FILTERS[name].is_of_contributors
            for value in numbers
        },
        version,
    )

    def named(facet, value):
        """Return the name of a value and its full name, or None for both."""
        if facet.is_of_contributors:
            return (names.get(int(value)),) * 2
        if not facet.vocabulary:
            return (languages.both_names(value, language),) * 2
        term = vocabularies.terms[facet.vocabulary].get(value)
        return term.both_names_in(language) if term else (None, None)

    found = {}
    for name, numbers in counts.items():
        parents = vocabularies.parents.get(name, {})
        rows = []
        for value, number in numbers.items():
            label, full = named(FILTERS[name], value)
            if label:
                parent = parents.get(value)
                rows.append(Choice(name, value, label, language, parent, number, full))
        found[name] = sorted(rows, key=attrgetter("order"))
    return found


def contributor_names(ids, version):
    """Return the names of contributors by id, of which one query reads the unknown."""
    # What an open transaction reads may be rolled back, and its version used again.
    known = names_at(version) if transaction.get_autocommit() else {}
    names = {pk: known[pk] for pk in ids & known.keys()}
    if missing := ids - names.keys():
        rows = Contributor.objects.filter(pk__in=missing).order_by()
        names |= dict(rows.values_list("pk", "name"))
        if len(known) + len(names) <= MOST_NAMES:
            known.update(names)
    return names


@lru_cache(maxsize=1)
def names_at(version):
    """Return the names that have been read at a catalogue version, to be added to."""
    return {}


def with_terms(choices, version):
    """Return pairs of a choice of a facet with a vocabulary, and its term."""
    terms = documents.snapshot(version).terms
    return [(one, terms[FACETS[one.facet].vocabulary][one.value]) for one in choices]


def most_frequent(choices, count):
    return sorted(choices, key=frequency, reverse=True)[:count]


def frequency(choice):
    return choice.number or 0


class Row(NamedTuple):
    """A choice as the panel shows it, indented by its depth in the tree."""

    choice: Choice
    depth: int
    is_selected: bool


class FacetGroup(NamedTuple):
    """A facet as the panel shows it; not all of its choices may have room."""

    name: str
    selected: set
    rows: list
    has_more: bool


def group(name, choices, selected):
    """Return a facet with the selected and the most frequent of its choices."""
    selected = set(selected)
    rows = [
        Row(choice, depth, choice.value in selected)
        for choice, depth in in_tree(to_show(choices, selected))
    ]
    return FacetGroup(name, selected, rows, len(rows) < len(choices))


def to_show(choices, selected):
    """Return the choices there is room for, in the order they have."""
    if len(choices) <= MOST_SHOWN:
        return choices
    first = sorted(choices, key=lambda c: (c.value not in selected, -frequency(c)))
    shown = {choice.value for choice in first[:MOST_SHOWN]}
    return [choice for choice in choices if choice.value in shown]


def in_tree(choices):
    """Return each choice with its depth, right after the choice that contains it."""

    def flattened(branches, depth):
        for choice, inside in branches:
            yield choice, depth
            yield from flattened(inside, depth + 1)

    return list(flattened(tree(choices), 0))


def tree(choices):
    """Return pairs of a choice and the pairs of those that it contains."""
    values = {choice.value for choice in choices}
    inside = {}
    for choice in choices:
        parent = choice.parent if choice.parent in values else None
        inside.setdefault(parent, []).append(choice)

    def below(parent):
        return [(one, below(one.value)) for one in inside.get(parent, ())]

    return below(None)
