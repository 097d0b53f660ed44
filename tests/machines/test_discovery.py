"""What crawlers, browsers, embedders and harvesters find out by themselves."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from lxml import etree, html
from PIL import Image

from resources import documents
from resources.formats import signposting
from resources.models import Resource

from .. import factories

Status = Resource.Status
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HOST = "http://testserver"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "\"'&<>{{ 7*7 }}%(x)s",
    "line\nbreak\ttab",
    "bell\x07 \x0b\x1b[31m \ufffe",
    "\u0301 e\u0301 \u202e\u2066abc مهاجر 🏳️‍🌈",
]


@pytest.fixture
def hidden(make_resource):
    """A draft and a withdrawn resource."""
    return [
        make_resource(title="Secret", status=status, withdrawn_reason="Secret")
        for status in [Status.DRAFT, Status.WITHDRAWN]
    ]


# robots.txt


def is_closed(client, path):
    """Whether robots.txt forbids a path: the longest of the rules that match."""
    for line in client.get("/robots.txt").text.splitlines():
        name, _colon, rule = line.partition(": ")
        if name == "Disallow":
            pattern = "".join(".*" if c == "*" else re.escape(c) for c in rule)
            if re.match(pattern, path):
                return True
    return False


def test_robots(client, make_resource):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    [address] = re.findall(r"^Sitemap: (\S+)$", response.text, re.M)
    assert address == f"{HOST}/sitemap.xml"
    assert client.get(urlsplit(address).path).status_code == 200
    for path in [
        "/admin/",
        "/ar/admin/resources/",
        "/resources/suggest/?q=a",
        "/fr/resources/feed/?q=a",
        "/resources.csv?theme=health",
    ]:
        assert is_closed(client, path), path


def test_no_page_is_both_closed_to_crawlers_and_noindex(client, make_resource):
    resource = make_resource(themes=["Health"], authors=["Ada"])
    for path in [
        "/",
        "/resources/",
        "/resources/?theme=health",
        "/resources/?q=a&page=2",
        "/resources/choose/theme/",
        "/themes/",
        "/themes/health/",
        "/resources/feed/",
        "/sitemap.xml",
        resource.permanent_path,
        resource.get_absolute_url(),
    ]:
        for prefix in ["", "/fr"]:
            assert not is_closed(client, prefix + path), path
    assert "noindex" in client.get("/resources/?theme=health").text


# OpenSearch


@pytest.mark.parametrize(
    "name", ["iDiaspora Resources", "X", "A" * 60, "Émigré et Ça & <b>", "هجرة " * 9]
)
def test_opensearch_keeps_its_limits(client, db, settings, name):
    settings.SITE_NAME = name
    settings.CONTACT_EMAIL = "library@example.org"
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    root = etree.fromstring(response.content)
    assert root.tag == f"{SEARCH}OpenSearchDescription"
    for tag, most in [("ShortName", 16), ("LongName", 48), ("Description", 1024)]:
        [node] = root.findall(SEARCH + tag)
        assert 0 < len(node.text) <= most
    assert name.startswith(root.findtext(f"{SEARCH}ShortName"))
    assert root.findtext(f"{SEARCH}Contact") == "library@example.org"


def test_opensearch_is_cut_between_words(client, db):
    root = etree.fromstring(client.get("/opensearch.xml").content)
    assert root.findtext(f"{SEARCH}ShortName") == "iDiaspora"


def test_opensearch_addresses_answer_as_they_say(client, make_resource):
    make_resource(title="Health workers")
    root = etree.fromstring(client.get("/opensearch.xml").content)
    urls = root.findall(f"{SEARCH}Url")
    assert [url.get("rel") for url in urls] == [
        "results",
        "results",
        "suggestions",
        "self",
    ]
    for url in urls:
        address = url.get("template").removeprefix(HOST)
        address = address.replace("{searchTerms}", "health+workers")
        assert "{" not in address.replace("{startPage?}", "")
        response = client.get(address.replace("{startPage?}", ""), follow=True)
        assert response.status_code == 200
        assert response["Content-Type"].startswith(url.get("type"))
        if url.get("rel") != "self":
            assert "Health" in response.text


# The manifest and its icons


def test_manifest(client, db):
    response = client.get("/site.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert client.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        file = finders.find(icon["src"].removeprefix("/static/"))
        if icon["type"] == "image/png":
            with Image.open(file) as image:
                assert "{}x{}".format(*image.size) == icon["sizes"]
        else:
            assert file
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    with Image.open(finders.find("apple-touch-icon.png")) as image:
        assert image.size == (180, 180) and "transparency" not in image.info


# security.txt


def test_security(client, db, settings):
    settings.CONTACT_EMAIL = "library@example.org"
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "mailto:library@example.org"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)
    assert fields["Canonical"] == f"{HOST}/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en, fr, es, ar"


def test_security_needs_a_contact(client, db, settings):
    settings.CONTACT_EMAIL = ""
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


# oEmbed


def embed(client, url, **options):
    return client.get("/oembed", {"url": url} | options)


def test_embeds_a_card(client, make_resource):
    resource = make_resource(
        title="Nurses", summary="Of health.", authors=["Ada", "Bo"], year=2020
    )
    address = HOST + resource.get_absolute_url()
    response = embed(client, address, format="json")
    assert response["Content-Type"] == "application/json"
    card = response.json()
    assert card["version"] == "1.0" and card["type"] == "rich"
    assert card["title"] == "Nurses" and card["author_name"] == "Ada, Bo"
    assert card["provider_url"] == f"{HOST}/"
    assert "thumbnail_url" not in card
    node = html.fromstring(card["html"])
    assert node.xpath("//a/@href") == [address]
    text = "Nurses|Of health.|Ada, Bo · 2020 · iDiaspora Resources"
    assert "|".join(node.itertext()) == text


def test_embeds_any_address_of_a_resource(client, make_resource):
    resource = make_resource(title="Santé")
    page = resource.get_absolute_url()
    for address, shown in [
        (page, page),
        (resource.permanent_path, page),
        (f"/resources/{resource.pk}/another-title/?from=mail#top", page),
        (f"/ar{page}", f"/ar{page}"),
        (f"/fr{resource.permanent_path}", f"/fr{page}"),
    ]:
        for host in [HOST, "https://TestServer"]:
            card = embed(client, host + address).json()
            assert f'href="{HOST}{shown}"' in card["html"]


def test_embeds_within_the_given_size(client, make_resource):
    resource = make_resource(
        **factories.cover("Nurses"),
    )
    address = HOST + resource.permanent_path
    for width, height, thumbnail in [
        (None, None, 480),
        (300, 400, 240),
        (300, 100, None),
        (100, 2000, None),
        (5000, 5000, 480),
    ]:
        sizes = {"maxwidth": width, "maxheight": height} if width else {}
        card = embed(client, address, **sizes).json()
        assert card["width"] == min(width or 600, 600)
        assert card["height"] == min(height or 240, 240)
        assert f"max-width:{card['width']}px" in card["html"]
        assert card.get("thumbnail_width") == thumbnail
        if thumbnail:
            name = f"abcdef-{thumbnail}.webp"
            path = reverse("cover", args=[resource.pk, name])
            assert card["thumbnail_url"] == HOST + path
    for size in ["0", "-5", "1e3", "x", "", "9" * 5000, "²", "٣"]:
        card = embed(client, address, maxwidth=size, maxheight=size).json()
        assert (card["width"], card["height"]) == (600, 240)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "/resources/{pk}/",
        "http://elsewhere.example/resources/{pk}/",
        "http://testserver@elsewhere.example/resources/{pk}/",
        "http://elsewhere.example@testserver/resources/{pk}/",
        "javascript://testserver/resources/{pk}/",
        "http://testserver/about/",
        "http://testserver/resources/",
        "http://testserver/resources/0/",
        "http://testserver/resources/999999999999999999/",
        "http://testserver/resources/9999999999999999999999/",
        "http://testserver/en/resources/{pk}/",
        "http://testserver/de/resources/{pk}/",
        "http://testserver/resources/{pk}.linkset.json",
        "http://testserver/admin/resources/resource/{pk}/change/",
        "http://[::1/resources/{pk}/",
        "http://testserver/%ff%00/",
        "http://testserver/" + "a-" * 3000,
        "\x00",
    ],
)
def test_embeds_nothing_else(client, make_resource, address):
    response = embed(client, address.format(pk=make_resource().pk))
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


def test_embeds_as_json_only(client, make_resource):
    address = HOST + make_resource().permanent_path
    for format in ["xml", "JSON", *HOSTILE]:
        response = embed(client, address, format=format)
        assert response.status_code == 501
        assert response["Content-Type"].startswith("text/plain")
    assert client.get("/oembed").status_code == 404


def test_embeds_nothing_hidden(client, hidden):
    for resource, status in zip(hidden, [404, 410], strict=True):
        response = embed(client, HOST + resource.permanent_path)
        assert response.status_code == status
        assert "Secret" not in response.text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_embedded_text_is_text(client, make_resource, text):
    resource = make_resource(title=text, summary=text, authors=[text], language="ar")
    card = embed(client, HOST + resource.permanent_path).json()
    node = html.fragment_fromstring(card["html"])
    assert {element.tag for element in node.iter()} == {
        "blockquote",
        "p",
        "a",
        "footer",
    }
    assert node.get("dir") == "rtl"
    assert not re.search(r"<script|\son\w+=", card["html"])


# Signposts


def test_linkset(client, make_resource):
    resource = make_resource(title="Santé", type="Toolkit")
    page, record = resource.get_absolute_url(), f"{HOST}/resources/{resource.pk}"
    response = client.get(f"/resources/{resource.pk}.linkset.json")
    assert response["Content-Type"] == "application/linkset+json"
    contexts = {one.pop("anchor"): one for one in response.json()["linkset"]}
    pages = [HOST + prefix + page for prefix in ["", "/fr", "/es", "/ar"]]
    for address in pages:
        assert client.get(address).status_code == 200
        links = contexts.pop(address)
        assert links["cite-as"] == [{"href": f"{record}/"}]
        assert [link["href"] for link in links["type"]] == [
            "https://schema.org/AboutPage",
            "https://schema.org/LearningResource",
        ]
        metadata = {link["href"]: link["type"] for link in links["describedby"]}
        assert metadata[f"{record}.ris"] == "application/x-research-info-systems"
    # The way back from each file.
    assert contexts.keys() == metadata.keys()
    for links in contexts.values():
        assert links == {"describes": [{"href": pages[0], "type": "text/html"}]}


def test_linkset_of_what_is_hidden(client, hidden, db):
    for resource, status in zip(hidden, [404, 410], strict=True):
        response = client.get(f"/resources/{resource.pk}.linkset.json")
        assert response.status_code == status
        assert response["Content-Type"].startswith("text/plain")
        assert "Secret" not in response.text
    response = client.get("/resources/999999999999999999.linkset.json")
    assert response.status_code == 404


def test_link_header_says_the_same_as_the_file(client, make_resource):
    resource = make_resource(title='"quoted", <b>; rel=x\r\nSet-Cookie: a=b')
    document = documents.published([resource.pk])[resource.pk]
    header = signposting.link_header(document, HOST)
    assert header.isascii() and "\n" not in header
    links = re.findall(r'<([^<>]+)>; rel="([a-z-]+)"(?:; type="([^"]+)")?', header)
    assert len(links) == header.count(", ") + 1
    assert [url for url, rel, _type in links if rel == "cite-as"] == [
        HOST + resource.permanent_path
    ]
    [(address, kind)] = [(url, type) for url, rel, type in links if rel == "linkset"]
    response = client.get(address.removeprefix(HOST))
    assert response["Content-Type"] == kind
    of_page = {
        (link["href"], rel)
        for rel, found in response.json()["linkset"][0].items()
        if rel != "anchor"
        for link in found
    }
    assert of_page == {(url, rel) for url, rel, _type in links if rel != "linkset"}


def test_every_file_is_kept_until_something_changes(client, make_resource, settings):
    settings.CONTACT_EMAIL = "library@example.org"
    resource = make_resource()
    for path in [
        "/robots.txt",
        "/opensearch.xml",
        "/site.webmanifest",
        "/.well-known/security.txt",
        f"/oembed?url={HOST}{resource.permanent_path}",
        f"/resources/{resource.pk}.linkset.json",
    ]:
        etag = client.get(path)["ETag"]
        again = client.get(path, headers={"if-none-match": etag})
        assert again.status_code == 304
        assert client.post(path).status_code == 405
