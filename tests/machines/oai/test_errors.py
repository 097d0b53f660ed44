"""Errors of OAI-PMH, other methods, and hostile data and arguments."""

import re

import pytest
from django.test import Client

from resources.machines.oai.records import FORMATS
from resources.models import Contributor, Theme

from ... import hostile
from .rules import ERRORS, check, code, post


def test_bad_verbs(ask, db):
    for verb in [None, "", "Nothing", "identify", ["Identify", "Identify"]]:
        assert code(ask(verb)) == "badVerb"


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("badArgument", {"verb": "Identify", "set": "type"}),
        ("badArgument", {"verb": "Identify", "identifier": "x"}),
        ("badArgument", {"verb": "ListMetadataFormats", "metadataPrefix": "oai_dc"}),
        ("badArgument", {"verb": "ListSets", "set": "type"}),
        ("badResumptionToken", {"verb": "ListSets", "resumptionToken": "x"}),
        ("badArgument", {"verb": "GetRecord"}),
        ("badArgument", {"verb": "GetRecord", "metadataPrefix": "oai_dc"}),
        ("badArgument", {"verb": "GetRecord", "identifier": "oai:testserver:1"}),
        (
            "cannotDisseminateFormat",
            {"verb": "GetRecord", "identifier": "x", "metadataPrefix": "marc21"},
        ),
        (
            "idDoesNotExist",
            {"verb": "GetRecord", "identifier": "x", "metadataPrefix": "mods"},
        ),
        ("idDoesNotExist", {"verb": "ListMetadataFormats", "identifier": "x"}),
    ],
)
def test_errors(ask, make_resource, expected, arguments):
    make_resource()
    assert code(ask(**arguments)) == expected


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("badArgument", {}),
        ("badArgument", {"metadataPrefix": ["oai_dc", "oai_dc"]}),
        ("badArgument", {"metadataPrefix": "oai_dc", "identifier": "x"}),
        ("badArgument", {"metadataPrefix": "oai_dc", "resumptionToken": "x"}),
        ("badArgument", {"metadataPrefix": ""}),
        ("badArgument", {"metadataPrefix": "oai_dc", "set": ""}),
        ("badArgument", {"metadataPrefix": "oai_dc", "set": "type:"}),
        ("badArgument", {"metadataPrefix": "oai_dc", "set": "a b"}),
        *[
            ("badArgument", {"metadataPrefix": "oai_dc", name: date})
            for name in ["from_", "until"]
            for date in [
                *["", "x", "2026", "2026-13-01", "2026-02-30", "0000-01-01"],
                *["2026-01-01T00:00:00", "2026-01-01T00:00Z", "20260101"],
                *["2026-01-01T00:00:00.5Z", "2026-01-01T24:00:00Z"],
                *["2026-01-01T00:00:00+00:00", "2026-01-01\n", "٢٠٢٦-01-01"],
            ]
        ],
        (
            "badArgument",
            {"metadataPrefix": "mods", "from_": "2026-01-02", "until": "2026-01-01"},
        ),
        (
            "badArgument",
            {
                "metadataPrefix": "mods",
                "from_": "2026-01-01",
                "until": "2026-01-01T00:00:00Z",
            },
        ),
        ("cannotDisseminateFormat", {"metadataPrefix": "marc21"}),
        ("noRecordsMatch", {"metadataPrefix": "mods", "from_": "9999-12-31"}),
        ("noRecordsMatch", {"metadataPrefix": "mods", "until": "0001-01-01"}),
        ("badResumptionToken", {"resumptionToken": ""}),
        ("badResumptionToken", {"resumptionToken": "x"}),
        ("badResumptionToken", {"resumptionToken": "a:b:c"}),
    ],
)
def test_errors_of_lists(ask, make_resource, verb, expected, arguments):
    make_resource()
    assert code(ask(verb, **arguments)) == expected


def test_an_empty_catalogue(ask, db):
    assert code(ask("ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"


def test_other_methods_and_kinds_of_forms(client, db):
    assert client.put("/oai").status_code == 405
    assert client.head("/oai?verb=Identify").status_code == 200
    for body, kind in [
        ('{"verb": "Identify"}', "application/json"),
        ("verb=Identify", "multipart/form-data; boundary=x"),
        ("verb=Identify", "application/x-www-form-urlencoded; charset=utf-16"),
        ("&".join(f"a{n}=1" for n in range(2000)), "application/x-www-form-urlencoded"),
        ("verb=Identify" + "&a=" * 3_000_000, "application/x-www-form-urlencoded"),
    ]:
        response = client.post("/oai", body, kind)
        assert response.status_code == 200
        assert code(check(response.content)) == "badVerb"


def test_strangers_need_no_token_to_post(db):
    response = post(Client(enforce_csrf_checks=True), {"verb": "Identify"})
    assert code(check(response.content)) is None


# Hostile data


def test_hostile_records(ask, make_resource):
    text = (
        "<b>\"'&]]>{{ 7*7 }}</dc:title>\n\x01\x0b\x1b\x7f\ufffe\uffff\u202e a\u0300 🏳️‍🌈"
    )
    resource = make_resource(
        title=text,
        summary=text,
        authors=[text],
        themes=[text],
        programme=text,
        publisher=text,
        type=text,
        language="x&<",
        source_url="https://x/?<&\"'",
        doi='10.1/<&"',
    )
    Contributor.objects.update(sort_name=f"{text}, {text}")
    Theme.objects.update(slug="hostile")
    resource.programme.__class__.objects.update(slug="hostile")
    resource.type.__class__.objects.update(slug="hostile")
    shown = re.sub("[\x01\x0b\x1b\x7f\ufffe\uffff]", "", text).split()
    for prefix in FORMATS:
        root = ask("ListRecords", metadataPrefix=prefix)
        titles = [
            part.text for part in root.iter() if part.tag.rpartition("}")[2] == "title"
        ]
        assert titles[0].replace("\x7f", "").split() == shown
    ask("ListSets")


@pytest.mark.parametrize("text", hostile.VALUES, ids=lambda text: repr(text[:20]))
def test_hostile_arguments(client, make_resource, text):
    resource = make_resource()
    good = {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "identifier": f"oai:testserver:{resource.pk}",
        "set": "type",
        "from": "2020-01-01",
        "until": "2030-01-01",
        "resumptionToken": "x",
    }
    for verb, names_ in [
        ("ListRecords", ["metadataPrefix", "set", "from", "until"]),
        ("ListRecords", ["resumptionToken"]),
        ("GetRecord", ["metadataPrefix", "identifier"]),
        ("ListMetadataFormats", ["identifier"]),
        ("ListSets", ["resumptionToken"]),
    ]:
        for name in [*names_, "verb", "unknown"]:
            data = {n: good[n] for n in names_} | {"verb": verb} | {name: text}
            for response in [client.get("/oai", data), post(client, data)]:
                assert response.status_code == 200
                assert code(check(response.content)) in ERRORS


@pytest.mark.parametrize("query", hostile.QUERIES, ids=lambda query: query[:20])
def test_hostile_query_strings(client, db, query):
    assert client.get(f"/oai?verb=Identify{'&a=1' * 2000}").status_code == 200
    for start in ["", "verb=ListRecords&metadataPrefix=oai_dc&", "verb=Identify&"]:
        response = client.get(f"/oai?{start}{query}")
        assert response.status_code == 200
        check(response.content)
