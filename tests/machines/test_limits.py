"""How much one address may ask for, and what is never limited."""

import pytest

from resources import limits

from .oai.rules import post

DEAR = ["/resources/?q=health", "/resources/feed/", "/resources.csv"]
DEAR += [
    "/resources/?language=en",
    "/resources/choose/theme/",
    "/resources/suggest/?q=hea",
]
DEAR += ["/api/resources/", "/api/resources.jsonl"]
DEAR += ["/oai?verb=ListRecords&metadataPrefix=oai_dc"]


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(limits, "time", lambda: now[0])
    return now


@pytest.fixture(autouse=True)
def nothing_is_kept(settings):
    settings.PAGE_CACHE = False


def ask(client, path, address="192.0.2.1", **headers):
    response = client.get(path, REMOTE_ADDR=address, headers=headers)
    if response.streaming:
        b"".join(response)
    return response


def empty(settings, client, path, **options):
    """Ask until there is no more; how often that went."""
    for count in range(1000):
        if ask(client, path, **options).status_code == 429:
            return count


@pytest.mark.parametrize("path", DEAR)
def test_what_is_dear_is_limited(client, make_resource, settings, clock, path):
    make_resource(title="Health")
    settings.RATE_LIMIT = 1
    assert empty(settings, client, path) >= 3
    response = ask(client, path)
    assert response.status_code == 429
    wait = int(response["Retry-After"])
    assert 1 <= wait <= limits.BURST
    is_page = path.startswith(("/resources/?", "/resources/choose/"))
    assert ("html" in response["Content-Type"]) == is_page
    clock[0] += wait
    assert ask(client, path).status_code == 200
    assert ask(client, path, address="192.0.2.2").status_code == 200


def test_the_api_says_so_in_its_own_form(client, make_resource, settings, clock):
    make_resource()
    settings.RATE_LIMIT = 1
    empty(settings, client, "/api/resources/")
    response = ask(client, "/api/resources/")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 429 and response["Retry-After"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_pages_for_people_are_not_limited(client, make_resource, settings, clock):
    resource = make_resource()
    settings.RATE_LIMIT = 1
    empty(settings, client, "/resources.csv")
    for path in ["/", "/resources/", resource.get_absolute_url(), "/resources/?page=1"]:
        assert ask(client, path).status_code != 429


def test_kept_pages_are_not_limited(client, make_resource, settings, clock):
    make_resource(title="Health")
    settings.PAGE_CACHE, settings.RATE_LIMIT = True, 1
    assert ask(client, "/resources/?q=health").status_code == 200
    for n in range(100):
        last = ask(client, f"/resources/?q=other{n}")
    assert last.status_code == 429
    assert ask(client, "/resources/?q=health").status_code == 200


def test_no_limit_where_none_is_set(client, make_resource, settings, clock):
    settings.RATE_LIMIT = 0
    for _ in range(100):
        assert ask(client, "/resources/?q=health").status_code == 200


def test_behind_a_proxy_the_visitor_counts(client, make_resource, settings, clock):
    settings.RATE_LIMIT, settings.PROXIES = 1, 1
    path, seen = "/resources.csv", {"x-forwarded-for": "6.6.6.6, 192.0.2.1"}
    while ask(client, path, "127.0.0.1", **seen).status_code == 200:
        pass
    forged = {"x-forwarded-for": "7.7.7.7, 192.0.2.1"}
    assert ask(client, path, "127.0.0.1", **forged).status_code == 429
    other = {"x-forwarded-for": "6.6.6.6, 192.0.2.9"}
    assert ask(client, path, "127.0.0.1", **other).status_code == 200


def test_a_network_of_ipv6_counts_as_one(client, db, settings, clock):
    settings.RATE_LIMIT = 1
    empty(settings, client, "/resources.csv", address="2001:db8::1")
    assert ask(client, "/resources.csv", "2001:db8::ffff").status_code == 429
    assert ask(client, "/resources.csv", "2001:db8:0:1::1").status_code == 200


# What is left is told


def left(response):
    name, remaining, seconds = response["RateLimit"].split(";")
    assert name == '"default"' and seconds.startswith("t=")
    return int(remaining.removeprefix("r="))


@pytest.mark.parametrize("path", DEAR)
def test_what_is_left_is_told(client, make_resource, settings, clock, path):
    """https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
    make_resource(title="Health")
    settings.RATE_LIMIT = 2
    first, second = ask(client, path), ask(client, path)
    assert first["RateLimit-Policy"] == '"default";q=120;w=60'
    cost = 120 - left(first)
    assert cost > 0 and left(second) == 120 - 2 * cost
    assert second["RateLimit"].endswith(f";t={cost}")
    clock[0] += 1
    assert left(ask(client, path)) == 120 - 3 * cost + 2
    empty(settings, client, path)
    response = ask(client, path)
    assert response.status_code == 429 and left(response) < cost
    assert response["RateLimit-Policy"] == first["RateLimit-Policy"]


def test_what_costs_nothing_tells_nothing(client, make_resource, settings):
    make_resource()
    for path in ["/resources/", "/api/openapi.json", "/oai?verb=Identify"]:
        assert "RateLimit" not in ask(client, path)
    settings.RATE_LIMIT = 0
    for path in DEAR:
        assert "RateLimit" not in ask(client, path)


def test_a_kept_page_tells_nobody_what_another_has_left(
    client, make_resource, settings
):
    make_resource()
    settings.PAGE_CACHE, settings.RATE_LIMIT = True, 1
    first = ask(client, "/api/resources/")
    assert "RateLimit" in first
    again = ask(client, "/api/resources/", address="192.0.2.7")
    assert "RateLimit" not in again and "RateLimit-Policy" not in again
    assert again.content == first.content


def test_a_harvester_that_posts_is_told(client, make_resource, settings, clock):
    make_resource()
    settings.RATE_LIMIT = 1
    data = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert left(post(client, data)) == 60 - limits.LIST
