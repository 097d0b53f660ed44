"""The list of the API: filters, facets, and the way to the next page."""

from urllib.parse import parse_qsl, urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from resources.facets import FACETS
from resources.filters import SORTS
from resources.machines.api import lists
from resources.models import Theme

from ...factories import credited
from .client import LIST, get, ids


def test_filters_mean_what_they_mean_in_the_list_for_people(client, sample):
    for query in [{"q": "diaspora health"}, {"sort": "title"}, {"language": "fr"}]:
        page = client.get("/resources/", query, follow=True)
        found = get(client, size=10, **query)
        shown = html.fromstring(page.text).xpath("//li[@class='card']/@data-id")
        assert ids(found) == list(map(int, shown))
        assert f" of {found['total']}</h2>" in page.text


def test_facets_count_what_choosing_gives(client, sample):
    facets = get(client, facets=1, size=1)["facets"]
    assert [*facets] == [*FACETS, "year"]
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


def test_corrections_and_ignored_words_are_listed(client, make_resource):
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
    queries += [{name: facets[name][0]["value"]} for name in FACETS]
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
    monkeypatch.setattr(lists, "DEEPEST", 10)
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


def test_a_page_costs_the_same_at_any_length(client, sample):
    client.get(LIST)
    costs = set()
    for size in [1, 10, 38]:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"size": size})
        costs.add(len(queries))
    assert len(costs) == 1


def test_a_value_without_resources_is_an_empty_list(client, make_resource, geography):
    secret = make_resource(status="draft", themes=["Secret"], authors=["Hidden"])
    make_resource(title="Public")
    [hidden] = credited(secret)
    for query in [
        *[{"theme": "secret"}, {"theme": "sicret"}, {"country": "so"}],
        *[{"author": hidden.pk}, {"author": 999_999}, {"region": "africa"}],
        *[{"country_of_origin": "zz"}, {"language": "tlh"}, {"programme": "x"}],
    ]:
        found = get(client, facets=1, **query)
        assert found["total"] == 0 and found["results"] == [], query
        # Nor does it say what the value is called.
        [(name, value)] = query.items()
        shown = {one["value"] for one in found["facets"].get(name, [])}
        assert str(value) not in shown, query
    both = get(client, theme=["secret"], q="public")
    assert both["total"] == 0


def test_without_an_index_the_database_answers(client, sample, monkeypatch):
    queries = [{}, {"language": "en"}, {"theme": "health", "year_from": 2010}]
    queries += [{"country_of_origin": "so"}, {"type": "nothing-of-that-name"}]
    queries = [q | {"sort": sort} for q in queries for sort in ["newest", *SORTS]]
    indexed = [get(client, size=100, **query) for query in queries]
    starts = {}
    for sort in ["newest", "year", "title"]:
        starts[sort] = get(client, size=5, sort=sort)["next"]
    monkeypatch.setattr("resources.search.Search.is_usable", False)
    for query, expected in zip(queries, indexed, strict=True):
        assert get(client, size=99, **query) == expected, query
        pages = walk(client, size=7, **query)
        found = [one for page in pages for one in page["results"]]
        assert found == expected["results"], query
    # Keys of the index lead on.
    for sort, address in starts.items():
        expected = ids(get(client, size=10, sort=sort))[5:]
        assert ids(client.get(address).json()) == expected
