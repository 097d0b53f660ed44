"""Home, browsing, about and errors; and what holds for every public page."""

import ast
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import html

from resources.management.commands.translations import KEYWORDS, sources
from resources.models import Resource

from ..factories import credited

STATIC = Path(settings.BASE_DIR, "static")
PAGES = [
    "/",
    "/resources/",
    "/resources/?theme=health",
    "/programmes/",
    "/programmes/mida/",
    "/themes/health/",
    "/types/report/",
    "/languages/en/",
    "/regions/",
    "/countries/",
    "/authors/",
    "/publishers/",
    "/about/",
    "/nowhere/",
]


@pytest.fixture
def one(make_resource):
    return make_resource(
        title="One",
        programme="MIDA",
        themes=["Health"],
        authors=["Ada"],
        publisher="IOM",
    )


def test_home(client, make_resource):
    for n in range(8):
        make_resource(title=f"Book {n}", programme="MIDA", themes=["Health"])
    text = client.get("/").text
    assert [n for n in range(8) if f"Book {n}" in text] == [2, 3, 4, 5, 6, 7]
    assert 'href="/programmes/mida/"' in text and 'href="/themes/health/"' in text
    assert 'action="/resources/"' in text


def test_home_of_an_empty_library(client, db):
    assert "Nothing has been published yet." in client.get("/").text


@pytest.mark.django_db(transaction=True)
def test_home_costs_the_same(client, one, settings, django_assert_num_queries):
    settings.PAGE_CACHE = False
    client.get("/")  # brings the index up to date
    # The version.
    with django_assert_num_queries(1):
        client.get("/")


def test_numbers_tell_the_truth(client, sample):
    """The number beside a term is the number of resources behind it."""
    for folder in [
        "programmes",
        "regions",
        "themes",
        "types",
        "languages",
        "countries",
    ]:
        text = client.get(f"/{folder}/").text
        rows = re.findall(
            rf'href="(/{folder}/[^"]+)".*?terms__number">([\d,]+)', text, re.S
        )
        assert rows, folder
        for address, number in rows:
            page = client.get(address).text
            counter = re.search(r'bar__counter">(.*?)</h2>', page)[1]
            total = "1" if "1 resource" in counter else counter.split(" of ")[1]
            assert total == number, address


def test_author_and_publisher_pages(client, one):
    author, publisher = credited(one)[0], one.publisher
    assert "One" in client.get(author.author_url).text
    assert "One" in client.get(publisher.publisher_url).text
    # Nothing stands at the address of a publisher who wrote nothing.
    assert client.get(publisher.author_url).status_code == 404
    moved = client.get(f"/authors/{author.pk}/somebody/")
    assert moved.status_code == 302 and moved["Location"] == author.author_url


def test_terms_of_drafts_have_no_page(client, make_resource):
    make_resource(programme="Secret", status=Resource.Status.DRAFT)
    response = client.get("/programmes/secret/")
    assert response.status_code == 404 and "Secret" not in response.text
    assert "Secret" not in client.get("/programmes/").text


def test_browse_pages_have_one_address(client, one):
    assert client.get("/themes/health/?page=1")["Location"] == "/themes/health/"
    assert client.get("/themes/health/?x=y")["Location"] == "/themes/health/"
    assert client.get("/themes/health/?page=2").status_code == 404


@pytest.mark.parametrize("name", ["Zoë Wicomb", "نجيب محفوظ", "İĞ ß", "!!!", "a=b;c"])
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_names_in_any_script_have_one_address(client, make_resource, name, prefix):
    resource = make_resource(title="One", authors=[name], publisher=name)
    author = credited(resource)[0]
    for address in [author.author_url, author.publisher_url]:
        response = client.get(prefix + address)
        assert response.status_code == 200 and "One" in response.text
        [canonical] = re.findall('rel="canonical" href="([^"]+)"', response.text)
        assert canonical == f"http://testserver{prefix}{address}"
        # One redirect from anything else.
        start = "/".join(f"{prefix}{address}".split("/")[:-2])
        moved = client.get(f"{start}/zoé/?x=y", follow=True)
        assert [place for place, _status in moved.redirect_chain] == [prefix + address]


class Outline(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["", "/fr", "/es", "/ar"])
def test_every_page_is_built_alike(client, one, language):
    for path in [*PAGES, one.get_absolute_url()]:
        response = client.get(language + path)
        outline = Outline(response.text)
        names = [tag for tag, _attrs in outline.tags]
        assert names.count("h1") == 1, path
        for landmark in ["header", "main", "footer", "nav"]:
            assert landmark in names, (path, landmark)
        assert '<a class="skip-link" href="#content">' in response.text
        assert 'id="content"' in response.text
        for tag, attrs in outline.tags:
            assert "style" not in attrs and tag != "style", path
            assert not any(name.startswith("on") for name in attrs), path
            is_data = attrs.get("type") == "application/ld+json"
            assert tag != "script" or attrs.get("src") or is_data, path
            if tag == "img":
                assert attrs.keys() >= {"alt", "width", "height"}, path
            for name in ["src", "href", "srcset", "action"]:
                is_link = tag == "link" and attrs.get("rel") in {
                    "canonical",
                    "alternate",
                    "schema.DC",
                }
                if name in attrs and tag != "a" and not is_link:
                    assert attrs[name].startswith(("/", "#")), (path, attrs[name])


def test_public_pages_set_no_cookie_and_suit_shared_caches(client, one):
    for path in [*PAGES, one.get_absolute_url()]:
        response = client.get(path)
        assert not response.cookies, path
        assert "cookie" not in response.get("Vary", "").lower(), path


def test_headers(client, one):
    for path in PAGES:
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';"), path
        assert "unsafe" not in policy and "http" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_weight_of_styles_and_scripts():
    css = b"".join(p.read_bytes() for p in sorted(STATIC.glob("css/*.css")))
    js = b"".join(p.read_bytes() for p in sorted(STATIC.glob("js/*.js")))
    assert len(gzip.compress(css, 6)) <= 10 * 1024
    assert len(gzip.compress(js, 6)) <= 6 * 1024


def test_errors_wear_the_same_clothes(client, one, monkeypatch):
    assert "There is no such page" in client.get("/nowhere/").text
    assert client.get("/resources/?" + "&".join(["q=x"] * 1001)).status_code == 400

    def fail(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("resources.public.Search", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "secret detail" not in response.text


def test_only_reading(client, one):
    for path in PAGES[:-1]:
        assert client.post(path).status_code == 405, path
        assert client.head(path).status_code == 200, path


def test_names_of_addresses():
    assert reverse("resources:detail", args=[3, "x"]) == "/resources/3/x/"
    assert reverse("resources:programme", args=["mida"]) == "/programmes/mida/"


# What machines are told


def parsed(response):
    return html.document_fromstring(response.content)


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_home_tells_how_to_search(client, one, prefix):
    page = parsed(client.get(f"{prefix}/"))
    [text] = page.xpath("//script[@type='application/ld+json']/text()")
    [site] = json.loads(text)
    here = f"http://testserver{prefix}"
    assert site["@type"] == "WebSite"
    assert [site["url"]] == page.xpath("//link[@rel='canonical']/@href")
    template = site["potentialAction"]["target"]["urlTemplate"]
    assert template == f"{here}/resources/?q={{search_term_string}}"
    [feed] = page.xpath("//link[@type='application/atom+xml']/@href")
    assert client.get(feed)["Content-Type"].startswith("application/atom+xml")


def test_browse_pages_tell_what_is_on_them(client, one):
    for path in ["/programmes/mida/", "/themes/health/", credited(one)[0].author_url]:
        page = parsed(client.get(path))
        [text] = page.xpath("//script[@type='application/ld+json']/text()")
        listed, way = json.loads(text)
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        assert listed["@type"] == "CollectionPage" and listed["url"] == canonical
        [item] = listed["mainEntity"]["itemListElement"]
        assert item["name"] == "One"
        steps = [step["item"] for step in way["itemListElement"]]
        links = page.xpath("//nav[@class='breadcrumbs']//a/@href")
        here = "http://testserver"
        assert steps == [*[here + link for link in links], canonical]


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_every_page_can_be_shared(client, one, prefix):
    titles = set()
    for path in PAGES[:-1]:
        page = parsed(client.get(prefix + path))
        told = {
            one.get("property"): one.get("content")
            for one in page.xpath("//meta[@property]")
        }
        assert told.keys() == {
            *["og:title", "og:type", "og:url", "og:site_name", "og:locale", "og:image"]
        }
        titles.add(told["og:title"])
        assert told["og:locale"] == ("fr_FR" if prefix else "en_GB")
        for canonical in page.xpath("//link[@rel='canonical']/@href"):
            assert told["og:url"] == canonical
        image = told["og:image"].removeprefix("http://testserver")
        assert image.startswith("/static/icon-512")
    assert {"MIDA", "Health"} <= titles


def test_errors_are_not_to_be_shared(client, one):
    page = parsed(client.get("/nowhere/"))
    assert not page.xpath("//meta[@property] | //script[not(@src)]")


def test_canonical_addresses_are_without_what_says_nothing(client, one):
    for path in ["/", "/about/", "/programmes/", "/fr/"]:
        page = parsed(client.get(f"{path}?utm_source=letter"))
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        assert canonical == f"http://testserver{path}"


def test_browsers_find_search_and_icons(client, one):
    for path in ["/", "/ar/resources/", "/nowhere/"]:
        page = parsed(client.get(path))
        for rel in ["search", "manifest"]:
            [address] = page.xpath(f"//link[@rel='{rel}']/@href")
            assert client.get(address).status_code == 200
        assert page.xpath("//link[@rel='apple-touch-icon']/@href")
        [title] = page.xpath("//link[@rel='search']/@title")
        assert title == settings.SITE_NAME
        [guide] = page.xpath("//footer//a[contains(@href, '/api/')]")
        assert client.get(guide.get("href")).status_code == 200


def test_all_words_can_be_found_by_translators():
    """Babel does not look into f-strings."""
    for name, source, _kind in sources():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(source)):
            calls = ast.walk(node) if isinstance(node, ast.JoinedStr) else []
            for call in calls:
                called = getattr(getattr(call, "func", None), "id", "")
                assert called not in KEYWORDS, f"{name}:{call.lineno}"
