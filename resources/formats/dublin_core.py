"""
Dublin Core as XML, in the form that OAI-PMH asks for.

https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from xml.sax.saxutils import escape, quoteattr

from .values import doi_url, inverted, line, permanent_url

NAME = "Dublin Core"
CONTENT_TYPE = "application/xml"
EXTENSION = "xml"

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
START = (
    f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">\n'
)
# https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7
DCMI_TYPES = {"dataset": "Dataset", "map": "StillImage", "video": "MovingImage"}
# Values in the language of the resource; names of terms are English.
IN_ITS_LANGUAGE = {"title", "description"}


def render(resources: Iterable, origin: str) -> Iterator[str]:
    """One resource is the root of its document; several stand in <records>."""
    resources = iter(resources)
    first = list(islice(resources, 2))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    if len(first) == 1:
        yield element(first[0], origin)
        return
    yield "<records>\n"
    for resource in chain(first, resources):
        yield element(resource, origin)
    yield "</records>\n"


def element(resource, origin: str) -> str:
    parts = [START]
    for name, value in statements(resource, origin):
        language = ""
        if name in IN_ITS_LANGUAGE:
            language = f" xml:lang={quoteattr(resource.language)}"
        parts.append(f"<dc:{name}{language}>{escape(value)}</dc:{name}>\n")
    return "".join([*parts, "</oai_dc:dc>\n"])


def statements(resource, origin: str) -> list[tuple[str, str]]:
    """The elements and their values, in a fixed order; none is empty."""
    slug, isbn = resource.type.slug, re.sub(r"[\s-]", "", resource.isbn)
    places = [*resource.countries, *resource.regions.all()]
    values = [
        ("title", line(resource.title)),
        *[("creator", inverted(contributor)) for contributor in resource.credits],
        *[("subject", line(theme.name)) for theme in resource.themes.all()],
        ("description", line(resource.summary)),
        ("publisher", line(resource.publisher.name) if resource.publisher else ""),
        ("date", str(resource.year or "")),
        ("type", line(resource.type.name)),
        ("type", DCMI_TYPES.get(slug, "Text")),
        ("identifier", permanent_url(resource, origin)),
        ("identifier", doi_url(resource)),
        ("identifier", f"urn:isbn:{isbn}" if isbn else ""),
        ("language", resource.language),
        ("relation", line(resource.source_url)),
        *[("coverage", line(place.name)) for place in places],
    ]
    return [(name, value) for name, value in values if value]
