"""
What visitors can narrow the list by: the facets, and their values with names.

The numbers come from the search index; names come from the vocabularies and are
kept for as long as the catalogue does not change.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Lower
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


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list; several values of one facet widen it."""

    name: str
    title: str
    plural: str
    # The vocabulary its values come from, and the column of it that is the value.
    model: type | None = None
    key: str = "slug"

    @property
    def is_of_contributors(self):
        return self.model is Contributor

    def get_absolute_url(self):
        return reverse(f"resources:{self.name}-all")


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and the number of resources it would give."""

    facet: str
    value: str
    names: tuple
    parent: str | None = None
    number: int = 0

    def __str__(self):
        if self.facet == "language":
            return languages.own_name(self.value)
        return dict(self.names).get(get_language()) or dict(self.names)["en"]

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


def names(version):
    """
    The names and the parent of each term of the vocabularies, by facet and value.

    Kept for as long as the catalogue has this version.
    """
    # What an open transaction sees may yet be undone, and its version used again.
    return read_names() if connection.in_atomic_block else names_at(version)


@lru_cache(maxsize=1)
def names_at(version):
    return read_names()


def read_names():
    columns = ["facet", "value", "name", "name_fr", "name_es", "name_ar", "above"]
    arms = []
    for facet in FACETS.values():
        if facet.model and not facet.is_of_contributors:
            above = F("parent__slug") if facet.model is Region else Value(None)
            arms.append(
                facet.model.objects.order_by()
                .annotate(
                    facet=Value(facet.name),
                    value=Lower(facet.key),
                    above=above
                    if facet.model is Region
                    else Value(None, output_field=CharField(null=True)),
                )
                .values_list(*columns)
            )
    rows = arms[0].union(*arms[1:], all=True)
    return {
        (facet, value): (
            tuple((c, n) for c, n in zip(LANGUAGES, found, strict=True) if n),
            above,
        )
        for facet, value, *found, above in rows
    }


LANGUAGES = ["en", "fr", "es", "ar"]


def choices(counts, version):
    """
    The choices of each facet for the numbers of its values, in the order of names.

    `counts` are numbers by facet and value, as the index gives them.
    """
    known = names(version)
    people = {
        int(value)
        for name in counts
        if FACETS[name].is_of_contributors
        for value in counts[name]
    }
    contributors = Contributor.objects.in_bulk(people) if people else {}

    def choice(facet, value, number):
        if facet.is_of_contributors:
            named = ((("en", contributors[int(value)].name),), None)
        elif facet.model:
            named = known[facet.name, value]
        else:
            named = ((("en", value),), None)
        return Choice(facet.name, value, *named, number)

    found = {}
    for name, numbers in counts.items():
        rows = []
        for value, number in numbers.items():
            try:
                rows.append(choice(FACETS[name], value, number))
            except KeyError:
                # Just gone from its vocabulary; the index will hear of it.
                continue
        rows.sort(key=lambda row: (sort_key(str(row)), row.value))
        found[name] = rows
    return found


def most_frequent(found, count):
    return sorted(found, key=lambda choice: -choice.number)[:count]
