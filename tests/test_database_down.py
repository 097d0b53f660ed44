"""What the site answers while the database cannot be reached."""

import pytest
from django.db import OperationalError, connection

from .factories import cover

# As machines ask for them, and the type of the answer.
API = ["/api/resources/", "/api/resources/1/", "/api/resources.jsonl"]
API += ["/api/resources/?changed_since=2020-01-01"]
OTHERS = ["/oai?verb=Identify", "/oai?verb=ListRecords&metadataPrefix=oai_dc"]
OTHERS += ["/resources/feed/", "/resources.csv", "/resources/1.ris", "/sitemap.xml"]
OTHERS += ["/resources/1.linkset.json", "/resources/suggest/?q=a"]
OTHERS += ["/oembed?url=http://testserver/resources/1/", "/covers/1/a-240.webp"]
PAGES = ["/", "/resources/", "/resources/1/", "/themes/", "/fr/resources/?q=a"]


@pytest.fixture
def database_down(make_resource):
    make_resource(**cover("A cover"))

    def fail(*args):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("path", API)
def test_the_api_says_so_in_its_own_form(client, database_down, path):
    response = client.get(path)
    assert response.status_code == 503 and response["Retry-After"] == "30"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 503
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", OTHERS)
def test_other_programs_get_a_sentence(client, database_down, path):
    response = client.get(path)
    assert response.status_code == 503 and response["Retry-After"] == "30"
    assert response["Content-Type"].startswith("text/plain")
    assert "Try again" in response.text and "closed" not in response.text
    assert "ETag" not in response


def test_harvesters_that_post_get_it_too(client, database_down):
    response = client.post("/oai", {"verb": "Identify"})
    assert response.status_code == 503 and response["Retry-After"] == "30"


@pytest.mark.parametrize("path", PAGES)
def test_people_get_a_page(client, database_down, path):
    response = client.get(path)
    assert response.status_code == 503 and response["Retry-After"] == "30"
    assert response["Content-Type"].startswith("text/html")
    assert "</main>" in response.text and "closed" not in response.text
    assert ('lang="fr"' in response.text[:100]) == path.startswith("/fr/")


def test_so_do_curators(client, database_down):
    client.raise_request_exception = False
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/admin/")
    assert response.status_code == 503 and response["Retry-After"] == "30"
    assert "</main>" in response.text


@pytest.mark.parametrize("path", ["/about/", "/robots.txt", "/api/openapi.json"])
def test_what_needs_no_database_is_answered(client, database_down, path):
    response = client.get(path)
    assert response.status_code == 200 and "ETag" not in response


def test_other_errors_stay_errors(client, db, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("resources.pages.views.render", fail)
    client.raise_request_exception = False
    assert client.get("/about/").status_code == 500
