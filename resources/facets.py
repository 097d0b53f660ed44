"""
What visitors can narrow the list by: the facets, and their values with names.

The numbers come from the search index; names come from the vocabularies and are
kept for as long as the catalogue does not change.
"""

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import languages
from .models import (
    Contributor,
    Country,
    Programme,
    Region,
    ResourceType,
    Theme,
    address_words,
    sort_key,
)
from .prepared import Prepared
from .records import vocabularies


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list; several values of one facet widen it."""

    name: str
    title: str
    plural: str
    # The vocabulary its values come from, and the column of it that is the value.
    model: type | None = None
    key: str = "slug"

    def __str__(self):
        return str(self.plural)

    @property
    def is_of_contributors(self):
        return self.model is Contributor

    def get_absolute_url(self):
        return reverse(f"resources:{self.name}-all")


@dataclass(slots=True)
class Choice:
    """One value of a facet, and the number of resources it would give."""

    facet: str
    value: str
    # In the language of the page, and what it sorts by.
    label: str
    order: str
    parent: str | None = None
    number: int = 0

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        words = []
        if FACETS[self.facet].is_of_contributors:
            words = [address_words(str(self))]
        return reverse(f"resources:{self.facet}", args=[self.value, *words])


FACETS = {
    facet.name: facet
    for facet in [
        Facet("programme", _("Programme"), _("Programmes"), Programme),
        Facet("region", _("Region"), _("Regions"), Region),
        Facet("country", _("Country"), _("Countries"), Country, "code"),
        Facet("theme", _("Theme"), _("Themes"), Theme),
        Facet("type", pgettext_lazy("of a resource", "Type"), _("Types"), ResourceType),
        Facet("language", _("Language"), _("Languages")),
        Facet("author", _("Author"), _("Authors"), Contributor, "pk"),
        Facet("publisher", _("Publisher"), _("Publishers"), Contributor, "pk"),
    ]
}


class Names:
    """
    The names of all terms and of the contributors asked for, by facet and value.

    Kept for as long as the catalogue has one version.
    """

    def __init__(self, vocabularies):
        self.terms = {
            (facet.name, term.slug): term
            for facet in FACETS.values()
            for term in vocabularies.get(facet.model, {}).values()
        }
        self.labels = {}
        self.people = {}

    def labels_of(self, facet, language):
        """The labels of a facet that have been asked for."""
        return self.labels.setdefault((facet, language), {})

    def label(self, facet, value, language):
        """The name, what it sorts by, and the value above. Raises KeyError."""
        labels = self.labels_of(facet, language)
        if value not in labels:
            above = None
            if FACETS[facet].is_of_contributors:
                name = self.people[int(value)]
            elif FACETS[facet].model:
                term = self.terms[facet, value]
                name = getattr(term, f"name_{language}", "") or term.name
                above = term.above
            else:
                name = languages.own_name(value)
            labels[value] = name, sort_key(name), above
        return labels[value]

    def meet(self, people):
        """Learn the names of these contributors."""
        strangers = people - self.people.keys()
        if strangers:
            if len(self.people) > MOST_PEOPLE:
                self.people, self.labels = {}, {}
                strangers = people
            self.people |= dict(CALLED.rows(strangers))


CALLED = Prepared(
    lambda ids: (
        Contributor.objects.filter(pk__in=ids).order_by().values_list("pk", "name")
    )
)


def names(version):
    # What an open transaction sees may yet be undone, and its version used again.
    if connection.in_atomic_block:
        return Names(vocabularies(version))
    return names_at(version)


@lru_cache(maxsize=1)
def names_at(version):
    return Names(vocabularies(version))


MOST_PEOPLE = 20_000


def choices(counts, version):
    """
    The choices of each facet for the numbers of its values, in the order of names.

    `counts` are numbers by facet and value, as the index gives them.
    """
    known, language = names(version), get_language()
    known.meet(
        {
            int(value)
            for name in counts
            if FACETS[name].is_of_contributors
            for value in counts[name]
        }
    )
    found = {}
    for name, numbers in counts.items():
        rows, labels = [], known.labels_of(name, language)
        for value, number in numbers.items():
            try:
                told = labels.get(value) or known.label(name, value, language)
            except KeyError:
                # Just gone from its vocabulary; the index will hear of it.
                continue
            rows.append(Choice(name, value, *told, number))
        rows.sort(key=attrgetter("order", "value"))
        found[name] = rows
    return found


def most_frequent(found, count):
    return sorted(found, key=lambda choice: -choice.number)[:count]
