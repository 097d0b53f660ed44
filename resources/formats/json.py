"""JSON: an array with one object for each record, one to a line."""

import json
from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document, Term
from ..models import Role
from .values import authority_url, clean, cover, line, page_url, permanent_url, utc

NAME = "JSON"
CONTENT_TYPE = "application/json"
EXTENSION = "json"

ROLE_KEYS = {
    "authors": Role.AUTHOR,
    "editors": Role.EDITOR,
    "translators": Role.TRANSLATOR,
    "contributors": Role.CONTRIBUTOR,
    "funders": Role.FUNDER,
    "shared_by": Role.SHARED_BY,
}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    return array(as_json(document, origin) for document in documents)


def array(items: Iterable[dict]) -> Iterator[str]:
    """Yield an array in pieces, one item to a line."""
    yield "["
    start = "\n"
    for item in items:
        yield start + dumps(item)
        start = ",\n"
    yield "\n]\n"


def dumps(item: dict) -> str:
    return json.dumps(item, ensure_ascii=False, allow_nan=False)


def as_json(document: Document, origin: str) -> dict:
    """
    Return all that is public about a record. These keys are always there:

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
    authors, editors,
    translators,
    contributors, funders   in order: list of {id, name, kind, family, given, suffix,
                            romanised, note, orcid, ror}; kind is person or
                            organisation; all that follows may be null
    shared_by               the same of who brought the resource to the library and
                            had no part in it
    publisher               {id, name} or null
    year                    number or null
    source_url, doi, isbn   text or null
    volume, issue, pages    of an article in a periodical: text or null
    change_note             what became different, in words, or null
    reviewed_on             day of the last review, "2024-05-01", or null
    cover                   {url, width, height, alt} or null
    published_at            when it came into the catalogue: UTC, "2024-05-01T08:00:00Z"
    changed_at              when it last became different for the public: the same

    Names of terms are English.
    """
    publisher = document.publisher
    return {
        "id": document.id,
        "url": permanent_url(document, origin),
        "page": page_url(document, origin),
        "title": line(document.title),
        "summary": clean(document.summary),
        "description": clean(document.description) or None,
        "language": line(document.language),
        "type": term(document.type),
        "programme": document.programme and term(document.programme),
        "themes": [term(theme) for theme in document.themes],
        "regions": [
            {"code": line(region.code), **term(region)} for region in document.regions
        ],
        "countries_of_origin": [country(one) for one in document.countries_of_origin],
        "countries_of_residence": [
            country(one) for one in document.countries_of_residence
        ],
        **{key: people(document.with_role(role)) for key, role in ROLE_KEYS.items()},
        "publisher": publisher and {"id": publisher.id, "name": line(publisher.name)},
        "year": document.year,
        "source_url": line(document.source_url) or None,
        "doi": line(document.doi) or None,
        "isbn": line(document.isbn) or None,
        "volume": line(document.volume) or None,
        "issue": line(document.issue) or None,
        "pages": line(document.pages) or None,
        "change_note": line(document.change_note) or None,
        "reviewed_on": document.reviewed_on and document.reviewed_on.isoformat(),
        "cover": cover(document, origin),
        "published_at": utc(document.published_at),
        "changed_at": utc(document.changed_at),
    }


def term(one: Term) -> dict:
    return {"slug": line(one.slug), "name": line(one.name)}


def country(one: Term) -> dict:
    return {"code": line(one.code), "name": line(one.name)}


def people(contributors: Iterable[Contributor]) -> list[dict]:
    return [person(one) for one in contributors]


def person(contributor: Contributor) -> dict:
    return {
        "id": contributor.id,
        "name": line(contributor.name),
        "kind": contributor.kind,
        "family": line(contributor.family) or None,
        "given": line(contributor.given) or None,
        "suffix": line(contributor.suffix) or None,
        "romanised": line(contributor.romanised) or None,
        "note": line(contributor.note) or None,
        "orcid": authority_url(contributor) if contributor.orcid else None,
        "ror": authority_url(contributor) if contributor.ror else None,
    }
