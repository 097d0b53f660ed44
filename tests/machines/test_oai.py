"""The catalogue as harvesters see it: OAI-PMH 2.0, every answer checked."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from lxml import etree
from oaipmh_scythe import Scythe

from resources import changes, records
from resources.formats import dublin_core, mods
from resources.machines import oai
from resources.models import Change, Contributor, Country, Region, Resource, Theme

from .. import hostile
from ..factories import MARK
from .oai_rules import DC, ERRORS, MODS, OAI, check


@pytest.fixture(autouse=True)
def nothing_kept():
    oai.sets_at.cache_clear()
    records.vocabularies_at.cache_clear()


def post(client, data):
    body = urlencode(data, doseq=True)
    return client.post("/oai", body, "application/x-www-form-urlencoded")


@pytest.fixture
def ask(client):
    """The checked answer to a question: GET and POST must give the same."""

    def ask(verb=None, **arguments):
        data = {"verb": verb} if verb else {}
        # "from" is a word of Python.
        data |= {name.rstrip("_"): value for name, value in arguments.items()}
        got = client.get(f"/oai?{urlencode(data, doseq=True)}")
        posted = post(client, data)
        for response in [got, posted]:
            assert response.status_code == 200
            assert response["Content-Type"].startswith("text/xml")
            check(response.content)
        now = re.compile(rb"<(responseDate|earliestDatestamp)>[^<]*")
        assert now.sub(b"", got.content) == now.sub(b"", posted.content)
        root = etree.fromstring(got.content)
        declared = {
            spec.text
            for spec in etree.fromstring(client.get("/oai?verb=ListSets").content).iter(
                f"{OAI}setSpec"
            )
        }
        assert {spec.text for spec in root.iter(f"{OAI}setSpec")} <= declared
        return root

    return ask


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


# The six verbs


def test_identify(ask, make_resource, settings):
    settings.SITE_NAME, settings.CONTACT_EMAIL = "A & B <Library>", "lib@example.org"
    assert code(ask("Identify")) is None
    resource = make_resource()
    Change.objects.update(at=datetime(2020, 1, 2, 3, 4, 5, 678, tzinfo=UTC))
    root = ask("Identify")
    assert root.findtext(f".//{OAI}repositoryName") == "A & B <Library>"
    assert root.findtext(f".//{OAI}adminEmail") == "lib@example.org"
    assert root.findtext(f".//{OAI}earliestDatestamp") == "2020-01-02T03:04:05Z"
    resource.title = "Changed"
    resource.save()
    assert "2020-01-02T03:04:05Z" in etree.tostring(ask("Identify")).decode()


def test_there_is_an_address_to_write_to_even_if_none_is_set(ask, db, settings):
    settings.CONTACT_EMAIL = ""
    assert ask("Identify").findtext(f".//{OAI}adminEmail") == "postmaster@testserver"


def test_formats(ask, make_resource):
    resource = make_resource()
    for arguments in [{}, {"identifier": f"oai:testserver:{resource.pk}"}]:
        root = ask("ListMetadataFormats", **arguments)
        found = [found.text for found in root.iter(f"{OAI}metadataPrefix")]
        assert found == ["oai_dc", "mods"]
    withdraw(resource)
    root = ask("ListMetadataFormats", identifier=f"oai:testserver:{resource.pk}")
    assert code(root) == "noMetadataFormats"


def test_sets_are_the_terms_of_public_records(ask, make_resource):
    assert code(ask("ListSets")) == "noSetHierarchy"
    make_resource(programme="MIDA", themes=["Health", "Youth"])
    make_resource(programme="Secret", themes=["Secret"], type="Secret", status="draft")
    gone = make_resource(programme="Gone", themes=["Gone", "Health"], type="Gone")
    withdraw(gone)
    found = [spec.text for spec in ask("ListSets").iter(f"{OAI}setSpec")]
    assert found == [
        *["programme", "programme:mida", "type", "type:report"],
        *["theme", "theme:health", "theme:youth"],
    ]
    [header] = list(
        ask(
            "GetRecord",
            identifier=f"oai:testserver:{gone.pk}",
            metadataPrefix="oai_dc",
        ).iter(f"{OAI}header")
    )
    assert [spec.text for spec in header.iter(f"{OAI}setSpec")] == ["theme:health"]


@pytest.mark.parametrize("few", [0, 5000])
def test_selective_harvesting_by_set(ask, make_resource, monkeypatch, few):
    monkeypatch.setattr(oai, "FEW", few)
    one = make_resource(programme="MIDA", themes=["Health", "Youth"])
    two = make_resource(themes=["Health"], type="Map")
    bare = make_resource()
    gone = make_resource(programme="MIDA", themes=["Health", "Gone"])
    withdraw(gone)
    make_resource(programme="MIDA", themes=["Secret"], status="draft")

    def listed(spec):
        root = ask("ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        return ids(root) or code(root)

    assert listed("programme:mida") == [one.pk, -gone.pk]
    assert listed("programme") == [one.pk, -gone.pk]
    assert listed("theme:health") == [one.pk, two.pk, -gone.pk]
    assert listed("theme") == [one.pk, two.pk, -gone.pk]
    assert listed("type:map") == [two.pk]
    assert listed("type") == [one.pk, two.pk, bare.pk, -gone.pk]
    # No longer declared, but whoever harvested it has to hear.
    assert listed("theme:gone") == [-gone.pk]
    for spec in ["theme:secret", "theme:none", "nothing", "theme:health:more"]:
        assert listed(spec) == "noRecordsMatch"


def test_a_record_in_both_formats(ask, make_resource):
    africa = Region.objects.create(code="002", slug="africa", name="Africa")
    somalia = Country.objects.create(code="SO", name="Somalia")
    resource = make_resource(
        title="Health & care",
        authors=["Ada Lovelace", "World Bank"],
        themes=["Health"],
        programme="MIDA",
        publisher="IOM",
        regions=[africa],
        countries_of_origin=[somalia],
        year=2011,
        doi="10.1787/9789264057692-en",
        isbn="9789264057692",
        source_url="https://example.org/?a=1&b=2",
    )
    Contributor.objects.filter(name="Ada Lovelace").update(sort_name="Lovelace, Ada")
    Contributor.objects.filter(name="World Bank").update(kind="organisation")
    asked = {"identifier": f"oai:testserver:{resource.pk}"}
    address = f"http://testserver/resources/{resource.pk}/"

    root = ask("GetRecord", metadataPrefix="oai_dc", **asked)
    told = {}
    for child in root.find(f".//{DC}"):
        told.setdefault(etree.QName(child).localname, []).append(child.text)
    assert told["title"] == ["Health & care"]
    assert told["creator"] == ["Lovelace, Ada", "World Bank"]
    assert told["date"] == ["2011"] and told["language"] == ["en"]
    assert address in told["identifier"]
    assert "https://doi.org/10.1787/9789264057692-en" in told["identifier"]

    root = ask("GetRecord", metadataPrefix="mods", **asked)

    def texts(path):
        path = "/".join(MODS + part for part in path.split("/"))
        return [found.text for found in root.iterfind(f".//{MODS}mods/{path}")]

    assert texts("titleInfo/title") == ["Health & care"]
    assert texts("name/namePart") == ["Lovelace", "Ada", "World Bank"]
    assert texts("name/role/roleTerm") == ["aut", "aut"]
    assert texts("originInfo/publisher") == ["IOM"]
    assert texts("originInfo/dateIssued") == ["2011"]
    assert texts("subject/topic") == ["Health"]
    assert texts("subject/geographic") == ["Africa", "Somalia"]
    assert texts("relatedItem/titleInfo/title") == ["MIDA"]
    assert texts("identifier") == [
        *["10.1787/9789264057692-en", "9789264057692", address]
    ]
    assert texts("location/url") == [address, "https://example.org/?a=1&b=2"]
    stamps = [stamp.text for stamp in root.iter(f"{OAI}datestamp")]
    assert texts("recordInfo/recordChangeDate") == stamps


def test_bare_records(ask, make_resource):
    make_resource(authors=["Ada"])
    for prefix in oai.FORMATS:
        assert len(ids(ask("ListRecords", metadataPrefix=prefix))) == 1


def test_plain_objects_say_what_models_say(sample):
    ids = list(Resource.objects.published().values_list("pk", flat=True))
    plain = records.whole(ids, changes.version())
    models = Resource.objects.published().for_export().in_bulk(ids)
    assert plain.keys() == models.keys() and len(plain) > 10
    for pk, resource in models.items():
        for format in [dublin_core, mods]:
            assert format.element(plain[pk], "x") == format.element(resource, "x")


# Errors


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
    from django.test import Client

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
    for prefix in oai.FORMATS:
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


# Nothing hidden


def test_hidden_records_do_not_exist(ask, planted):
    for resource in Resource.objects.all():
        asked = {"identifier": f"oai:testserver:{resource.pk}"}
        root = ask("GetRecord", metadataPrefix="mods", **asked)
        if resource.status in {"draft", "review"}:
            assert code(root) == "idDoesNotExist"
            assert code(ask("ListMetadataFormats", **asked)) == "idDoesNotExist"
        elif resource.status == "withdrawn":
            assert ids(root) == [-resource.pk]
    for question in [
        {"verb": "ListSets"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "mods", "set": "theme"},
        {"verb": "ListIdentifiers", "metadataPrefix": "mods"},
    ]:
        text = etree.tostring(ask(**question)).decode()
        assert MARK.lower() not in text.lower()


# Times


def test_from_and_until_are_inclusive(ask, make_resource):
    a, b, c = (make_resource() for _ in range(3))
    dated(a, "2026-01-01T00:00:00")
    dated(b, "2026-01-01T23:59:59.999")
    dated(c, "2026-01-02T00:00:00.001")

    def listed(**dates):
        return ids(ask("ListIdentifiers", metadataPrefix="mods", **dates))

    assert listed(from_="2026-01-01T00:00:00Z") == [a.pk, b.pk, c.pk]
    assert listed(from_="2026-01-01T00:00:01Z") == [b.pk, c.pk]
    assert listed(from_="2026-01-01T23:59:59Z") == [b.pk, c.pk]
    assert listed(until="2026-01-01T23:59:59Z") == [a.pk, b.pk]
    assert listed(until="2026-01-01T23:59:58Z") == [a.pk]
    assert listed(until="2026-01-01") == [a.pk, b.pk]
    assert listed(from_="2026-01-02", until="2026-01-02") == [c.pk]
    assert listed(from_="2026-01-02T00:00:00Z", until="2026-01-02T00:00:00Z") == [c.pk]
    assert listed(from_="0001-01-01", until="9999-12-31") == [a.pk, b.pk, c.pk]
    assert listed(until="9999-12-31T23:59:59Z") == [a.pk, b.pk, c.pk]


def test_what_the_public_sees_change_moves_the_datestamp(ask, make_resource):
    resource = make_resource(themes=["Health"], authors=["Ada"], programme="MIDA")

    def moves(change):
        dated(resource, "2020-01-01T00:00:00")
        change()
        return bool(ids(ask("ListRecords", metadataPrefix="mods", from_="2021-01-01")))

    def no_change():
        resource.save()

    def rename(model):
        return lambda: model.objects.update(name="Renamed")

    dated(resource, "2020-01-01T00:00:00")
    root = ask("ListRecords", metadataPrefix="mods", from_="2021-01-01")
    assert code(root) == "noRecordsMatch"
    assert moves(rename(Contributor))
    assert moves(rename(Theme))
    assert moves(rename(type(resource.programme)))
    assert moves(lambda: resource.themes.clear())
    assert moves(lambda: Resource.objects.update(title="Another"))
    assert moves(lambda: withdraw(resource))


def test_withdrawn_and_published_again(ask, make_resource):
    resource = make_resource(themes=["Health"])
    asked = {
        "identifier": f"oai:testserver:{resource.pk}",
        "metadataPrefix": "oai_dc",
    }
    assert ids(ask("GetRecord", **asked)) == [resource.pk]
    withdraw(resource)
    for root in [
        ask("GetRecord", **asked),
        ask("ListRecords", metadataPrefix="oai_dc"),
        ask("ListIdentifiers", metadataPrefix="oai_dc"),
    ]:
        assert ids(root) == [-resource.pk]
    Resource.objects.update(status="published")
    assert ids(ask("ListRecords", metadataPrefix="oai_dc")) == [resource.pk]


def test_the_time_of_an_answer_is_not_past_what_is_yet_to_appear(ask, make_resource):
    """A transaction that is not over yet may hold changes dated before now."""
    make_resource()

    def told():
        text = ask("ListRecords", metadataPrefix="mods")[0].text
        return datetime.fromisoformat(text)

    now = timezone.now().replace(microsecond=0)
    Change.objects.update(at=now - timedelta(minutes=3))
    assert told() == now - timedelta(minutes=3)
    Change.objects.update(at=now - timedelta(days=3))
    assert timedelta(minutes=9) < timezone.now() - told() < timedelta(minutes=11)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_change_just_after_the_log_was_looked_at(client, make_resource, verb):
    """A record with a new date has its new terms, though others are remembered."""
    resource = make_resource(themes=["Health"], programme="MIDA")
    seen = changes.last()
    asked = {"verb": verb, "metadataPrefix": "oai_dc"}
    post(client, asked)
    Theme.objects.update(name="Renamed", slug="renamed")
    resource.themes.add(Theme.objects.create(name="Later", slug="later"))
    with mock.patch("resources.changes.last", return_value=seen):
        text = post(client, asked).text
    assert "theme:renamed" in text and "theme:later" in text
    assert "Health" not in text


# Pages


@pytest.fixture
def pages_of_three(monkeypatch):
    monkeypatch.setattr(oai, "PER_PAGE", 3)


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("of_one_moment", [True, False])
def test_pages(ask, make_resource, pages_of_three, verb, count, of_one_moment):
    resources = [make_resource(themes=["Health"]) for _ in range(count)]
    if of_one_moment:
        Change.objects.update(at=datetime(2026, 1, 1, tzinfo=UTC))
    for arguments in [
        {},
        {"set": "theme:health"},
        {"from_": "2020-01-01", "until": "2030-01-01"},
    ]:
        root = ask(verb, metadataPrefix="mods", **arguments)
        found, cursor = ids(root), 0
        while token(root):
            root = ask(verb, resumptionToken=token(root))
            cursor += 3
            where = root.find(f".//{OAI}resumptionToken")
            assert where.get("cursor") == str(cursor)
            found += ids(root)
        assert found == [resource.pk for resource in resources]
        assert (root.find(f".//{OAI}resumptionToken") is None) == (count <= 3)


def test_a_token_is_a_place_not_a_number(ask, make_resource, pages_of_three):
    a, b, c, d, e, f, g = (make_resource() for _ in range(7))
    first = token(ask("ListRecords", metadataPrefix="oai_dc"))
    assert ids(ask("ListRecords", resumptionToken=first)) == [d.pk, e.pk, f.pk]
    # Again, and again after the records before it have moved and gone.
    assert ids(ask("ListRecords", resumptionToken=first)) == [d.pk, e.pk, f.pk]
    Resource.objects.filter(pk=c.pk).update(title="Moves to the end")
    withdraw(a)
    new = make_resource()
    root = ask("ListRecords", resumptionToken=first)
    assert ids(root) == [d.pk, e.pk, f.pk]
    root = ask("ListRecords", resumptionToken=token(root))
    assert ids(root) == [g.pk, c.pk, -a.pk]
    assert ids(ask("ListRecords", resumptionToken=token(root))) == [new.pk]
    # Of one list only, and only as it was given.
    for bad in [first[:-1], first[1:], first.upper(), f"{first} "]:
        root = ask("ListRecords", resumptionToken=bad)
        assert code(root) == "badResumptionToken"
    root = ask("ListIdentifiers", resumptionToken=first)
    assert code(root) == "badResumptionToken"


def test_all_that_was_left_has_moved_beyond_the_end(ask, make_resource, pages_of_three):
    for resource in [make_resource() for _ in range(4)]:
        dated(resource, "2020-01-01T00:00:00")
    first = token(ask("ListRecords", metadataPrefix="oai_dc", until="2020-12-31"))
    Resource.objects.filter(pk=resource.pk).update(title="Changed")
    assert code(ask("ListRecords", resumptionToken=first)) == "noRecordsMatch"
    root = ask("ListRecords", metadataPrefix="oai_dc", from_="2021-01-01")
    assert ids(root) == [resource.pk]


def test_a_token_of_a_database_that_is_gone(ask, make_resource, pages_of_three):
    for _ in range(4):
        make_resource()
    first = token(ask("ListRecords", metadataPrefix="oai_dc"))
    Change.objects.all().delete()
    assert code(ask("ListRecords", resumptionToken=first)) == "badResumptionToken"


@pytest.mark.parametrize("prefix", ["oai_dc", "mods"])
def test_a_page_costs_the_same_at_any_length(
    client, make_resource, django_assert_max_num_queries, prefix
):
    def fill():
        for n in range(20):
            resource = make_resource(
                programme=f"P{n}", themes=["A", f"T{n}"], authors=["Ada", f"B{n}"]
            )
            if n % 5 == 0:
                withdraw(resource)

    counts = []
    for _ in range(2):
        fill()
        with django_assert_max_num_queries(25) as queries:
            client.get(f"/oai?verb=ListRecords&metadataPrefix={prefix}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# A real harvester


@pytest.fixture
def harvester(live_server):
    with Scythe(f"{live_server.url}/oai") as scythe:
        yield scythe


@pytest.mark.django_db(transaction=True)
class TestHarvest:
    def records(self, harvester, **arguments):
        return {
            int(record.header.identifier.rpartition(":")[2]): record
            for record in harvester.list_records(**arguments)
        }

    def test_the_whole_catalogue(self, harvester, make_resource, pages_of_three):
        made = [make_resource(title=f"Title {n}", themes=["Health"]) for n in range(10)]
        withdraw(made[4])
        for prefix in ["oai_dc", "mods"]:
            found = self.records(harvester, metadata_prefix=prefix)
            assert found.keys() == {resource.pk for resource in made}
            assert [pk for pk, one in found.items() if one.deleted] == [made[4].pk]
        found = self.records(harvester, ignore_deleted=True, set_="theme:health")
        assert found[made[0].pk].metadata["title"] == ["Title 0"]
        assert harvester.identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
        specs = {one.setSpec for one in harvester.list_sets()}
        assert specs == {"type", "type:report", "theme", "theme:health"}
        identifier = found[made[0].pk].header.identifier
        record = harvester.get_record(identifier=identifier)
        assert record.metadata["title"] == ["Title 0"]
        prefixes = [one.metadataPrefix for one in harvester.list_metadata_formats()]
        assert prefixes == ["oai_dc", "mods"]

    def test_what_is_new(self, harvester, make_resource, pages_of_three):
        made = [make_resource() for _ in range(8)]
        for resource in made:
            dated(resource, "2020-01-01T00:00:00")
        copy = self.records(harvester)
        since = max(record.header.datestamp for record in copy.values())
        Resource.objects.filter(pk=made[2].pk).update(title="Changed")
        withdraw(made[5])
        new = make_resource()
        since = since.replace("2020", "2021")
        found = self.records(harvester, from_=since)
        assert found.keys() == {made[2].pk, made[5].pk, new.pk}
        assert found[made[5].pk].deleted

    def test_nothing_is_lost_while_records_change(
        self, harvester, make_resource, pages_of_three
    ):
        made = [make_resource(title="Old", themes=["Health"]) for _ in range(20)]
        copy = {}
        coming = iter(harvester.list_records())
        for step, record in enumerate(coming):
            pk = int(record.header.identifier.rpartition(":")[2])
            copy[pk] = None if record.deleted else record.metadata["title"]
            if step == 4:
                Resource.objects.filter(pk__in=[made[1].pk, made[15].pk]).update(
                    title="New"
                )
            elif step == 8:
                withdraw(made[0])
                withdraw(made[18])
                make_resource(title="Old", themes=["Health"])
            elif step == 12:
                Theme.objects.update(name="Renamed")
        told = {
            pk: [title] if status == "published" else None
            for pk, title, status in Resource.objects.values_list(
                "pk", "title", "status"
            )
        }
        assert copy == told
        assert len(copy) == 21
