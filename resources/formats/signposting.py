"""
Typed links from the page of a record to all that machines may want of it.

https://signposting.org/FAIR/
"""

from collections.abc import Iterator

from django.conf import settings

from ..documents import Document
from . import OF_ONE
from .metadata import schema_type
from .values import page_url, permanent_url

CONTENT_TYPE = "application/linkset+json"


def links(document: Document, origin: str) -> Iterator[tuple[str, str, dict]]:
    """Yield address, relation and attributes of each link."""
    record = permanent_url(document, origin)
    file = record.removesuffix("/")
    yield record, "cite-as", {}
    for extension, module in OF_ONE.items():
        yield f"{file}.{extension}", "describedby", {"type": module.CONTENT_TYPE}
    yield "https://schema.org/AboutPage", "type", {}
    yield f"https://schema.org/{schema_type(document)}", "type", {}
    yield f"{file}.linkset.json", "linkset", {"type": CONTENT_TYPE}


def link_header(document: Document, origin: str) -> str:
    """Return the links as a header: https://www.rfc-editor.org/rfc/rfc8288"""
    values = []
    for url, relation, attributes in links(document, origin):
        more = "".join(f'; {name}="{value}"' for name, value in attributes.items())
        values.append(f'<{url}>; rel="{relation}"{more}')
    return ", ".join(values)


def linkset(document: Document, origin: str) -> dict:
    """Return the links as a file: https://www.rfc-editor.org/rfc/rfc9264"""
    page = {"href": page_url(document, origin), "type": "text/html"}
    of_page, of_files = {}, []
    for url, relation, attributes in links(document, origin):
        if relation != "linkset":
            of_page.setdefault(relation, []).append({"href": url, **attributes})
        if relation == "describedby":
            of_files.append({"anchor": url, "describes": [page]})
    pages = [
        {"anchor": page_url(document, origin, language)} | of_page
        for language, _name in settings.LANGUAGES
    ]
    return {"linkset": [*pages, *of_files]}
