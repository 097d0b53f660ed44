"""JSON: an array with one object for each resource, one to a line."""

import json
from collections.abc import Iterable, Iterator

from .values import clean, cover, line, page_url, permanent_url, utc

NAME = "JSON"
CONTENT_TYPE = "application/json"
EXTENSION = "json"


def render(resources: Iterable, origin: str) -> Iterator[str]:
    return array(as_json(resource, origin) for resource in resources)


def array(items: Iterable[dict]) -> Iterator[str]:
    yield "["
    start = "\n"
    for item in items:
        yield start + dumps(item)
        start = ",\n"
    yield "\n]\n"


def dumps(item) -> str:
    return json.dumps(item, ensure_ascii=False, allow_nan=False)


def as_json(resource, origin: str) -> dict:
    """
    All that is public about a resource. These keys are there always and stay:

    id                      number, permanent
    url                     permanent address, in no language
    page                    address of the English page; follows the title
    title, summary          text in the language of the resource
    description             the same, as Markdown, or null
    language                BCP 47 tag
    type                    {slug, name}
    programme               {slug, name} or null
    themes                  list of {slug, name}
    regions                 list of {code, slug, name}; code of UN M49
    countries_of_origin,
    countries_of_residence  list of {code, name}; code of ISO 3166-1
    authors                 in order: list of {id, name, kind, family, given}; kind is
                            person or organisation, family and given may be null
    publisher               {id, name} or null
    year                    number or null
    source_url, doi, isbn   text or null
    cover                   {url, width, height, alt} or null
    published_at            when it came into the catalogue: UTC, "2024-05-01T08:00:00Z"
    changed_at              when it last became different for the public: the same

    Names of terms are English.
    """
    publisher = resource.publisher
    return {
        "id": resource.pk,
        "url": permanent_url(resource, origin),
        "page": page_url(resource, origin),
        "title": line(resource.title),
        "summary": clean(resource.summary),
        "description": clean(resource.description) or None,
        "language": resource.language,
        "type": term(resource.type),
        "programme": resource.programme and term(resource.programme),
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
        "authors": [author(contributor) for contributor in resource.credits],
        "publisher": publisher and {"id": publisher.pk, "name": line(publisher.name)},
        "year": resource.year,
        "source_url": line(resource.source_url) or None,
        "doi": line(resource.doi) or None,
        "isbn": line(resource.isbn) or None,
        "cover": cover(resource, origin),
        "published_at": utc(resource.published_at),
        "changed_at": utc(resource.changed_at),
    }


def term(one) -> dict:
    return {"slug": one.slug, "name": line(one.name)}


def country(one) -> dict:
    return {"code": one.code, "name": line(one.name)}


def author(contributor) -> dict:
    return {
        "id": contributor.pk,
        "name": line(contributor.name),
        "kind": contributor.kind,
        "family": line(contributor.family) or None,
        "given": line(contributor.given) or None,
    }
