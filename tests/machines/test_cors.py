"""Pages of other sites may read everything that is for machines."""

import pytest

from resources.formats import FORMATS

from ..factories import cover
from ..public_addresses import MACHINES, addresses, prefixed

ALLOWED = "Access-Control-Allow-Origin"
FEEDS = ("/resources/feed/", "/fr/resources/feed/", "/resources/suggest/")


def is_for_machines(path):
    bare = path.lstrip("/")
    is_file = bare.startswith("resources/") and bare.endswith((*FORMATS, ".json"))
    return path.startswith(FEEDS) or bare.startswith(MACHINES) or is_file


@pytest.fixture
def every_address(make_resource):
    make_resource(title="Public", themes=["Health"], **cover("A cover"))
    paths = {prefixed(path) for path, _resource in addresses()}
    return sorted(path for path in paths if not path.startswith("/admin"))


def test_one_rule_holds_for_all_addresses(client, every_address):
    seen = set()
    for path in every_address:
        response = client.get(path, headers={"origin": "https://a.example"})
        found = response.get(ALLOWED)
        assert (found == "*") == is_for_machines(path), path
        assert found in {None, "*"}
        assert "Access-Control-Allow-Credentials" not in response
        policy = response["Cross-Origin-Resource-Policy"]
        assert policy == ("cross-origin" if found else "same-origin"), path
        seen.add(bool(found))
    assert seen == {True, False}


def test_browsers_may_ask_first(client, every_address):
    for path in every_address:
        if is_for_machines(path):
            response = client.options(path, headers={"origin": "https://a.example"})
            assert response.status_code == 204, path
            assert response[ALLOWED] == "*"
            assert "GET" in response["Access-Control-Allow-Methods"]
    assert client.options("/about/").status_code == 405


def test_a_stored_page_and_a_304_say_so_too(client, make_resource):
    make_resource()
    for path in ["/resources/feed/", "/api/resources/", "/oai?verb=Identify"]:
        etag = client.get(path)["ETag"]
        assert client.get(path)[ALLOWED] == "*"
        again = client.get(path, headers={"if-none-match": etag})
        assert again.status_code == 304 and again[ALLOWED] == "*"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/api/resources", "/api/resources/"),
        ("/api/resources?q=a&size=5", "/api/resources/?q=a&size=5"),
        ("/api/resources/1", "/api/resources/1/"),
        ("/api/openapi.json/", "/api/openapi.json"),
        ("/api/resources.jsonl/?fields=id", "/api/resources.jsonl?fields=id"),
    ],
)
def test_a_slash_too_few_or_too_many_leads_on(client, db, path, target):
    response = client.get(path)
    assert response.status_code == 301 and response["Location"] == target
    assert response[ALLOWED] == "*"


def test_oai_answers_with_a_slash_too(client, make_resource):
    make_resource()
    for path in ["/oai/", "/oai"]:
        text = client.get(f"{path}?verb=Identify").text
        assert "<baseURL>http://testserver/oai</baseURL>" in text
