"""The API: what programs read, and what they are told when they ask wrongly."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from resources import records
from resources.filters import SORTS
from resources.formats.json import as_json
from resources.machines import api, openapi
from resources.models import Contributor, Country, Region, Resource, Theme
from resources.search import Search, Unusable, store

from .. import factories, hostile

LIST = "/api/resources/"
DUMP = "/api/resources.jsonl"
PATHS = [LIST, DUMP, "/api/openapi.json"]
Status = Resource.Status


def get(client, path=LIST, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status, response.text
    is_problem = status >= 400
    kind = "application/problem+json" if is_problem else "application/json"
    assert response["Content-Type"] == kind
    found = response.json()
    if is_problem:
        assert found["status"] == status
    return found


def dumped(client):
    lines = client.get(DUMP).getvalue().decode().split("\n")
    assert lines.pop() == ""
    return [json.loads(line) for line in lines]


def ids(found):
    return [result["id"] for result in found["results"]]


@pytest.fixture
def full(make_resource):
    """A resource of which all is known."""
    Contributor.objects.create(name="Ada Lovelace", sort_name="Lovelace, Ada")
    region = Region.objects.create(code="014", slug="eastern-africa", name="E. Africa")
    kenya = Country.objects.create(code="KE", name="Kenya", name_fr="Le Kenya")
    return make_resource(
        title="Diasporas: “a study”",
        description="*More*",
        authors=["Zoe", "Ada Lovelace"],
        publisher="IOM",
        programme="MIDA",
        themes=["Health"],
        regions=[region],
        countries_of_origin=[kenya],
        countries_of_residence=[kenya],
        year=2019,
        source_url="https://example.org/a?b=c&d=é",
        doi="10.1000/182",
        isbn="9780306406157",
        **factories.cover("A cover", "ffffffff"),
    )


# What is told


def test_a_resource_has_all_that_is_public(client, full):
    found = get(client, f"{LIST}{full.pk}/")
    zoe, ada = full.credits
    kenya = {"code": "KE", "name": "Kenya"}
    at = found["published_at"]
    assert at == f"{full.published_at:%Y-%m-%dT%H:%M:%SZ}"
    assert found["changed_at"] >= at and found["changed_at"].endswith("Z")
    assert found == {
        "id": full.pk,
        "url": f"http://testserver/resources/{full.pk}/",
        "page": f"http://testserver{full.get_absolute_url()}",
        "title": "Diasporas: “a study”",
        "summary": "What it is about.",
        "description": "*More*",
        "language": "en",
        "type": {"slug": "report", "name": "Report"},
        "programme": {"slug": "mida", "name": "MIDA"},
        "themes": [{"slug": "health", "name": "Health"}],
        "regions": [{"code": "014", "slug": "eastern-africa", "name": "E. Africa"}],
        "countries_of_origin": [kenya],
        "countries_of_residence": [kenya],
        "authors": [
            {
                "id": zoe.pk,
                "name": "Zoe",
                "kind": "person",
                "family": "Zoe",
                "given": None,
            },
            {
                "id": ada.pk,
                "name": "Ada Lovelace",
                "kind": "person",
                "family": "Lovelace",
                "given": "Ada",
            },
        ],
        "publisher": {"id": full.publisher.pk, "name": "IOM"},
        "year": 2019,
        "source_url": "https://example.org/a?b=c&d=é",
        "doi": "10.1000/182",
        "isbn": "9780306406157",
        "cover": {
            "url": f"http://testserver/covers/{full.pk}/ffffffff-960.webp",
            "width": 960,
            "height": 1280,
            "alt": "A cover",
        },
        "published_at": at,
        "changed_at": found["changed_at"],
    }


def test_what_is_not_known_is_null(client, make_resource):
    found = get(client, f"{LIST}{make_resource().pk}/")
    missing = {name for name, value in found.items() if value is None}
    assert missing == {
        *["description", "programme", "publisher", "year", "source_url", "doi"],
        *["isbn", "cover"],
    }


def test_list_resource_and_dump_tell_the_same(client, full, make_resource):
    other = make_resource()
    results = get(client)["results"]
    assert [one["id"] for one in results] == [other.pk, full.pk]
    assert results == [get(client, f"{LIST}{one['id']}/") for one in results]
    assert dumped(client) == results[::-1]


def test_records_are_what_the_models_are(sample):
    published = Resource.objects.published()
    found = records.whole([*published.values_list("pk", flat=True)], 0)
    for resource in published.for_export():
        told = as_json(found[resource.pk], "https://a.example")
        assert told == as_json(resource, "https://a.example")
        assert told["page"] == f"https://a.example{resource.get_absolute_url()}"


@pytest.mark.parametrize(
    "title",
    [
        "</script><b>\"'&{{ 7*7 }}",
        "\u202eright to left\u2066",
        "دليل المهاجرين",
        "🏳️‍🌈 a\u0300\u0301",
        "!!!",
    ],
)
def test_hostile_texts_come_through_as_they_are(client, make_resource, title):
    one = make_resource(title=title, summary=title, authors=[title])
    [found] = get(client)["results"]
    assert found["title"] == found["authors"][0]["name"] == title
    assert found["page"] == f"http://testserver{one.get_absolute_url()}"
    assert dumped(client) == [found]


def test_addresses_follow_the_host(client, full, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in settings.ALLOWED_HOSTS:
        text = client.get(LIST, headers={"host": host}).text
        assert f"http://{host}/resources/{full.pk}/" in text


# The list


def test_filters_mean_what_they_mean_in_the_list_for_people(client, sample):
    for query in [{"q": "diaspora health"}, {"sort": "title"}, {"language": "fr"}]:
        page = client.get("/resources/", query, follow=True)
        found = get(client, size=10, **query)
        assert ids(found) == page.context["found"].ids
        assert found["total"] == page.context["found"].total


def test_facets_count_what_choosing_gives(client, sample):
    facets = get(client, facets=1, size=1)["facets"]
    assert [*facets] == [*api.FACETS, "year"]
    for name, values in facets.items():
        assert values
        for one in values[:5]:
            value = one["value"]
            query = {name: value}
            if name == "year":
                query = {"year_from": value, "year_to": value}
            assert get(client, size=1, **query)["total"] == one["count"]
            assert one["name"]
    assert "facets" not in get(client)


def test_names_of_facets_are_english(client, sample):
    facets = get(client, facets=1)["facets"]
    names = dict(Theme.objects.values_list("slug", "name"))
    assert all(names[one["value"]] == one["name"] for one in facets["theme"])


def test_what_search_did_is_told(client, make_resource):
    make_resource(title="Diaspora")
    found = get(client, q="the diasopra")
    assert found["corrections"] == {"diasopra": "diaspora"}
    assert found["ignored"] == ["the"]
    assert found["total"] == 1
    found = get(client, q="diasopra", exactly=1)
    assert found["corrections"] == {} and found["total"] == 0


def walk(client, **query):
    address, pages = f"{LIST}?", []
    while address:
        response = client.get(address, query if not pages else None)
        found = response.json()
        assert response.status_code == 200, found
        pages.append(found)
        address = found["next"]
        link = f'<{address}>; rel="next"' if address else None
        assert response.get("Link") == link
        assert len(pages) < 100
    return pages


def test_next_leads_through_all_of_it_once(client, sample):
    queries = [{}, {"q": "diaspora"}, {"q": '"diaspora"'}, {"q": "diaspora -health"}]
    queries += [{"q": "the"}, {"q": "diaspora health", "every": 1}]
    queries += [{"year_from": 2010, "year_to": 2020}, {"q": "zzzzzz"}]
    facets = get(client, facets=1)["facets"]
    queries += [{name: facets[name][0]["value"]} for name in api.FACETS]
    queries.append({"theme": [one["value"] for one in facets["theme"][:3]]})
    for query in queries:
        for sort in ["", *SORTS]:
            asked = query | ({"sort": sort} if sort else {})
            whole = get(client, size=100, **asked)
            pages = walk(client, size=7, **asked)
            assert [pk for page in pages for pk in ids(page)] == ids(whole), asked
            assert {page["total"] for page in pages} == {len(ids(whole))}
            assert all(len(ids(page)) == 7 for page in pages[:-1])


def test_next_keeps_what_was_asked(client, sample):
    address = get(client, q="diaspora", size=2, facets=1, sort="year")["next"]
    query = dict(parse_qsl(urlsplit(address).query))
    assert query.pop("after")
    assert query == {"q": "diaspora", "size": "2", "facets": "1", "sort": "year"}


def test_what_comes_meanwhile_shifts_nothing(client, make_resource):
    made = [make_resource().pk for _ in range(6)]
    first = get(client, size=3)
    make_resource()
    assert ids(first) == made[:2:-1]
    assert ids(client.get(first["next"]).json()) == made[2::-1]


def test_a_position_too_deep_is_refused(client, sample, monkeypatch):
    monkeypatch.setattr(api, "DEEPEST", 10)
    pages = [get(client, sort="title", size=6)]
    pages.append(client.get(pages[0]["next"]).json())
    response = client.get(pages[1]["next"])
    assert response.status_code == 400 and "newest" in response.text
    assert len(walk(client, sort="year", size=6)) > 3


def test_a_position_behind_the_end_is_the_end(client, make_resource):
    make_resource()
    found = get(client, sort="title", after="title-ff")
    assert found["total"] == 1 and found["results"] == [] and found["next"] is None


def test_a_phrase_alone_is_ranked_and_its_keys_say_so(client, make_resource):
    made = {make_resource(title="Health care", summary=f"No. {n}").pk for n in range(5)}
    body = client.get(LIST, {"q": '"health care"', "size": 3}).json()
    assert "after=best-" in body["next"]
    rest = client.get(body["next"]).json()
    assert {one["id"] for one in [*body["results"], *rest["results"]]} == made
    later = client.get(LIST, {"q": '"health care"', "after": "best-ffffff"})
    assert later.status_code == 400


# What is wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unknown", "1"),
        ("page", "2"),
        ("theme", "nothing-of-that-name"),
        ("theme", ""),
        ("theme", " health"),
        ("author", "x"),
        ("author", "999999"),
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
        ("q", "x" * 301),
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
    errors = get(client, status=400, size="x", year_from="y", type="z")["errors"]
    assert {error["parameter"] for error in errors} == {"size", "year_from", "type"}


def test_the_other_addresses_take_no_parameters(client, full):
    for path in [DUMP, "/api/openapi.json", f"{LIST}{full.pk}/"]:
        get(client, path, status=400, size=1)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW])
def test_drafts_are_nowhere(client, make_resource, status):
    draft = make_resource(title="Unfinished", status=status, themes=["Secret"])
    public = make_resource()
    get(client, f"{LIST}{draft.pk}/", status=404)
    assert ids(get(client)) == [public.pk] == [one["id"] for one in dumped(client)]
    assert "secret" not in client.get(LIST, {"facets": 1}).text
    answers = [
        get(client, status=400, theme=slug)["errors"][0]["detail"].replace(slug, "")
        for slug in ["secret", "sicret"]
    ]
    assert answers[0] == answers[1]


def test_withdrawn_is_gone_and_says_why(client, make_resource):
    gone = make_resource(
        title="Old", status=Status.WITHDRAWN, withdrawn_reason="Out of date."
    )
    found = get(client, f"{LIST}{gone.pk}/", status=410)
    assert "Old" in found["detail"] and "Out of date." in found["detail"]
    assert dumped(client) == []


@pytest.mark.parametrize(
    "path",
    [
        *["nowhere", "resources", "resources/0/", "resources/x/", "resources/1"],
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
def test_who_cannot_read_json_is_told(client, full, accept, status):
    for path in [*PATHS, f"{LIST}{full.pk}/"]:
        response = client.get(path, headers={"accept": accept})
        assert response.status_code == status, path


def test_without_an_index_it_asks_to_come_back(client, full, monkeypatch):
    def fail(*args):
        raise Unusable("it is being made")

    monkeypatch.setattr(store, "up_to_date", fail)
    response = client.get(LIST)
    assert response.status_code == 503 and response["Retry-After"] == "10"
    assert response["Content-Type"] == "application/problem+json"
    assert "ETag" not in response
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
    for name in [*openapi.PARAMETERS, "unknown", text[:1000]]:
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


# For programs on other sites, and kept copies


def test_every_site_may_read_it(client, full):
    paths = [*PATHS, f"{LIST}{full.pk}/", "/api/nowhere", f"{LIST}?size=x"]
    told = "Link, ETag, Retry-After"
    for path in paths:
        for _ in range(2):  # the second time perhaps a kept one
            response = client.get(path, headers={"origin": "https://a.example"})
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["Access-Control-Expose-Headers"] == told
            assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "Access-Control-Allow-Credentials" not in response
            assert not response.cookies


def test_browsers_may_ask_first(client, db):
    for path in [*PATHS, f"{LIST}1/", "/api/nowhere"]:
        response = client.options(path)
        assert response.status_code == 204 and not response.content
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Content-Type" not in response


def test_an_answer_is_kept_until_something_changes(
    client, full, django_assert_num_queries
):
    response = client.get(LIST)
    with django_assert_num_queries(1):  # the version
        again = client.get(LIST, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    Theme.objects.update(name="Wellbeing")
    again = client.get(LIST, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 200 and "Wellbeing" in again.text


def test_head_tells_the_same_without_the_body(client, full):
    for path in [LIST, f"{LIST}{full.pk}/", "/api/openapi.json", DUMP]:
        response = client.head(path)
        assert response.status_code == 200
        assert not (response.getvalue() if response.streaming else response.content)
        assert response["Content-Type"] == client.get(path)["Content-Type"]


# What it costs


def test_a_page_costs_the_same_at_any_length(client, sample, django_assert_num_queries):
    client.get(LIST)
    # The version, the rows, the vocabularies (kept outside of tests), their parts.
    for size in [1, 10, 38]:
        with django_assert_num_queries(4):
            client.get(LIST, {"size": size})


def test_the_dump_is_read_in_chunks(client, sample, monkeypatch):
    monkeypatch.setattr(api, "CHUNK", 5)
    response = client.get(DUMP)
    chunks = list(response)
    number = Resource.objects.published().count()
    assert len(chunks) == -(-number // 5)
    found = [json.loads(line)["id"] for one in chunks for line in one.splitlines()]
    assert found == sorted(found) and len(found) == number


def test_what_goes_while_it_is_dumped_is_left_out(client, make_resource, monkeypatch):
    monkeypatch.setattr(api, "CHUNK", 1)
    made = [make_resource() for _ in range(3)]
    lines = iter(client.get(DUMP))
    next(lines)
    Resource.objects.filter(pk=made[1].pk).update(
        status=Status.WITHDRAWN, withdrawn_reason="Gone"
    )
    made[2].themes.add(Theme.objects.create(slug="new", name="New"))
    [last] = lines
    assert json.loads(last)["themes"] == [{"slug": "new", "name": "New"}]


def test_a_term_that_is_new_is_read_anew(make_resource, monkeypatch):
    kept = records.read_vocabularies()
    monkeypatch.setattr(records, "vocabularies", lambda version: kept)
    one = make_resource(themes=["Newest"], type="Map", programme="New")
    found = records.whole([one.pk], 1)[one.pk]
    assert [theme.name for theme in found.themes] == ["Newest"]


# The page about it


def test_the_page_has_examples_that_work(client, sample):
    page = client.get("/api/")
    assert page.status_code == 200 and "application/problem+json" in page.text
    urls = [one["url"] for one in page.context["examples"]]
    assert len(urls) == 5
    for url in urls:
        assert url.startswith("http://testserver/api/resources/")
        assert client.get(url).status_code == 200
    assert "/fr/api/" not in page.text


def test_the_page_has_no_examples_of_an_empty_library(client, db):
    for one in client.get("/api/").context["examples"]:
        assert client.get(one["url"]).status_code == 200
