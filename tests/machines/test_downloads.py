"""Resources as files: one of them, and any list."""

import csv
import json
import tracemalloc

import pytest

from bench.generate import Generator
from resources.formats import FORMATS
from resources.machines import downloads
from resources.models import Resource
from resources.search import store

Status = Resource.Status


def body(response):
    return b"".join(response).decode() if response.streaming else response.text


@pytest.mark.parametrize("extension", FORMATS)
def test_one_resource(client, make_resource, extension):
    resource = make_resource(title="Health & care", authors=["Ada Lovelace"])
    response = client.get(f"/resources/{resource.pk}.{extension}")
    assert response.status_code == 200
    assert response["Content-Type"] == FORMATS[extension].CONTENT_TYPE
    name = f'filename="resource-{resource.pk}.{extension}"'
    assert name in response["Content-Disposition"]
    assert "Health" in response.text and "Lovelace" in response.text
    assert response["ETag"] and response["Last-Modified"]


@pytest.mark.parametrize("extension", FORMATS)
def test_a_list_follows_words_and_filters(client, make_resource, extension):
    make_resource(title="Wanted one", themes=["Health"])
    make_resource(title="Wanted other", themes=["Health"])
    make_resource(title="Wanted not", themes=["Trade"])
    make_resource(title="Something else", themes=["Health"])
    text = body(client.get(f"/resources.{extension}?q=wanted&theme=health"))
    assert "Wanted one" in text and "Wanted other" in text
    assert "Wanted not" not in text and "Something else" not in text


def test_a_list_has_all_in_the_order_asked_for(client, make_resource, monkeypatch):
    monkeypatch.setattr(downloads, "CHUNK", 3)
    made = [make_resource(title=f"Title {n}", year=2000 + n % 4) for n in range(10)]
    newest = [one.pk for one in made[::-1]]
    by_year = [one.pk for one in sorted(made, key=lambda one: (-one.year, -one.pk))]
    for query, expected in [
        ("", newest),
        ("?sort=title", newest[::-1]),
        ("?sort=year", by_year),
        ("?q=title&sort=newest", newest),
    ]:
        found = json.loads(body(client.get(f"/resources.json{query}")))
        assert [one["id"] for one in found] == expected, query


def test_a_list_has_one_address(client, make_resource):
    make_resource(themes=["Health"])
    response = client.get("/resources.csv?theme=health&page=3&x=1")
    assert response.status_code == 302
    assert response["Location"] == "/resources.csv?theme=health"
    assert client.get("/resources.csv?x=1")["Location"] == "/resources.csv"


def test_an_empty_list_is_a_whole_file(client, db):
    assert json.loads(body(client.get("/resources.json"))) == []
    [head] = csv.reader(body(client.get("/resources.csv")).splitlines())
    assert "title" in head


def test_what_is_not_public_has_no_file(client, make_resource):
    draft = make_resource(status=Status.DRAFT)
    gone = make_resource(status=Status.WITHDRAWN, withdrawn_reason="Old")
    for extension in FORMATS:
        answers = [
            client.get(f"/resources/{pk}.{extension}") for pk in [draft.pk, gone.pk, 99]
        ]
        assert [one.status_code for one in answers] == [404, 410, 404]
        assert all(one["Content-Type"].startswith("text/plain") for one in answers)
    assert client.get("/resources.exe").status_code == 404
    assert client.get("/resources/1.exe").status_code == 404


def test_a_list_that_has_not_changed_is_not_sent_again(client, make_resource):
    make_resource()
    first = client.get("/resources.csv")
    body(first)
    for header in ["ETag", "Last-Modified"]:
        assert first[header]
    again = client.get("/resources.csv", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    make_resource()
    again = client.get("/resources.csv", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200


def test_without_an_index_a_list_comes_from_the_database(
    client, make_resource, monkeypatch
):
    for n in range(12):
        make_resource(title=f"Number {n:02}", themes=["Health"] if n % 2 else [])
    paths = ["/resources.csv?sort=title", "/resources.csv?sort=title&theme=health"]
    indexed = [body(client.get(path)) for path in paths]
    monkeypatch.setattr("resources.machines.downloads.CHUNK", 5)
    monkeypatch.setattr("resources.search.Search.is_usable", False)
    assert [body(client.get(path)) for path in paths] == indexed
    assert "ETag" not in client.get(paths[0])


def test_a_list_is_written_while_it_is_read(client, vocabularies):
    """The memory that a list takes does not grow with it."""
    Generator(400, seed=1).run()
    store.rebuild()
    body(client.get("/resources.csv"))
    peaks = []
    for query in ["?language=ar", ""]:
        response = client.get(f"/resources.csv{query}")
        tracemalloc.start()
        size = sum(len(part) for part in response)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert size > 300_000
    assert peaks[1] < 8_000_000
