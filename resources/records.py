"""
Public records as plain objects, for pages and formats that show many at a time.

They answer like a Resource with all that belongs to it, in a fraction of the time:
Django would make a model, a manager and a queryset for each link, where here all
records share the terms of the vocabularies, which are kept for as long as the
catalogue does not change.
"""

from functools import lru_cache
from operator import attrgetter, itemgetter

from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from .files import covers
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
from .models.vocabularies import Named
from .prepared import Prepared

# In the order of the columns, as Agent() takes them.
CONTRIBUTOR = ["pk", "name", "sort_name", "kind", "aliases"]
OUTLINE = ["pk", "type_id", "programme_id"]
SHELF = [
    *[*OUTLINE, "title", "language", "year"],
    *["cover", "cover_width", "cover_height", "cover_alt"],
]
CARD = [*SHELF, "summary"]
WHOLE = [
    *[*CARD, "description", "source_url", "doi", "isbn", "publisher_id", "status"],
    *["published_at", "changed_at", "sort_title"],
    *(f"publisher__{name}" for name in CONTRIBUTOR[1:]),
]
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


class Term:
    """A row of a vocabulary: what it is called, and where it stands."""

    def __init__(self, model, pk, slug, above, aliases, *names):
        self.model, self.pk, self.slug = model, pk, slug
        # The slug of the region around a region, the code of that of a country.
        self.above, self.aliases = above, aliases
        self.name, self.name_fr, self.name_es, self.name_ar = names

    names = Named.names
    label = Named.label
    name_in = Named.name_in
    __str__ = Named.__str__
    get_absolute_url = Named.get_absolute_url
    address_in = Named.address_in

    @property
    def code(self):
        return self.pk

    @property
    def browse(self):
        return self.model.browse


class Agent:
    """A contributor: a person or an organisation."""

    def __init__(self, pk, name, sort_name, kind, aliases):
        self.pk, self.name, self.sort_name = pk, name, sort_name
        self.kind, self.aliases = kind, aliases

    Kind = Contributor.Kind
    slug = Contributor.slug
    is_person = Contributor.is_person
    family = Contributor.family
    given = Contributor.given
    _parts = Contributor._parts
    author_url = Contributor.author_url
    publisher_url = Contributor.publisher_url
    address_as = Contributor.address_as
    __str__ = Contributor.__str__

    def __eq__(self, other):
        return isinstance(other, Agent) and other.pk == self.pk

    def __hash__(self):
        return hash(self.pk)


class Record:
    """A resource, with as much of it as was asked for."""

    def __init__(self, columns):
        self.__dict__.update(columns)

    permanent_path = Resource.permanent_path
    slug = Resource.slug
    dir = Resource.dir
    language_name = Resource.language_name
    countries = Resource.countries
    source_host = Resource.source_host
    get_absolute_url = Resource.get_absolute_url
    address_in = Resource.address_in
    __str__ = Resource.__str__

    @property
    def covers(self):
        return covers.renditions(self.cover, self.cover_width, self.cover_height)


def outlines(ids, version, withdrawn=False):
    """By id, what tells where records belong: type, programme and themes."""

    def load(known):
        found = read(WITHDRAWN if withdrawn else OUTLINED, OUTLINE, ids, known)
        give_themes(found, known)
        return found

    return with_terms(version, load)


def shelf(ids, version):
    """By id, what a cover with its title shows."""
    return with_terms(version, lambda known: read(SHELVED, SHELF, ids, known))


def cards(ids, version):
    """In the order of the ids, what a card shows."""
    found = with_terms(version, lambda known: read(ON_CARDS, CARD, ids, known))
    give_credits(found)
    return [found[pk] for pk in ids if pk in found]


def whole(ids, version):
    """By id, records with all that is public about them."""

    def load(known):
        found = read(COMPLETE, WHOLE, ids, known)
        give_parts(found, known)
        return found

    found = with_terms(version, load)
    for record in found.values():
        record.publisher = None
        if record.publisher_id:
            told = [getattr(record, f"publisher__{name}") for name in CONTRIBUTOR[1:]]
            record.publisher = Agent(record.publisher_id, *told)
    return found


def with_terms(version, load):
    """What is loaded with the vocabularies, read anew when they lack a term."""
    try:
        return load(vocabularies(version))
    except KeyError:
        # One that has come since the catalogue had this version.
        return load(read_vocabularies())


def read(query, columns, ids, known):
    """By id, records with these columns, and with the terms among them."""
    found = {}
    for row in query.rows(ids):
        record = found[row[0]] = Record(zip(columns, row, strict=True))
        record.type = known[ResourceType][record.type_id]
        record.programme = None
        if record.programme_id:
            record.programme = known[Programme][record.programme_id]
    return found


def give_themes(found, known):
    for record in found.values():
        record.themes = Terms()
    for pk, key in THEMES.rows(found):
        found[pk].themes.append(known[Theme][key])
    for record in found.values():
        record.themes.sort(key=by_name)


def give_credits(found):
    """The authors in the order of the credit line."""
    for record in found.values():
        record.credits = []
    for pk, *told in AUTHORS.rows(found):
        found[pk].credits.append(Agent(*told))


def give_parts(found, known):
    """The terms of all fields and the authors, in one query."""
    for record in found.values():
        record.credits = []
        for field in LINKS:
            setattr(record, field, Terms())
    for field, pk, key, place, *told in PARTS.rows(found):
        if field == "credits":
            found[pk].credits.append((place, Agent(int(key), *told)))
        else:
            model = LINKS[field]
            term = known[model][int(key) if model is Theme else key]
            getattr(found[pk], field).append(term)
    for record in found.values():
        record.credits = [agent for _place, agent in sorted(record.credits, key=first)]
        for field in LINKS:
            getattr(record, field).sort(key=by_name)


by_name, first = attrgetter("name"), itemgetter(0)


# The queries

NONE = Value(None, output_field=CharField())


def rows_of(resources, columns):
    return lambda ids: resources().filter(pk__in=ids).order_by().values_list(*columns)


def themes_of(ids):
    links = Resource.themes.through.objects.filter(resource__in=ids)
    return links.values_list("resource_id", "theme_id")


def authors_of(ids):
    columns = [f"contributor__{name}" for name in CONTRIBUTOR]
    authors = Authorship.objects.filter(resource__in=ids)
    return authors.values_list("resource_id", *columns)


def parts_of(ids):
    columns = ["field", "resource_id", "key", "place"]
    nothing = dict.fromkeys(CONTRIBUTOR[1:], NONE)
    arms = []
    for field in LINKS:
        through = getattr(Resource, field).through
        target = getattr(Resource, field).field.m2m_reverse_field_name()
        links = through.objects.filter(resource__in=ids).annotate(
            field=Value(field),
            key=Cast(f"{target}_id", CharField()),
            place=F("pk"),
            **nothing,
        )
        arms.append(links.values_list(*columns, *nothing))
    authors = Authorship.objects.filter(resource__in=ids).order_by()
    authors = authors.annotate(
        field=Value("credits"),
        key=Cast("contributor_id", CharField()),
        # In the order of the credit line, and of the ids within a place.
        place=F("position") * 2**40 + F("pk"),
    )
    told = [f"contributor__{name}" for name in nothing]
    return arms[0].union(*arms[1:], authors.values_list(*columns, *told), all=True)


OUTLINED = Prepared(rows_of(lambda: Resource.objects.published(), OUTLINE))
WITHDRAWN = Prepared(rows_of(lambda: Resource.objects.withdrawn(), OUTLINE))
SHELVED = Prepared(rows_of(lambda: Resource.objects.published(), SHELF))
ON_CARDS = Prepared(rows_of(lambda: Resource.objects.published(), CARD))
COMPLETE = Prepared(
    rows_of(lambda: Resource.objects.published().with_changed_at(), WHOLE)
)
THEMES = Prepared(themes_of)
AUTHORS = Prepared(authors_of)
PARTS = Prepared(parts_of)


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
    no_text = Value("")
    sources = [
        (Programme, F("slug"), NONE, F("aliases")),
        (Theme, F("slug"), NONE, F("aliases")),
        (ResourceType, F("slug"), NONE, F("aliases")),
        (Region, F("slug"), F("parent__slug"), no_text),
        (Country, F("code"), F("region_id"), no_text),
    ]
    names = ["name", "name_fr", "name_es", "name_ar"]
    arms = [
        model.objects.order_by()
        .annotate(
            of=Value(place), key=Cast("pk", CharField()), at=slug, above=above, too=too
        )
        .values_list("of", "key", "at", "above", "too", *names)
        for place, (model, slug, above, too) in enumerate(sources)
    ]
    found = {model: {} for model, *_ in sources}
    for place, key, slug, *rest in arms[0].union(*arms[1:], all=True):
        model = sources[place][0]
        if model is Country:
            slug = slug.lower()
        elif model is not Region:
            key = int(key)
        found[model][key] = Term(model, key, slug, *rest)
    return found
