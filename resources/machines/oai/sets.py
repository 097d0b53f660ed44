"""The sets of OAI-PMH: programmes, types and themes."""

from functools import lru_cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from ...models import Programme, Resource, ResourceType, Theme
from .protocol import ProtocolError

# Sets with more resources than this are large; see members().
LARGE = 5000


class Vocabulary(NamedTuple):
    """A set that contains one set for each of its terms."""

    name: str
    model: type
    field: str


VOCABULARIES = {
    "programme": Vocabulary("Programmes", Programme, "programme"),
    "type": Vocabulary("Types", ResourceType, "type"),
    "theme": Vocabulary("Themes", Theme, "themes"),
}


def names(version):
    """Return the names of all sets by their setSpec: only terms of public records."""
    # What an open transaction reads may be rolled back, and its version used again.
    return names_of(version) if transaction.get_autocommit() else read_names()


@lru_cache(maxsize=1)
def names_of(version):
    return read_names()


def read_names():
    names = {}
    for kind, (title, model, field) in VOCABULARIES.items():
        published = Resource.objects.published().filter(**{field: OuterRef("pk")})
        terms = model.objects.filter(Exists(published)).order_by("slug")
        terms = terms.values_list("slug", "name")
        if terms:
            names[kind] = title
        names |= {f"{kind}:{slug}": name for slug, name in terms}
    return names


def specs(resource_type, programme, themes):
    """Return the setSpecs of a record; those of vocabularies are implied by them."""
    specs = [f"type:{resource_type.slug}"]
    if programme:
        specs.append(f"programme:{programme.slug}")
    return specs + [f"theme:{theme.slug}" for theme in themes]


def members(spec):
    """
    Return the conditions for changes of resources in a set. Raises ProtocolError.

    Deleted records stay in their sets, or those who harvest a set would miss that
    they are deleted.
    """
    kind, colon, slug = spec.partition(":")
    if not kind:
        return []
    if kind not in VOCABULARIES:
        raise ProtocolError("noRecordsMatch", "There is no such set.")
    terms = VOCABULARIES[kind].model.objects.order_by()
    if colon:
        terms = terms.filter(slug=slug)
    ids = terms.values("resources")
    # A page of a large set is filled soon on the way through all changes; a small set
    # is sorted for each page. SQLite would do one or the other for both.
    if ids[: LARGE + 1].count() > LARGE:
        return [Exists(terms.filter(resources=OuterRef("resource")))]
    return [Q(resource__in=ids)]
