"""Headers and records of OAI-PMH, for the last changes of resources."""

import re
from typing import NamedTuple

from ...formats import dublin_core, mods, xml
from ...models import Resource
from ..change_lists import documents_of, last_changes
from . import sets
from .protocol import ProtocolError, format_date


class Format(NamedTuple):
    schema: str
    namespace: str
    element: object


FORMATS = {
    "oai_dc": Format(dublin_core.SCHEMA, dublin_core.NAMESPACE, dublin_core.element),
    "mods": Format(mods.SCHEMA, mods.NAMESPACE, mods.element),
}


def format_of(prefix):
    """Return the format with this prefix. Raises ProtocolError."""
    if prefix not in FORMATS:
        text = f"The formats are: {', '.join(FORMATS)}."
        raise ProtocolError("cannotDisseminateFormat", text)
    return FORMATS[prefix]


def requested_row(harvest):
    """Return the last change of the record with the identifier that was requested."""
    identifier = harvest.arguments["identifier"]
    number = identifier.removeprefix(harvest.prefix)
    if identifier != number and re.fullmatch(r"[1-9][0-9]{0,17}", number):
        for row in last_changes().filter(resource=int(number)):
            return row
    raise ProtocolError("idDoesNotExist", "There is no record with this identifier.")


def records(harvest, format, rows):
    """Return the record of each change; deleted ones have no metadata."""
    elements = []
    for header, document in with_headers(harvest, rows):
        metadata = []
        if document:
            element = format.element(document, harvest.origin)
            metadata = [xml.element("metadata", element)]
        elements.append(xml.element("record", header, *metadata))
    return elements


def headers(harvest, rows):
    return [header for header, _document in with_headers(harvest, rows)]


def with_headers(harvest, rows):
    """Yield the header of each change, and the document, or None if it is deleted."""
    by_id = documents_of(rows, harvest.search, harvest.last.pk)
    deleted = {}
    if len(by_id) < len(rows):
        deleted = deleted_specs(harvest, rows, by_id)
    for row in rows:
        document = by_id.get(row.resource_id)
        if document:
            specs = sets.specs(document.type, document.programme, document.themes)
            yield header(harvest, row, specs), document
        else:
            specs = deleted.get(row.resource_id, [])
            yield header(harvest, row, specs, status="deleted"), None


def deleted_specs(harvest, rows, by_id):
    """Return the setSpecs of withdrawn resources, by id."""
    ids = [row.resource_id for row in rows if row.resource_id not in by_id]
    resources = Resource.objects.withdrawn().filter(pk__in=ids)
    resources = resources.select_related("type", "programme")
    # Terms that no public record has are not public.
    names = sets.names(max(harvest.last.pk, *[row.pk for row in rows]))
    return {
        row.pk: [
            spec
            for spec in sets.specs(row.type, row.programme, row.themes.all())
            if spec in names
        ]
        for row in resources.prefetch_related("themes")
    }


def header(harvest, row, specs, **attributes):
    return xml.element(
        "header",
        xml.element("identifier", f"{harvest.prefix}{row.resource_id}"),
        xml.element("datestamp", format_date(row.at)),
        *[xml.element("setSpec", spec) for spec in specs],
        **attributes,
    )
