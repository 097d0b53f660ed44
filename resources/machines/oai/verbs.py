"""The six verbs of OAI-PMH: each returns the elements of its answer."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ...formats import xml
from ...formats.dublin_core import RIGHTS
from ...models import Change, Resource
from . import sets
from .lists import Page
from .protocol import ProtocolError, format_date
from .records import FORMATS, format_of, headers, records, requested_row

# A host name as oai-identifier.xsd takes it: not one that is a number, or has no dot.
REPOSITORY = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")
CONTENT = (
    "Descriptions of reports, toolkits, briefs and studies on diaspora engagement."
)
METADATA_POLICY = "Everybody may harvest the metadata, without registering."


def identify(harvest):
    first = Change.objects.order_by("pk").values_list("at", flat=True).first()
    # RFC 2142: this account exists wherever mail is received.
    email = settings.CONTACT_EMAIL or f"postmaster@{harvest.host}"
    return [
        xml.element("repositoryName", settings.SITE_NAME),
        xml.element("baseURL", harvest.base_url),
        xml.element("protocolVersion", "2.0"),
        xml.element("adminEmail", email),
        xml.element("earliestDatestamp", format_date(first or timezone.now())),
        xml.element("deletedRecord", "persistent"),
        xml.element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        *descriptions(harvest),
    ]


def descriptions(harvest):
    """Yield what identifiers look like, and what is here and may be done with it."""
    if REPOSITORY.fullmatch(harvest.host):
        yield description(
            "oai-identifier",
            "http://www.openarchives.org/OAI/2.0/oai-identifier",
            xml.element("scheme", "oai"),
            xml.element("repositoryIdentifier", harvest.host),
            xml.element("delimiter", ":"),
            xml.element("sampleIdentifier", f"{harvest.prefix}1"),
        )
    about = harvest.origin + reverse("resources:about")
    yield description(
        "eprints",
        "http://www.openarchives.org/OAI/1.1/eprints",
        xml.element("content", xml.element("URL", about), text(CONTENT)),
        xml.element("metadataPolicy", text(METADATA_POLICY)),
        xml.element("dataPolicy", text(RIGHTS)),
    )


def description(tag, namespace, *content):
    schema = f"{namespace} {namespace}.xsd"
    attributes = {"xmlns": namespace, "xsi:schemaLocation": schema}
    return xml.element("description", xml.element(tag, *content, **attributes))


def text(sentence):
    return xml.element("text", sentence)


def list_metadata_formats(harvest):
    if "identifier" in harvest.arguments:
        row = requested_row(harvest)
        if not Resource.objects.published().filter(pk=row.resource_id).exists():
            raise ProtocolError("noMetadataFormats", "This record is deleted.")
    return [
        xml.element(
            "metadataFormat",
            xml.element("metadataPrefix", prefix),
            xml.element("schema", format.schema),
            xml.element("metadataNamespace", format.namespace),
        )
        for prefix, format in FORMATS.items()
    ]


def list_sets(harvest):
    if "resumptionToken" in harvest.arguments:
        text = "The list of sets has no further page."
        raise ProtocolError("badResumptionToken", text)
    names = sets.names(harvest.last.pk)
    if not names:
        text = "No record is public, so there are no sets."
        raise ProtocolError("noSetHierarchy", text)
    return [
        xml.element("set", xml.element("setSpec", spec), xml.element("setName", name))
        for spec, name in names.items()
    ]


def get_record(harvest):
    format = format_of(harvest.arguments["metadataPrefix"])
    return records(harvest, format, [requested_row(harvest)])


def list_identifiers(harvest):
    page = Page.of(harvest)
    format_of(page.prefix)
    rows, token = page.rows(harvest.verb)
    return headers(harvest, rows) + token


def list_records(harvest):
    page = Page.of(harvest)
    format = format_of(page.prefix)
    rows, token = page.rows(harvest.verb)
    return records(harvest, format, rows) + token


ANSWERS = {
    "Identify": identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_identifiers,
    "ListRecords": list_records,
}
