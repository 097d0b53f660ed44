"""
What visitors can narrow the list by, and which values published resources have.

Each facet says how its values narrow a list of resources. The values in use, with
the number of resources behind each, come from one query and are kept for as long
as the catalogue does not change.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import changes, languages
from .models import (
    Authorship,
    Programme,
    Resource,
    ResourceType,
    Theme,
    address_words,
    sort_key,
)


@dataclass(frozen=True)
class Choice:
    """One value of a facet that published resources have."""

    facet: str
    value: str
    name: str
    name_fr: str
    name_es: str
    name_ar: str
    parent: str
    number: int

    def __str__(self):
        if self.facet == "language":
            return languages.own_name(self.value)
        return getattr(self, f"name_{get_language()}", "") or self.name

    def get_absolute_url(self):
        words = [address_words(self.name)] if FACETS[self.facet].is_numbered else []
        return reverse(f"resources:{self.facet}", args=[self.value, *words])


class Facet:
    """One way to narrow the list; several values of one facet widen it."""

    def __init__(self, name, title, plural, column=None, links=(), model=None):
        self.name = name
        self.title = title
        self.plural = plural
        # Where the value stands: in a column of the resource, or in tables that
        # link resources to it.
        self.column = column
        self.links = links
        # The vocabulary that tells more about a value than its name.
        self.model = model
        # Addresses of numbers carry the name as well.
        self.is_numbered = name in {"author", "publisher"}

    def get_absolute_url(self):
        return reverse(f"resources:{self.name}-all")

    def narrow(self, resources, values, in_use):
        """Those of the resources that have one of the values."""
        if self.name == "region":
            values = in_use.regions_inside(values)
        if self.name == "country":
            values = [value.upper() for value in values]
        if self.column:
            return resources.filter(**{f"{self.column}__in": values})
        linked = Q()
        for model, column in self.links:
            links = model.objects.filter(**{f"{column}__in": values})
            linked |= Q(pk__in=links.values("resource_id"))
        return resources.filter(linked)


FACETS = {
    facet.name: facet
    for facet in [
        Facet(
            "programme",
            _("Programme"),
            _("Programmes"),
            "programme__slug",
            model=Programme,
        ),
        Facet(
            "region",
            _("Region"),
            _("Regions"),
            links=[
                (Resource.regions.through, "region__slug"),
                (Resource.countries_of_origin.through, "country__region__slug"),
                (Resource.countries_of_residence.through, "country__region__slug"),
            ],
        ),
        Facet(
            "country",
            _("Country"),
            _("Countries"),
            links=[
                (Resource.countries_of_origin.through, "country__code"),
                (Resource.countries_of_residence.through, "country__code"),
            ],
        ),
        Facet(
            "theme",
            _("Theme"),
            _("Themes"),
            links=[(Resource.themes.through, "theme__slug")],
            model=Theme,
        ),
        Facet(
            "type",
            pgettext_lazy("of a resource", "Type"),
            _("Types"),
            "type__slug",
            model=ResourceType,
        ),
        Facet("language", _("Language"), _("Languages"), "language"),
        Facet(
            "author",
            _("Author"),
            _("Authors"),
            links=[(Authorship, "contributor_id")],
        ),
        Facet("publisher", _("Publisher"), _("Publishers"), "publisher_id"),
    ]
}

# A resource lies in a region when it names the region, one inside it, or a country
# of it; a country counts once, whether people come from it or live in it.
TALLY = """
WITH RECURSIVE public AS ({published}),
located (resource_id, country_id) AS (
  SELECT resource_id, country_id FROM resources_resource_countries_of_origin
  UNION
  SELECT resource_id, country_id FROM resources_resource_countries_of_residence),
inside (code, region_id) AS (
  SELECT code, code FROM resources_region
  UNION
  SELECT inside.code, outer_region.parent_id FROM inside
    JOIN resources_region outer_region ON outer_region.code = inside.region_id
   WHERE outer_region.parent_id IS NOT NULL),
placed (resource_id, region_id) AS (
  SELECT link.resource_id, inside.region_id FROM resources_resource_regions link
    JOIN inside ON inside.code = link.region_id
  UNION
  SELECT located.resource_id, inside.region_id FROM located
    JOIN resources_country country ON country.code = located.country_id
    JOIN inside ON inside.code = country.region_id)
SELECT 'programme', slug, name, name_fr, name_es, name_ar, '', COUNT(*)
  FROM public JOIN resources_programme term ON term.id = programme_id GROUP BY term.id
UNION ALL
SELECT 'region', term.slug, term.name, term.name_fr, term.name_es, term.name_ar,
       COALESCE(MAX(parent.slug), ''), COUNT(*)
  FROM public JOIN placed ON placed.resource_id = public.id
  JOIN resources_region term ON term.code = placed.region_id
  LEFT JOIN resources_region parent ON parent.code = term.parent_id
 GROUP BY term.code
UNION ALL
SELECT 'country', LOWER(code), name, name_fr, name_es, name_ar, '', COUNT(*)
  FROM public JOIN located ON located.resource_id = public.id
  JOIN resources_country term ON term.code = country_id GROUP BY term.code
UNION ALL
SELECT 'theme', slug, name, name_fr, name_es, name_ar, '', COUNT(*)
  FROM public JOIN resources_resource_themes link ON link.resource_id = public.id
  JOIN resources_theme term ON term.id = theme_id GROUP BY term.id
UNION ALL
SELECT 'type', slug, name, name_fr, name_es, name_ar, '', COUNT(*)
  FROM public JOIN resources_resourcetype term ON term.id = type_id GROUP BY term.id
UNION ALL
SELECT 'language', language, '', '', '', '', '', COUNT(*) FROM public GROUP BY language
UNION ALL
SELECT 'author', CAST(term.id AS text), name, '', '', '', '', COUNT(*)
  FROM public JOIN resources_authorship link ON link.resource_id = public.id
  JOIN resources_contributor term ON term.id = contributor_id GROUP BY term.id
UNION ALL
SELECT 'publisher', CAST(term.id AS text), name, '', '', '', '', COUNT(*)
  FROM public JOIN resources_contributor term ON term.id = publisher_id
 GROUP BY term.id
"""


class InUse:
    """The values that published resources have, by facet."""

    def __init__(self, choices):
        self.all = choices
        self.arranged = {}

    def __getitem__(self, facet):
        """The choices of one facet by value, in the order of their names."""
        key = facet, get_language()
        if key not in self.arranged:
            found = [choice for choice in self.all if choice.facet == facet]
            found.sort(key=lambda choice: (sort_key(str(choice)), choice.value))
            self.arranged[key] = {choice.value: choice for choice in found}
        return self.arranged[key]

    def top(self, facet, count):
        """The choices that most resources have, the most frequent first."""
        return sorted(self[facet].values(), key=lambda choice: -choice.number)[:count]

    def regions_inside(self, values):
        """These regions and all that lie in them."""
        found, size = set(values), -1
        while len(found) > size:
            size = len(found)
            found |= {v for v, c in self["region"].items() if c.parent in found}
        return found


def in_use():
    """The values in use as the catalogue is now."""
    # What an open transaction sees may yet be undone, and its version used again.
    if connection.in_atomic_block:
        return counted()
    return counted_at(changes.version())


@lru_cache(maxsize=1)
def counted_at(version):
    return counted()


def counted():
    published, parameters = (
        Resource.objects.published()
        .values("id", "programme_id", "type_id", "language", "publisher_id")
        .query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(TALLY.format(published=published), parameters)
        return InUse([Choice(*row) for row in cursor.fetchall()])
