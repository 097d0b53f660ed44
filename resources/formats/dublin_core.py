"""
Dublin Core as XML, in the form that OAI-PMH asks for.

https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ..documents import Document
from ..models import ROLES
from . import xml
from .values import ARTICLES, doi_url, inverted, line, page_range, permanent_url

NAME = "Dublin Core"
CONTENT_TYPE = "application/xml"
EXTENSION = "xml"

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
ATTRIBUTES = {
    "xmlns:oai_dc": NAMESPACE,
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:xsi": xml.XSI,
    "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
}
# https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7
DCMI_TYPES = {"dataset": "Dataset", "map": "StillImage", "video": "MovingImage"}
# https://vocabularies.coar-repositories.org/resource_types/
COAR = "http://purl.org/coar/resource_type/"
# By the slug of a type; where the vocabulary has nothing closer, report or text.
COAR_TYPES = {
    "article": "c_18cf",
    "book": "c_2f33",
    "brochure": "c_18cf",
    "case-study": "c_18ws",
    "conference-report": "c_c94f",
    "course": "c_e059",
    "dataset": "c_ddb1",
    "factsheet": "c_18cf",
    "guide": "c_18cf",
    "handbook": "c_2f33",
    "journal-article": "c_6501",
    "map": "c_12cd",
    "mapping-study": "c_18ws",
    "newsletter": "c_2659",
    "other": "c_1843",
    "policy-brief": "c_93fc",
    "policy-document": "c_18cf",
    "project-brief": "c_93fc",
    "report": "c_93fc",
    "study": "c_18ws",
    "toolkit": "c_e059",
    "video": "c_12ce",
    "working-paper": "c_8042",
}
# By the end of the address of the source: https://www.iana.org/assignments/media-types/
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "epub": "application/epub+zip",
    "htm": "text/html",
    "html": "text/html",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}
# The catalogue does not know licences. This holds whatever they are.
RIGHTS = (
    "All rights in this resource remain with those who hold them; its source says how "
    "it may be used."
)
# Values in the language of the resource; names of terms are English.
IN_ITS_LANGUAGE = {"title", "description"}


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    """Yield the file: one record is its root, several stand in <records>."""
    elements = (element(document, origin) for document in documents)
    return xml.file(elements, "records")


def element(document: Document, origin: str) -> xml.Xml:
    parts = [xml.NEW_LINE]
    for name, value in statements(document, origin):
        attributes = {}
        if name in IN_ITS_LANGUAGE:
            attributes = {"xml:lang": document.language}
        parts += [xml.element(f"dc:{name}", value, **attributes), xml.NEW_LINE]
    for name, value in statements_for_harvesters(document):
        parts += [xml.element(f"dc:{name}", value), xml.NEW_LINE]
    return xml.element("oai_dc:dc", *parts, **ATTRIBUTES)


def statements_for_harvesters(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what repositories compare and people do not read; pages do not have it."""
    if code := COAR_TYPES.get(document.type.slug):
        yield "type", COAR + code
    if media_type := media_type_of(document.source_url):
        yield "format", media_type
    yield "rights", RIGHTS


def media_type_of(address: str) -> str:
    """Return the type of the file at an address, or "" if its end does not tell."""
    end = PurePosixPath(urlsplit(address).path).suffix
    return MEDIA_TYPES.get(end.removeprefix(".").lower(), "")


def statements(document: Document, origin: str) -> list[tuple[str, str]]:
    """Return names and values of the elements in a fixed order; no value is empty."""
    isbn = re.sub(r"[\s-]", "", line(document.isbn))
    values = [
        ("title", line(document.title)),
        *[("creator", inverted(one)) for one in document.authors],
        *[
            ("contributor", inverted(one))
            for one in dict.fromkeys(document.with_role(*ROLES))
            if one not in document.authors
        ],
        *[("subject", line(theme.name)) for theme in document.themes],
        ("description", line(document.summary)),
        ("publisher", line(document.publisher.name) if document.publisher else ""),
        ("date", str(document.year or "")),
        ("type", line(document.type.name)),
        ("type", DCMI_TYPES.get(document.type.slug, "Text")),
        ("identifier", permanent_url(document, origin)),
        ("identifier", doi_url(document)),
        ("identifier", f"urn:isbn:{isbn}" if isbn else ""),
        ("language", line(document.language)),
        ("source", source(document)),
        ("relation", line(document.source_url)),
        *[("coverage", line(country.name)) for country in document.countries],
        *[("coverage", line(region.name)) for region in document.regions],
    ]
    return [(name, value) for name, value in values if value]


def source(document: Document) -> str:
    """Return periodical, volume, issue and pages of an article: "Name, 17(3), 1–9"."""
    if document.type.slug not in ARTICLES:
        return ""
    name = line(document.publisher.name) if document.publisher else ""
    issue = f"({line(document.issue)})" if document.issue else ""
    pages = "–".join(filter(None, page_range(document)))
    return ", ".join(filter(None, [name, line(document.volume) + issue, pages]))
