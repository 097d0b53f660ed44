"""Hostile text in every column of the database, as machines get it."""

import json
import re

import pytest
from lxml import etree, html

from ..formats.every_column import TEXTS, make_record_of

HOST = "http://testserver"


@pytest.fixture(params=TEXTS, ids=ascii)
def resource(request, db):
    return make_record_of(request.param)


def test_xml(client, resource):
    for path in [
        "/resources/feed/",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/oai?verb=ListRecords&metadataPrefix=mods",
        "/oai?verb=ListIdentifiers&metadataPrefix=mods",
        "/oai?verb=ListSets",
        f"/sitemap-{resource.pk // 5000}.xml",
    ]:
        response = client.get(path)
        assert response.status_code == 200, path
        root = etree.fromstring(response.content)
        found = {etree.QName(node).localname for node in root.iter()}
        assert not found & {"b", "script", "error"}, path
        assert not root.xpath("//@onload"), path


def test_the_address_of_the_cover(client, resource):
    root = etree.fromstring(client.get(f"/sitemap-{resource.pk // 5000}.xml").content)
    [address] = root.xpath("//*[local-name()='image']/*[local-name()='loc']/text()")
    assert re.fullmatch(r"http://testserver/covers/\d+/[A-Za-z0-9._~%-]+", address)


def test_the_card_to_embed(client, resource):
    url = f"{HOST}/resources/{resource.pk}/"
    card = client.get("/oembed", {"url": url}).json()
    node = html.fragment_fromstring(card["html"])
    tags = {element.tag for element in node.iter()}
    assert tags == {"blockquote", "p", "a", "footer"}
    assert {*node.attrib} == {"lang", "dir", "style"}
    assert card["thumbnail_url"].startswith(f"{HOST}/covers/{resource.pk}/")


def test_json(client, resource):
    for path in [
        "/api/resources/",
        f"/api/resources/{resource.pk}/",
        f"/resources/{resource.pk}.linkset.json",
    ]:
        assert client.get(path).json(), path
    [line, rest] = client.get("/api/resources.jsonl").getvalue().decode().split("\n")
    assert json.loads(line)["id"] == resource.pk and not rest
