"""
Public records as plain objects, for formats that write a hundred of them at a time.

They answer like a Resource loaded by for_export(), at a fraction of the time: Django
would make a model, a manager and a queryset for each link, where here all records
share the terms of the vocabularies.
"""

from functools import lru_cache

from django.db import connection

from . import covers
from .models import (
    Authorship,
    Contributor,
    Country,
    Programme,
    Region,
    Resource,
    ResourceType,
    Theme,
)

COLUMNS = [
    *["pk", "title", "summary", "description", "language", "year", "source_url"],
    *["doi", "isbn", "status", "published_at", "type_id", "programme_id"],
    *["publisher_id", "changed_at", "cover", "cover_width", "cover_height"],
    *["cover_alt"],
]
VOCABULARIES = [Programme, ResourceType, Theme, Region, Country]
LINKS = {
    "themes": Theme,
    "regions": Region,
    "countries_of_origin": Country,
    "countries_of_residence": Country,
}


class Terms(list):
    """The terms of one record, asked for as Django's managers are."""

    def all(self):
        return self


class Record:
    def __init__(self, columns):
        self.__dict__.update(columns)

    permanent_path = Resource.permanent_path
    slug = Resource.slug
    countries = Resource.countries
    get_absolute_url = Resource.get_absolute_url

    @property
    def covers(self):
        return covers.renditions(self.cover, self.cover_width, self.cover_height)


def whole(resources, ids, version):
    """By id, records with all that is public about them."""
    rows = resources.with_changed_at().filter(pk__in=ids).order_by()
    rows = list(rows.values(*COLUMNS))
    try:
        return joined(rows, vocabularies(version))
    except KeyError:
        # A term has come since the catalogue had this version.
        return joined(rows, read_vocabularies())


def joined(rows, known):
    records = {row["pk"]: Record(row) for row in rows}
    for record in records.values():
        record.type = known[ResourceType][record.type_id]
        record.programme = (
            known[Programme][record.programme_id] if record.programme_id else None
        )
    for field, model in LINKS.items():
        give_links(records, field, known[model])
    give_contributors(records)
    return records


def give_links(records, field, terms):
    for record in records.values():
        setattr(record, field, Terms())
    links = getattr(Resource, field).through.objects.filter(resource__in=records)
    target = getattr(Resource, field).field.m2m_reverse_field_name()
    for pk, term in links.values_list("resource_id", f"{target}_id"):
        getattr(records[pk], field).append(terms[term])
    for record in records.values():
        getattr(record, field).sort(key=lambda term: term.name)


def give_contributors(records):
    links = Authorship.objects.filter(resource__in=records)
    links = list(links.values_list("resource_id", "contributor_id"))
    ids = {record.publisher_id for record in records.values()} - {None}
    contributors = Contributor.objects.in_bulk({*ids, *(one for _pk, one in links)})
    for record in records.values():
        record.publisher = contributors.get(record.publisher_id)
        record.credits = []
    for pk, contributor in links:
        records[pk].credits.append(contributors[contributor])


def vocabularies(version):
    """The terms of each vocabulary by key, kept while the catalogue does not change."""
    # What an open transaction sees may yet be undone, and its version used again.
    if connection.in_atomic_block:
        return read_vocabularies()
    return vocabularies_at(version)


@lru_cache(maxsize=1)
def vocabularies_at(version):
    return read_vocabularies()


def read_vocabularies():
    return {model: model.objects.in_bulk() for model in VOCABULARIES}
