"""The six verbs of OAI-PMH, and what they tell."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from resources.machines.oai import sets
from resources.machines.oai.records import FORMATS
from resources.models import Change, Contributor, Country, Region, Resource

from ...factories import MARK
from .rules import DC, MODS, OAI, code, ids, withdraw


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


@pytest.mark.parametrize("large", [0, 5000])
def test_selective_harvesting_by_set(ask, make_resource, monkeypatch, large):
    monkeypatch.setattr(sets, "LARGE", large)
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
    values = {}
    for child in root.find(f".//{DC}"):
        values.setdefault(etree.QName(child).localname, []).append(child.text)
    assert values["title"] == ["Health & care"]
    assert values["creator"] == ["Lovelace, Ada", "World Bank"]
    assert values["date"] == ["2011"] and values["language"] == ["en"]
    assert address in values["identifier"]
    assert "https://doi.org/10.1787/9789264057692-en" in values["identifier"]

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
    for prefix in FORMATS:
        assert len(ids(ask("ListRecords", metadataPrefix=prefix))) == 1


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
