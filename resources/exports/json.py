"""JSON: one object for each resource, with all that is public about it."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

from django.urls import reverse


def as_json(resource, origin: str) -> dict:
    """
    All that is public about a resource; expects one loaded with for_export().

    The keys are always there. Names of terms are English, times are UTC, and what
    is not known is null.
    """
    publisher = resource.publisher
    return {
        "id": resource.pk,
        "url": origin + resource.permanent_path,
        "page": origin + resource.get_absolute_url(),
        "title": resource.title,
        "summary": resource.summary,
        "description": resource.description or None,
        "language": resource.language,
        "type": term(resource.type),
        "programme": term(resource.programme) if resource.programme else None,
        "themes": [term(theme) for theme in resource.themes.all()],
        "regions": [
            {"code": region.code, **term(region)} for region in resource.regions.all()
        ],
        "countries_of_origin": [
            country(one) for one in resource.countries_of_origin.all()
        ],
        "countries_of_residence": [
            country(one) for one in resource.countries_of_residence.all()
        ],
        "authors": [author(one) for one in resource.credits],
        "publisher": {"id": publisher.pk, "name": publisher.name}
        if publisher
        else None,
        "year": resource.year,
        "source_url": resource.source_url or None,
        "doi": resource.doi or None,
        "isbn": resource.isbn or None,
        "cover": cover(resource, origin),
        "published_at": utc(resource.published_at),
        "changed_at": utc(resource.changed_at),
    }


def term(one) -> dict:
    return {"slug": one.slug, "name": one.name}


def country(one) -> dict:
    return {"code": one.code, "name": one.name}


def author(contributor) -> dict:
    family, _comma, given = contributor.sort_name.partition(",")
    is_person = contributor.kind == contributor.Kind.PERSON
    return {
        "id": contributor.pk,
        "name": contributor.name,
        "kind": contributor.kind,
        "family": family.strip() or None if is_person else None,
        "given": given.strip() or None if is_person else None,
    }


def cover(resource, origin: str) -> dict | None:
    """The widest file of the cover."""
    if not resource.cover:
        return None
    widest = resource.covers[-1]
    name = PurePosixPath(widest.name).name
    return {
        "url": origin + reverse("cover", args=[resource.pk, name]),
        "width": widest.width,
        "height": widest.height,
        "alt": resource.cover_alt,
    }


def utc(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
