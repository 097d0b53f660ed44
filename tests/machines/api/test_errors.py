"""What the API answers to wrong requests."""

import pytest
from django.test import Client

from resources.machines.api import parameters
from resources.search import Search, Unusable, store

from ... import hostile
from .client import DUMP, LIST, PATHS, dumped, get


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unknown", "1"),
        ("page", "2"),
        ("theme", ""),
        ("theme", " health"),
        ("author", "x"),
        ("country", "XX"),
        ("year_from", "two"),
        ("year_from", "1499"),
        ("year_to", "02000"),
        ("year_to", "٢٠٠٠"),
        ("sort", "size"),
        ("every", "yes"),
        ("facets", "0"),
        ("size", "0"),
        ("size", "101"),
        ("size", "-1"),
        ("size", "²"),
        ("size", "1e1"),
        ("after", "7"),
        ("after", "newest-"),
        ("after", "newest-x"),
        ("after", "newest-ffffffffffffffff"),
        ("after", "year-5"),
        ("q", "x" * 2001),
        ("sort", ["title", "year"]),
        ("q", ["a", "b"]),
        ("theme", [f"t{n}" for n in range(21)]),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_said(client, make_resource, name, value):
    make_resource(themes=["Health"])
    found = get(client, status=400, **{name: value})
    assert found["type"] == "about:blank" and found["title"] == "Bad Request"
    assert {error["parameter"] for error in found["errors"]} == {name}
    assert all(error["detail"].endswith((".", "$")) for error in found["errors"])


def test_all_that_is_wrong_is_said_at_once(client, make_resource):
    make_resource()
    errors = get(client, status=400, size="x", year_from="y", type="?")["errors"]
    assert {error["parameter"] for error in errors} == {"size", "year_from", "type"}


def test_the_other_addresses_take_no_parameters(client, full):
    for path in [DUMP, "/api/openapi.json", f"{LIST}{full.pk}/"]:
        get(client, path, status=400, size=1)


@pytest.mark.parametrize(
    "path",
    [
        *["nowhere", "resources.json", "resources/0/", "resources/x/"],
        *["resources/1/x/", "resources/99999999999999999999/", "%ff", "%00", "/"],
        *["a%0Ab/", "%0A", "%E2%80%A8", "..%2F"],
    ],
)
def test_not_even_an_unknown_address_answers_in_html(client, db, path):
    assert get(client, f"/api/{path}", status=404)


def test_it_is_only_to_read(db):
    client = Client(enforce_csrf_checks=True)
    for path in [*PATHS, f"{LIST}1/", "/api/nowhere"]:
        for method in ["post", "put", "patch", "delete", "trace"]:
            response = getattr(client, method)(path)
            assert response.status_code == 405
            assert response["Allow"] == "GET, HEAD, OPTIONS"
            assert response["Content-Type"] == "application/problem+json"
            assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/html", 406),
        ("application/xml;q=0.9, text/*", 406),
        ("application/json;q=0", 406),
        ("application/json", 200),
        ("application/*;q=0.1", 200),
        ("text/html, */*;q=0.8", 200),
    ],
)
def test_clients_that_cannot_read_json_get_406(client, full, accept, status):
    for path in [*PATHS, f"{LIST}{full.pk}/"]:
        response = client.get(path, headers={"accept": accept})
        assert response.status_code == status, path


def test_without_an_index_it_asks_to_come_back(client, full, monkeypatch):
    def fail(*args):
        raise Unusable("it is being made")

    monkeypatch.setattr(store, "up_to_date", fail)
    for query in ["?q=study", "?facets=1"]:
        response = client.get(f"{LIST}{query}")
        assert response.status_code == 503 and response["Retry-After"] == "10"
        assert response["Content-Type"] == "application/problem+json"
        assert "ETag" not in response
    assert "ETag" not in client.get(LIST)
    get(client, f"{LIST}{full.pk}/")
    assert len(dumped(client)) == 1
    assert client.get("/api/").status_code == 200


def test_an_index_that_breaks_meanwhile_is_no_error(client, full, monkeypatch):
    def fail(*args, **options):
        raise Unusable("it is damaged")

    monkeypatch.setattr(Search, "after", fail)
    get(client, status=503)


@pytest.mark.parametrize("text", hostile.VALUES, ids=lambda text: repr(text[:20]))
def test_hostile_values(client, full, text):
    for name in [*parameters.PARAMETERS, "unknown", text[:1000]]:
        response = client.get(LIST, {name: text})
        assert response.status_code in {200, 400}, name
        assert response["Content-Type"].endswith("json")
        response.json()


@pytest.mark.parametrize("query", hostile.QUERIES, ids=lambda query: query[:20])
def test_hostile_query_strings(client, full, query):
    for path in [*PATHS, f"{LIST}{full.pk}/"]:
        response = client.get(f"{path}?{query}")
        assert response.status_code in {200, 400}
        assert response["Content-Type"].startswith("application/")


def test_too_many_parameters_are_refused_in_json(client, full):
    query = "&".join(f"p{n}=1" for n in range(2000))
    for path in PATHS:
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert len(response.content) < 4000
