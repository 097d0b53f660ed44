"""Feeds: what a list holds, as news to subscribe to; and the rules of Atom."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from resources.models import Resource, Theme
from resources.texts import contained

Status = Resource.Status
ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HOST = "http://testserver"


def read(response):
    """The feed of an answer, which has to keep the rules of RFC 4287."""
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    for node in [feed, *feed.iter(f"{ATOM}entry")]:
        for name in ["id", "title", "updated"]:
            assert len(node.findall(ATOM + name)) == 1, name
        assert urlsplit(node.findtext(f"{ATOM}id")).scheme
        links = [
            (link.get("type"), link.get("hreflang"))
            for link in node.findall(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        ]
        assert len(links) == len(set(links)) == 1
        for time in [
            *node.findall(f"{ATOM}updated"),
            *node.findall(f"{ATOM}published"),
        ]:
            assert datetime.fromisoformat(time.text).tzinfo
        for author in node.findall(f"{ATOM}author"):
            assert author.findtext(f"{ATOM}name").strip()
    for entry in feed.iter(f"{ATOM}entry"):
        for name in ["summary", "published"]:
            assert len(entry.findall(ATOM + name)) == 1
        assert entry.find(f"{ATOM}summary").get("type") == "text"
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
    assert feed.find(f"{ATOM}author") is not None
    ids = [node.text for node in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return feed


def titles(feed):
    return [e.findtext(f"{ATOM}title") for e in feed.findall(f"{ATOM}entry")]


def links(feed):
    return {
        link.get("rel"): link.get("href").removeprefix(HOST)
        for link in feed.findall(f"{ATOM}link")
    }


def test_newest_first(client, make_resource):
    for title in ["First", "Second"]:
        make_resource(title=title)
    make_resource(title="Unfinished", status=Status.DRAFT)
    assert titles(read(client.get("/resources/feed/"))) == ["Second", "First"]


def test_what_an_entry_tells(client, make_resource):
    resource = make_resource(
        title="Health workers", summary="Short.", authors=["Ada", "Bo"], language="fr"
    )
    resource.themes.set([Theme.objects.create(slug="health", name="Health")])
    entry = read(client.get("/resources/feed/")).find(f"{ATOM}entry")
    resource = Resource.objects.published().with_changed_at().get()
    assert entry.findtext(f"{ATOM}id") == f"{HOST}/resources/{resource.pk}/"
    assert links(entry) == {"alternate": resource.get_absolute_url()}
    assert entry.findtext(f"{ATOM}summary") == "Short."
    title = entry.find(f"{ATOM}title")
    assert title.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    names = [a.findtext(f"{ATOM}name") for a in entry.findall(f"{ATOM}author")]
    assert names == ["Ada", "Bo"]
    assert dict(entry.find(f"{ATOM}category").attrib) == {
        "term": "health",
        "label": "Health",
        "scheme": f"{HOST}/themes/",
    }
    for name, time in [
        ("updated", resource.changed_at),
        ("published", resource.published_at),
    ]:
        shown = datetime.fromisoformat(entry.findtext(ATOM + name))
        assert shown == time.replace(microsecond=0)


def test_ids_stay_when_the_title_changes(client, make_resource):
    resource = make_resource(title="Before")
    before = read(client.get("/resources/feed/"))
    resource.title = "After"
    resource.save()
    after = read(client.get("/resources/feed/"))
    assert titles(after) == ["After"]
    ids = [[e.text for e in feed.iter(f"{ATOM}id")] for feed in [before, after]]
    assert ids[0] == ids[1]


def test_filters_narrow_it(client, make_resource):
    make_resource(title="Nurses", themes=["Health"])
    make_resource(title="Banks", themes=["Money"])
    feed = read(client.get("/resources/feed/?theme=health"))
    assert titles(feed) == ["Nurses"]
    assert feed.findtext(f"{ATOM}title") == "iDiaspora Resources · Theme: Health"
    assert feed.findtext(f"{ATOM}id") == f"{HOST}/resources/feed/?theme=health"
    assert links(feed)["alternate"] == "/resources/?theme=health"


def test_words_find_and_the_newest_still_comes_first(client, make_resource):
    make_resource(title="Health, health and health")
    make_resource(title="Of health among much else", summary="Other. " * 30)
    make_resource(title="Banks")
    by_time = ["Of health among much else", "Health, health and health"]
    assert titles(read(client.get("/resources/feed/?q=health"))) == by_time
    by_title = read(client.get("/resources/feed/?q=health&sort=title"))
    assert titles(by_title) == by_time[::-1]


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("sort=newest&q=x", "?q=x"),
        ("theme=nothing&page=1", "?theme=nothing"),
        ("theme=?&page=1", ""),
        ("unknown=1", ""),
        ("q=b&page=2&every=1", "?every=1&page=2&q=b"),
    ],
)
def test_each_feed_has_one_address(client, make_resource, asked, address):
    make_resource()
    response = client.get(f"/fr/resources/feed/?{asked}")
    assert response.status_code == 302
    assert response["Location"] == f"/fr/resources/feed/{address}"


def test_speaks_the_language_of_its_address(client, make_resource):
    resource = make_resource(themes=["Health"])
    Theme.objects.update(name_fr="Santé")
    feed = read(client.get("/fr/resources/feed/?theme=health"))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert feed.findtext(f"{ATOM}title").endswith("Thème: Santé")
    entry = feed.find(f"{ATOM}entry")
    assert links(entry)["alternate"].startswith(f"/fr/resources/{resource.pk}/")
    # The same entry in every language.
    assert entry.findtext(f"{ATOM}id") == f"{HOST}/resources/{resource.pk}/"


def test_an_empty_feed_is_a_feed(client, make_resource):
    make_resource()
    feed = read(client.get("/resources/feed/?q=nothingatall"))
    assert titles(feed) == []
    assert feed.findtext(f"{SEARCH}totalResults") == "0"
    assert "next" not in links(feed) and "previous" not in links(feed)
    Resource.objects.update(status=Status.WITHDRAWN, withdrawn_reason="Gone")
    assert titles(read(client.get("/resources/feed/"))) == []


def test_nothing_yet(client, db):
    assert titles(read(client.get("/resources/feed/"))) == []


@pytest.fixture
def pages(make_resource, monkeypatch):
    """Five resources, two on each page."""
    monkeypatch.setattr("resources.machines.feeds.PER_FEED", 2)
    for n in range(1, 6):
        make_resource(title=f"Number {n}")


def test_pages_link_to_each_other(client, pages):
    middle = read(client.get("/resources/feed/?page=2"))
    assert titles(middle) == ["Number 3", "Number 2"]
    assert links(middle) == {
        "alternate": "/resources/",
        "self": "/resources/feed/?page=2",
        "first": "/resources/feed/",
        "previous": "/resources/feed/",
        "next": "/resources/feed/?page=3",
        "last": "/resources/feed/?page=3",
    }
    numbers = ["totalResults", "startIndex", "itemsPerPage"]
    assert [middle.findtext(SEARCH + name) for name in numbers] == ["5", "3", "2"]
    # All pages are one feed.
    assert middle.findtext(f"{ATOM}id") == f"{HOST}/resources/feed/"


def test_following_next_gives_everything_once(client, pages):
    seen, address = [], "/resources/feed/"
    while address:
        feed = read(client.get(address))
        seen += titles(feed)
        address = links(feed).get("next")
    assert seen == [f"Number {n}" for n in range(5, 0, -1)]


def test_beyond_the_end_is_no_page_of_html(client, pages):
    response = client.get("/resources/feed/?page=4")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


def test_no_link_leads_too_deep(client, pages, monkeypatch):
    monkeypatch.setattr("resources.machines.feeds.DEEPEST", 1)
    first = read(client.get("/resources/feed/"))
    assert "next" not in links(first)
    assert client.get("/resources/feed/?page=2").status_code == 404
    assert titles(read(client.get(links(first)["last"]))) == ["Number 1"]


HOSTILE = [
    "</title><script>alert(1)</script>]]>",
    "\"'&<>{{ 7*7 }} %s",
    "line\nbreak\ttab",
    "bell\x07 and \x0b\x1b[31m",
    "e\u0301 \u0301 \u202e\u2066abc مهاجر 🏳️‍🌈",
    "not \ufffe characters \uffff",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_any_text_is_text(client, make_resource, text):
    resource = make_resource(title=text, summary=text, authors=[text])
    make_resource(themes=["Health"])
    Theme.objects.update(name=text)
    entry = read(client.get("/resources/feed/")).findall(f"{ATOM}entry")[1]
    # A vertical tab is a line break, in all formats.
    kept = "".join(
        "\n" if c == "\x0b" else c
        for c in text
        if c in "\n\t\x0b" or c >= " " and c not in "\ufffe\uffff"
    )
    # What turns the direction of a text ends with it, or is left out.
    kept = contained(kept)
    assert entry.findtext(f"{ATOM}title") == kept
    assert entry.findtext(f"{ATOM}summary") == kept
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == kept
    assert entry.findtext(f"{ATOM}id") == f"{HOST}{resource.permanent_path}"
    feed = read(client.get("/resources/feed/", {"q": text}, follow=True))
    assert feed.findtext(f"{ATOM}title").startswith("iDiaspora Resources")
    read(client.get("/resources/feed/?theme=health"))


def test_without_an_index_no_filter_is_passed_over(client, make_resource, monkeypatch):
    make_resource(title="On health", themes=["Health"])
    make_resource(title="On money", themes=["Money"])
    monkeypatch.setattr("resources.search.Search.is_usable", False)
    assert titles(read(client.get("/resources/feed/"))) == ["On money", "On health"]
    feed = read(client.get("/resources/feed/?theme=health"))
    assert titles(feed) == ["On health"]
    assert feed.findtext(f"{ATOM}title").endswith("Theme: Health")


def test_costs_the_same_at_any_length(client, make_resource):
    costs = set()
    for _ in range(2):
        for n in range(12):
            make_resource(authors=[f"Author {n}"], themes=[f"Theme {n}"])
        # Brings the index up to date.
        client.get("/resources/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/resources/feed/")
        costs.add(len(queries))
    assert len(costs) == 1


def test_an_unchanged_feed_is_not_sent_again(client, make_resource):
    make_resource()
    etag = client.get("/resources/feed/")["ETag"]
    again = client.get("/resources/feed/", headers={"if-none-match": etag})
    assert again.status_code == 304
