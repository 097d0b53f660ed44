"""The six verbs of OAI-PMH: each returns the elements of its answer."""

from django.conf import settings
from django.utils import timezone

from ...formats import xml
from ...models import Change, Resource
from . import sets
from .lists import Page
from .protocol import ProtocolError, format_date
from .records import FORMATS, format_of, headers, records, requested_row


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
    ]


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
