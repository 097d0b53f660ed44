"""Feeds and downloads of a value that no public resource has."""

import json

import pytest

from ..factories import credited


@pytest.fixture
def hidden(make_resource):
    make_resource(title="Public")
    draft = make_resource(status="draft", themes=["Secret"], authors=["Hidden Author"])
    return credited(draft)[0]


def test_they_are_empty_and_do_not_become_the_whole_list(client, hidden):
    queries = ["theme=secret", "theme=nothing", f"author={hidden.pk}", "author=99999"]
    for query in queries:
        response = client.get(f"/resources.json?{query}")
        assert response.status_code == 200
        assert json.loads(b"".join(response)) == []
        feed = client.get(f"/resources/feed/?{query}")
        assert feed.status_code == 200 and "<entry>" not in feed.text
        assert "Hidden" not in feed.text and "Secret" not in feed.text


def test_without_an_index_too(client, hidden, monkeypatch):
    monkeypatch.setattr("resources.search.Search.is_usable", False)
    test_they_are_empty_and_do_not_become_the_whole_list(client, hidden)


def test_people_are_told_and_get_the_rest(client, hidden):
    page = client.get("/resources/?theme=secret")
    assert "No resource has “secret” under Theme." in page.text
    assert "Public" in page.text and "Hidden" not in page.text
