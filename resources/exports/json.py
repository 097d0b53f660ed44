"""JSON: one object for each resource, with all that is public about it."""

from datetime import UTC, datetime
from urllib.parse import quote


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
        "page": page(resource, origin),
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


# Addresses are written out: reverse() would take longer than all the rest.


def page(resource, origin: str) -> str:
    return f"{origin}{resource.permanent_path}{quote(resource.slug)}/"


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
    name = widest.name.rpartition("/")[2]
    return {
        "url": f"{origin}/covers/{resource.pk}/{quote(name)}",
        "width": widest.width,
        "height": widest.height,
        "alt": resource.cover_alt,
    }


def utc(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
