"""Helpers for tests of OAI-PMH, and the rules that can be seen in one answer."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils import timezone
from lxml import etree

from resources.machines.oai import lists
from resources.models import Change

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
DC_ELEMENTS = {
    "{http://purl.org/dc/elements/1.1/}" + name
    for name in (
        "title creator subject description publisher contributor date type format "
        "identifier source language relation coverage rights"
    ).split()
}
MODS = "{http://www.loc.gov/mods/v3}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Parts of MODS 3.7 that are used: attributes and children of each element.
MODS_ELEMENTS = {
    "mods": (
        {"version"},
        "titleInfo name typeOfResource genre originInfo language abstract subject "
        "relatedItem identifier location recordInfo",
    ),
    "titleInfo": (set(), "title"),
    "title": (set(), ""),
    "name": ({"type"}, "namePart role"),
    "namePart": ({"type"}, ""),
    "part": (set(), "detail extent"),
    "detail": ({"type"}, "number"),
    "number": (set(), ""),
    "extent": ({"unit"}, "start end list"),
    "start": (set(), ""),
    "end": (set(), ""),
    "list": (set(), ""),
    "role": (set(), "roleTerm"),
    "roleTerm": ({"type", "authority"}, ""),
    "typeOfResource": (set(), ""),
    "genre": ({"authority"}, ""),
    "originInfo": (set(), "publisher dateIssued"),
    "publisher": (set(), ""),
    "dateIssued": ({"encoding"}, ""),
    "language": (set(), "languageTerm"),
    "languageTerm": ({"type", "authority"}, ""),
    "abstract": (set(), ""),
    "subject": (set(), "topic geographic"),
    "topic": (set(), ""),
    "geographic": (set(), ""),
    "relatedItem": ({"type"}, "titleInfo part"),
    "identifier": ({"type"}, ""),
    "location": (set(), "url"),
    "url": ({"usage"}, ""),
    "recordInfo": (set(), "recordIdentifier recordChangeDate"),
    "recordIdentifier": (set(), ""),
    "recordChangeDate": ({"encoding"}, ""),
}
MODS_VALUES = {
    ("name", "type"): {"personal", "corporate"},
    ("namePart", "type"): {"family", "given", "termsOfAddress"},
    ("roleTerm", "type"): {"code"},
    ("languageTerm", "type"): {"code"},
    ("languageTerm", "authority"): {"rfc3066"},
    ("dateIssued", "encoding"): {"w3cdtf"},
    ("recordChangeDate", "encoding"): {"w3cdtf"},
    ("relatedItem", "type"): {"series", "host"},
    ("genre", "authority"): {"local", "marcgt"},
    ("detail", "type"): {"volume", "issue"},
    ("extent", "unit"): {"pages"},
    ("url", "usage"): {"primary display"},
}
MODS_KINDS = {"text", "cartographic", "moving image", "software, multimedia"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
VERBS = {
    "Identify": "",
    "ListMetadataFormats": "metadataFormat",
    "ListSets": "set",
    "GetRecord": "record",
    "ListIdentifiers": "header",
    "ListRecords": "record",
}
ERRORS = {
    *["badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat"],
    *["idDoesNotExist", "noRecordsMatch", "noMetadataFormats", "noSetHierarchy"],
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SPEC = re.compile(r"[\w\-.!~*'()]+(:[\w\-.!~*'()]+)*", re.ASCII)


def names(element):
    return [child.tag.removeprefix(OAI) for child in element]


def check(xml):
    """Every rule of the protocol that can be seen in one answer; gives its root."""
    root = etree.fromstring(xml)
    assert xml.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert root.tag == f"{OAI}OAI-PMH"
    assert root.get(XSI).split()[0] == OAI[1:-1]
    date, request, *rest = root
    assert date.tag == f"{OAI}responseDate" and STAMP.fullmatch(date.text)
    assert datetime.fromisoformat(date.text) <= timezone.now()
    assert request.tag == f"{OAI}request" and request.text.endswith("/oai")
    kinds = set(names(rest))
    if kinds == {"error"}:
        codes = {error.get("code") for error in rest}
        assert codes <= ERRORS and all(error.text for error in rest)
        if codes & {"badVerb", "badArgument"}:
            assert not request.attrib
        return root
    [answer] = rest
    verb = answer.tag.removeprefix(OAI)
    assert request.get("verb") == verb
    if verb == "Identify":
        check_identify(answer, request)
        return root
    items = list(answer)
    if items[-1].tag == f"{OAI}resumptionToken":
        check_token(items.pop(), request, verb)
    assert items and set(names(items)) == {VERBS[verb]}
    for item in items:
        {
            "metadataFormat": check_format,
            "set": check_set,
            "header": check_header,
            "record": check_record,
        }[VERBS[verb]](item)
    assert (
        verb not in {"ListRecords", "ListIdentifiers"} or len(items) <= lists.PER_PAGE
    )
    stamps = [stamp.text for stamp in root.iter(f"{OAI}datestamp")]
    assert stamps == sorted(stamps)
    for name, compare in [("from", str.__ge__), ("until", str.__le__)]:
        if limit := request.get(name):
            assert all(compare(stamp[: len(limit)], limit) for stamp in stamps)
    return root


def check_identify(answer, request):
    assert names(answer) == [
        *["repositoryName", "baseURL", "protocolVersion", "adminEmail"],
        *["earliestDatestamp", "deletedRecord", "granularity"],
        *["description" for _ in answer.findall(f"{OAI}description")],
    ]
    values = {child.tag.removeprefix(OAI): child.text for child in answer}
    assert values["baseURL"] == request.text and values["protocolVersion"] == "2.0"
    assert re.fullmatch(r"\S+@\S+", values["adminEmail"])
    assert STAMP.fullmatch(values["earliestDatestamp"])
    assert values["deletedRecord"] == "persistent"
    assert values["granularity"] == "YYYY-MM-DDThh:mm:ssZ"


def check_token(token, request, verb):
    assert verb in {"ListRecords", "ListIdentifiers"}
    assert {"cursor"} <= set(token.attrib) <= {"cursor", "completeListSize"}
    assert token.get("cursor").isdigit()
    if size := token.get("completeListSize"):
        assert int(size) > int(token.get("cursor"))
    # The first page has a token with text; the last one, an empty token.
    if not token.text:
        assert request.get("resumptionToken")
    if token.get("cursor") == "0":
        assert token.text and request.get("metadataPrefix")


def check_format(item):
    assert names(item) == ["metadataPrefix", "schema", "metadataNamespace"]


def check_set(item):
    assert names(item) == ["setSpec", "setName"]
    assert SPEC.fullmatch(item[0].text) and item[1].text


def check_header(header):
    first, second, *specs = names(header)
    assert (first, second) == ("identifier", "datestamp")
    assert set(specs) <= {"setSpec"}
    assert header.get("status") in {None, "deleted"}
    assert re.fullmatch(r"oai:[\w.-]+:[1-9]\d*", header[0].text)
    assert STAMP.fullmatch(header[1].text)
    found = [child.text for child in header[2:]]
    assert len(set(found)) == len(found) and all(map(SPEC.fullmatch, found))


def check_record(record):
    header = record[0]
    check_header(header)
    if header.get("status") == "deleted":
        assert names(record) == ["header"]
        return
    assert names(record) == ["header", "metadata"]
    [element] = record[1]
    assert len(element.get(XSI).split()) == 2
    if element.tag == DC:
        assert len(element) and {child.tag for child in element} <= DC_ELEMENTS
        for child in element:
            assert child.text and not len(child)
            assert set(child.attrib) <= {LANG}
    else:
        check_mods(element)


def check_mods(element):
    assert element.tag == f"{MODS}mods" and element.get("version") == "3.7"
    for part in element.iter():
        name = part.tag.removeprefix(MODS)
        attributes, children = MODS_ELEMENTS[name]
        assert set(part.attrib) - {XSI} <= attributes
        for attribute, value in part.attrib.items():
            assert value in MODS_VALUES.get((name, attribute), {value})
        assert {child.tag.removeprefix(MODS) for child in part} <= set(children.split())
        assert len(part) or part.text, f"{name} is empty"
    kinds = element.findall(f"{MODS}typeOfResource")
    assert {kind.text for kind in kinds} <= MODS_KINDS
    for identifier in element.findall(f"{MODS}identifier"):
        assert identifier.get("type") in {"doi", "isbn", "uri"}
    changed = element.findtext(f"{MODS}recordInfo/{MODS}recordChangeDate")
    assert STAMP.fullmatch(changed)


# Requests and what they list


def post(client, data):
    body = urlencode(data, doseq=True)
    return client.post("/oai", body, "application/x-www-form-urlencoded")


def code(root):
    errors = root.findall(f"{OAI}error")
    return errors[0].get("code") if errors else None


def ids(root):
    """The numbers of the resources listed; negative when deleted."""
    return [
        int(header.findtext(f"{OAI}identifier").rpartition(":")[2])
        * (-1 if header.get("status") else 1)
        for header in root.iter(f"{OAI}header")
    ]


def token(root):
    return root.findtext(f".//{OAI}resumptionToken")


def dated(resource, at):
    """Move the last change of a resource to a time of the test's choosing."""
    at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    Change.objects.filter(resource=resource, is_last=True).update(at=at)


def withdraw(resource):
    resource.status, resource.withdrawn_reason = "withdrawn", "Asked by the author"
    resource.save()
