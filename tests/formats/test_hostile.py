"""Hostile text in every column of the database, read back from every format."""

import csv as stdlib_csv
import io
import re

import pytest
import rispy
from lxml import etree

from resources.formats import (
    bibtex,
    csl,
    csv,
    dublin_core,
    json,
    metadata,
    mods,
    ris,
    signposting,
)
from resources.formats.values import clean, cover, line

from .every_column import TEXTS, make_record_of
from .parsing import ORIGIN, bibtex_entries, document_of, strict_json, text_of

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@pytest.fixture(params=TEXTS, ids=ascii)
def text(request):
    return request.param


@pytest.fixture
def document(db, text):
    return document_of(make_record_of(text))


def test_every_column_is_hostile(document, text):
    assert document.title == document.summary == document.description == text
    assert document.themes[0].slug == text.replace("/", "")[:80]
    assert document.isbn == text[:20]
    assert document.authors[0].name.startswith(text[:290])
    assert document.cover.name == f"covers/{text[:150]}-960.webp"
    terms = [document.type, document.programme, *document.regions, *document.themes]
    assert {term.name for term in terms} == {text[:200]}


def test_xml(document, text):
    for module, title in [(dublin_core, "{*}title"), (mods, "{*}titleInfo/{*}title")]:
        file = text_of(module, [document])
        assert not FORBIDDEN.search(file)
        root = etree.fromstring(file.encode())
        assert root.findtext(title) == line(text)
        # No text has become an element or an attribute.
        names = {etree.QName(node).namespace for node in root.iter()}
        assert len(names - {dublin_core.NAMESPACE}) == 1
        assert not root.xpath("//*[local-name()='b' or local-name()='script']")
        assert not root.xpath("//@onload")


def test_json(document, text):
    [item] = strict_json(text_of(json, [document]))
    assert item["title"] == line(text) and item["summary"] == clean(text)
    assert item["programme"]["name"] == line(text[:200])
    [item] = strict_json(text_of(csl, [document]))
    assert item["title"] == item["abstract"] == line(text)


def test_csv(document, text):
    file = text_of(csv, [document])
    assert not FORBIDDEN.search(file)
    [row] = csv.read(io.StringIO(file, newline=""))
    assert row == csv.row(document, ORIGIN)
    assert row["title"] == clean(text) and row["isbn"] == clean(text[:20])
    _head, cells = stdlib_csv.reader(io.StringIO(file, newline=""))
    for cell in cells:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_ris(document, text):
    file = text_of(ris, [document])
    assert not FORBIDDEN.search(file)
    [entry] = rispy.loads(file)
    assert entry["title"] == entry["abstract"] == line(text)
    assert entry["id"] == str(document.id) and len(entry["authors"]) == 2
    assert all(re.match(r"[A-Z][A-Z0-9]  - |$", row) for row in file.split("\r\n"))


def test_bibtex(document, text):
    file = text_of(bibtex, [document])
    assert not FORBIDDEN.search(file)
    [entry] = bibtex_entries(file)
    assert re.sub("[{}]", "", entry["title"]) == re.sub("[{}]", "", bibtex.escape(text))
    assert entry["language"] == bibtex.escape(text.replace("/", "")[:35])
    assert all(one.value.count("{") == one.value.count("}") for one in entry.fields)


def test_metadata(document, text):
    pairs = metadata.highwire(document, ORIGIN)
    pairs += metadata.open_graph(document, ORIGIN, "en")
    for name, content in pairs:
        assert re.fullmatch(r"[A-Za-z_.:]+", name)
        assert not FORBIDDEN.search(content) and "\n" not in content
    data = metadata.json_ld(document, ORIGIN, f"{ORIGIN}/x")
    assert data["name"] == line(text)


def test_addresses(document):
    urls = [cover(document, ORIGIN)["url"]]
    urls += [url for url, _relation, _more in signposting.links(document, ORIGIN)]
    urls += [
        context["anchor"]
        for context in signposting.linkset(document, ORIGIN)["linkset"]
    ]
    for url in urls:
        assert re.fullmatch(r"https://[A-Za-z0-9._~/%-]+", url), url
    [name] = re.findall(r"/covers/\d+/([^/]+)$", urls[0])
    assert name.endswith("-960.webp")
    assert signposting.link_header(document, ORIGIN).isascii()
