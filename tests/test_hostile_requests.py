"""Requests with hostile or broken input: never a server error."""

from statistics import median
from time import process_time
from urllib.parse import quote

import pytest

from resources.models import Programme

from . import hostile

# Hostile input

NAMES = ["q", "programme", "region", "country", "language", "author", "year_from"]
FOR_MACHINES = ["/resources/feed/", "/oembed", "/opensearch.xml"]
NAMES += ["year_to", "sort", "page", "unknown"]


def check(response, text):
    assert response.status_code < 500
    if "<" in text:
        assert text not in response.text


@pytest.mark.parametrize("text", hostile.VALUES, ids=lambda text: repr(text[:20]))
def test_hostile_values(client, planted, text):
    for name in NAMES:
        for path in ["/resources/", "/resources/feed/"]:
            check(client.get(path, {name: text}, follow=True), text)
    check(client.get("/resources/", dict.fromkeys(NAMES, text), follow=True), text)
    check(client.get("/themes/health/", {"page": text}, follow=True), text)
    check(client.get("/", {"x": text}), text)
    # Another format than JSON is refused with 501, as the standard has it.
    for name in ["url", "maxwidth", "maxheight"]:
        check(client.get("/oembed", {"url": "http://testserver/", name: text}), text)


@pytest.mark.parametrize("query", hostile.QUERIES, ids=lambda query: query[:20])
def test_hostile_query_strings(client, planted, query):
    paths = ["/resources/", "/", "/themes/health/", "/ar/resources/", *FOR_MACHINES]
    for path in [*paths, "/api/resources/", "/api/resources.jsonl"]:
        response = client.get(f"{path}?{query}", follow=True)
        assert response.status_code < 500


@pytest.mark.parametrize("text", [t for t in hostile.VALUES if len(t) < 1000], ids=repr)
def test_hostile_paths(client, planted, text):
    for path in [
        "/{}",
        "/resources/1/{}/",
        "/themes/{}/",
        "/authors/{}/x/",
        "/covers/1/{}",
    ]:
        check(client.get(path.format(quote(text, safe="")), follow=True), text)


def test_broken_utf8_in_a_path(client, planted):
    for path in ["/%ff%fe/", "/themes/%ff/", "/resources/1/%c3%28/"]:
        assert client.get(path, follow=True).status_code < 500


def test_hostile_titles_are_shown_as_text(client, make_resource):
    title = "<b>x</b>\"'&{{ 7*7 }}\u202e</script><script>alert(1)</script>"
    resource = make_resource(
        title=title, summary=title, programme="MIDA", authors=[title]
    )
    make_resource(programme="MIDA")
    Programme.objects.update(name=title)
    for path in ["/", "/resources/", resource.get_absolute_url(), "/programmes/mida/"]:
        text = client.get(path).text
        assert "<b>x" not in text and "<script>alert" not in text
        assert "&lt;b&gt;x" in text


def test_unknown_hosts_are_refused(client, db):
    response = client.get("/about/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text


def test_no_words_take_much_longer_than_others(client, make_resource, settings):
    settings.PAGE_CACHE = False
    for n in range(30):
        make_resource(title=f"Health of workers {n}", summary="Doctors return. " * 30)

    def seconds(text):
        began = process_time()
        response = client.get("/resources/", {"q": text}, follow=True)
        assert response.status_code < 500
        return process_time() - began

    seconds("health workers")
    usual = max(median(seconds(f"health workers {n}") for n in range(9)), 0.003)
    texts = [*hostile.VALUES, "helth " * 50_000, '"' * 100_000, "a b " * 30_000]
    texts += ["-" * 100_000, 'author:"' * 20_000, "ا" * 100_000, "e\u0301" * 50_000]
    texts += [" ".join(f"wrod{n}xyz" for n in range(60)), "\U0001f3f3\ufe0f" * 30_000]
    for text in texts:
        assert min(seconds(text) for _ in range(2)) < 20 * usual, repr(text[:20])
