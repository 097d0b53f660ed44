"""Where an article stands in its periodical, in every format that can say it."""

import json as stdlib_json

import pytest
from lxml import etree

from resources.formats import bibtex, csl, csv, dublin_core, json, metadata, mods, ris
from resources.formats.values import page_range

from .parsing import ORIGIN, bibtex_entries, document_of, strict_json, text_of


@pytest.fixture
def article(make_resource):
    return make_resource(
        type="Journal article",
        title="Medical diaspora",
        authors=["Ada Lovelace"],
        publisher="Human Resources",
        year=2019,
        volume="17",
        issue="3",
        pages="15–27",
    )


def test_ris(article):
    assert (
        "T2  - Human Resources\r\nVL  - 17\r\nIS  - 3\r\nSP  - 15\r\nEP  - 27\r\n"
    ) in text_of(ris)


def test_bibtex(article):
    [entry] = bibtex_entries(text_of(bibtex))
    assert entry.entry_type == "article"
    found = {name: entry[name] for name in ["journal", "volume", "number", "pages"]}
    assert found == {
        "journal": "Human Resources",
        "volume": "17",
        "number": "3",
        "pages": "15--27",
    }


def test_csl(article):
    [item] = strict_json(text_of(csl))
    assert item["type"] == "article-journal"
    assert item["container-title"] == "Human Resources"
    assert (item["volume"], item["issue"], item["page"]) == ("17", "3", "15-27")


def test_mods(article):
    record = etree.fromstring(text_of(mods).encode())
    [host] = record.findall("{*}relatedItem[@type='host']")
    assert host.findtext("{*}titleInfo/{*}title") == "Human Resources"
    details = host.findall("{*}part/{*}detail")
    assert [(one.get("type"), one[0].text) for one in details] == [
        ("volume", "17"),
        ("issue", "3"),
    ]
    extent = host.find("{*}part/{*}extent[@unit='pages']")
    assert [part.text for part in extent] == ["15", "27"]
    # The periodical did not publish itself.
    assert record.find("{*}originInfo/{*}publisher") is None


def test_dublin_core(article):
    record = etree.fromstring(text_of(dublin_core).encode())
    assert record.findtext("{*}source") == "Human Resources, 17(3), 15–27"


def test_json_and_csv(article):
    [item] = strict_json(text_of(json))
    assert (item["volume"], item["issue"], item["pages"]) == ("17", "3", "15–27")
    [row] = csv.read(text_of(csv).splitlines())
    assert (row["volume"], row["issue"], row["pages"]) == ("17", "3", "15–27")


def test_scholar(article):
    pairs = metadata.highwire(document_of(article), ORIGIN)
    names = ["journal_title", "volume", "issue", "firstpage", "lastpage"]
    found = [dict(pairs)[f"citation_{name}"] for name in names]
    assert found == ["Human Resources", "17", "3", "15", "27"]


def test_schema_org(article):
    found = metadata.json_ld(document_of(article), ORIGIN, ORIGIN)
    assert (found["pageStart"], found["pageEnd"]) == ("15", "27")
    assert found["isPartOf"] == {
        "@type": "PublicationIssue",
        "issueNumber": "3",
        "isPartOf": {
            "@type": "PublicationVolume",
            "volumeNumber": "17",
            "isPartOf": {"@type": "Periodical", "name": "Human Resources"},
        },
    }
    assert "publisher" not in found


def test_its_page(client, article):
    text = client.get(article.get_absolute_url()).text
    for label, value in [("Volume", "17"), ("Issue", "3"), ("Pages", "15–27")]:
        assert f"<dt>{label}</dt><dd><bdi>{value}</bdi></dd>" in text


def test_the_api_and_its_description(client, article):
    found = client.get(f"/api/resources/{article.pk}/").json()
    assert (found["volume"], found["issue"], found["pages"]) == ("17", "3", "15–27")
    schema = client.get("/api/openapi.json").json()["components"]["schemas"]
    assert {"volume", "issue", "pages"} <= set(schema["Resource"]["required"])


def test_nothing_is_said_of_what_is_not_known(make_resource):
    document = document_of(make_resource(type="Journal article", publisher="P"))
    texts = [text_of(module, [document]) for module in [ris, bibtex, csl, mods]]
    data = metadata.json_ld(document, ORIGIN, ORIGIN)
    texts.append(stdlib_json.dumps([data, metadata.highwire(document, ORIGIN)]))
    for text in texts:
        for word in ["VL  -", "volume", "issue", "pages", "pageStart", "<part>"]:
            assert word not in text


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("", ("", "")),
        ("15-27", ("15", "27")),
        ("15–27", ("15", "27")),
        ("15 — 27", ("15", "27")),
        ("284–7", ("284", "287")),
        ("e1042", ("e1042", "")),
        ("3, 7–9", ("3, 7–9", "")),
        ("A-B", ("A-B", "")),
    ],
)
def test_pages_are_read(make_resource, pages, expected):
    assert page_range(document_of(make_resource(pages=pages))) == expected
