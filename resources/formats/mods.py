"""
MODS 3.7, in which the Library of Congress describes what a library holds.

https://www.loc.gov/standards/mods/mods-3-7.html
"""

from collections.abc import Iterable, Iterator

from ..documents import Contributor, Document
from ..models import ROLES
from .values import ARTICLES, authority_url, line, page_range, permanent_url, utc
from .xml import XSI, Xml, file
from .xml import element as tag

NAME = "MODS"
CONTENT_TYPE = "application/mods+xml"
EXTENSION = "mods"

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "https://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
ATTRIBUTES = {
    "xmlns": NAMESPACE,
    "version": "3.7",
    "xmlns:xsi": XSI,
    "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
}
# The standard has a closed list of them; by the slug of the type of the resource.
KINDS = {
    "map": "cartographic",
    "video": "moving image",
    "dataset": "software, multimedia",
}
# https://id.loc.gov/vocabulary/genreFormSchemes/marcgt
MARC_GENRES = {
    "article": "article",
    "book": "book",
    "conference-report": "conference publication",
    "dataset": "numeric data",
    "handbook": "handbook",
    "journal-article": "article",
    "map": "map",
    "newsletter": "issue",
    "video": "videorecording",
}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    """Yield the file: one record is its root, several stand in <modsCollection>."""
    elements = (element(document, origin) for document in documents)
    return file(elements, "modsCollection", xmlns=NAMESPACE)


def element(document: Document, origin: str) -> Xml:
    places = [*document.regions, *document.countries]
    language = tag("languageTerm", document.language, type="code", authority="rfc3066")
    return tag(
        "mods",
        title_info(document.title),
        *[
            name(contributor, ROLES[role].marc)
            for role, contributor in document.contributions
            if role in ROLES
        ],
        tag("typeOfResource", KINDS.get(document.type.slug, "text")),
        *genres(document),
        *origin_info(document),
        tag("language", language),
        tag("abstract", document.summary),
        *[subject("topic", theme.name) for theme in document.themes],
        *[subject("geographic", place.name) for place in places],
        *series(document),
        *host(document),
        *identifiers(document, origin),
        location(document, origin),
        record_info(document, origin),
        **ATTRIBUTES,
    )


def title_info(title: str) -> Xml:
    return tag("titleInfo", tag("title", line(title)))


def name(contributor: Contributor, relator: str) -> Xml:
    """Return who has a role, family and given names apart where they are known."""
    if contributor.given:
        divided = {
            "family": contributor.family,
            "given": contributor.given,
            "termsOfAddress": contributor.suffix,
        }
        parts = [
            tag("namePart", line(part), type=kind)
            for kind, part in divided.items()
            if part
        ]
    else:
        parts = [tag("namePart", line(contributor.name))]
    if contributor.romanised:
        romanised = line(contributor.romanised)
        parts.append(tag("alternativeName", tag("namePart", romanised)))
    role = tag("role", tag("roleTerm", relator, type="code", authority="marcrelator"))
    attributes = {"type": "personal" if contributor.is_person else "corporate"}
    if address := authority_url(contributor):
        attributes["valueURI"] = address
    return tag("name", *parts, role, **attributes)


def genres(document: Document) -> list[Xml]:
    """Return the genre in words of the Library of Congress, if it has any, and ours."""
    slug = document.type.slug
    ours = tag("genre", line(document.type.name), authority="local")
    if slug not in MARC_GENRES:
        return [ours]
    return [tag("genre", MARC_GENRES[slug], authority="marcgt"), ours]


def origin_info(document: Document) -> list[Xml]:
    parts = []
    if document.publisher and document.type.slug not in ARTICLES:
        parts.append(tag("publisher", line(document.publisher.name)))
    if document.year:
        parts.append(tag("dateIssued", str(document.year), encoding="w3cdtf"))
    return [tag("originInfo", *parts)] if parts else []


def subject(kind: str, name: str) -> Xml:
    return tag("subject", tag(kind, line(name)))


def series(document: Document) -> list[Xml]:
    if not document.programme:
        return []
    return [tag("relatedItem", title_info(document.programme.name), type="series")]


def host(document: Document) -> list[Xml]:
    """Return the periodical that an article appeared in, and where in it."""
    if document.type.slug not in ARTICLES:
        return []
    parts = []
    if document.publisher:
        parts.append(title_info(document.publisher.name))
    numbers = {"volume": document.volume, "issue": document.issue}
    details = [
        tag("detail", tag("number", line(number)), type=kind)
        for kind, number in numbers.items()
        if number
    ]
    first, last = page_range(document)
    if last:
        pages = tag("start", first), tag("end", last)
        details.append(tag("extent", *pages, unit="pages"))
    elif first:
        details.append(tag("extent", tag("list", first), unit="pages"))
    if details:
        parts.append(tag("part", *details))
    return [tag("relatedItem", *parts, type="host")] if parts else []


def identifiers(document: Document, origin: str) -> list[Xml]:
    values = {
        "doi": document.doi,
        "isbn": document.isbn,
        "uri": permanent_url(document, origin),
    }
    return [
        tag("identifier", line(value), type=kind)
        for kind, value in values.items()
        if value
    ]


def location(document: Document, origin: str) -> Xml:
    urls = [tag("url", permanent_url(document, origin), usage="primary display")]
    if document.source_url:
        urls.append(tag("url", line(document.source_url)))
    return tag("location", *urls)


def record_info(document: Document, origin: str) -> Xml:
    return tag(
        "recordInfo",
        tag("recordIdentifier", permanent_url(document, origin)),
        tag("recordChangeDate", utc(document.changed_at), encoding="w3cdtf"),
    )
