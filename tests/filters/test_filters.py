"""The parameters of the list: how they are checked, and what finds the resources."""

import random
from itertools import chain

import pytest
from django.http import QueryDict
from django.utils import translation

from resources.facets import FACETS
from resources.filters import MOST_VALUES, SORTS, ResourceFilter
from resources.filters.fields import MOST_CHOSEN
from resources.models import Resource
from resources.search import Search

from .. import hostile
from .examples import (
    WORDS,
    Status,
    filterset_of,
    of_both,
)

# What finds the resources


@pytest.mark.parametrize("seed", range(4))
def test_the_database_finds_what_the_index_finds(catalogue, seed):
    rnd = random.Random(seed)
    search = Search()
    counts, found = search.find(size=1).counts, 0
    for _ in range(60):
        data = {
            name: rnd.sample(list(counts[name]), rnd.choice([1, 2]))
            for name in rnd.sample(list(FACETS), rnd.choice([0, 1, 2, 2, 3]))
        }
        data["sort"] = rnd.choice(["newest", "title", "year"])
        if rnd.random() < 0.3:
            data["year_from"], data["year_to"] = rnd.choices([2001, 2005, 2020], k=2)
        if rnd.random() < 0.5:
            data["q"] = " ".join(rnd.sample(WORDS, rnd.choice([1, 2])))
            data["every"] = "1"
            if rnd.random() < 0.3:
                data["q"] += f" -{rnd.choice(WORDS)}"
        indexed = ResourceFilter(data, search=search)
        plain = ResourceFilter(data)
        assert indexed.selected == plain.selected
        results = indexed.find(size=100)
        assert list(plain.qs.values_list("pk", flat=True)) == results.ids, data
        assert plain.find(size=100).ids == results.ids
        assert plain.find(page=2, size=3).ids == results.ids[3:6]
        assert plain.find().total == results.total
        for filterset in [indexed, plain]:
            assert list(chain(*filterset.ids(7))) == results.ids
        found += bool(results.total)
    assert found > 20


def test_each_value_alone_and_beside_all_others(catalogue):
    search = Search()
    for name, numbers in search.find(size=1).counts.items():
        for data in [*({name: [value]} for value in numbers), {name: list(numbers)}]:
            indexed = ResourceFilter(data, search=search).find(size=100)
            assert indexed.total
            assert ResourceFilter(data).find(size=100).ids == indexed.ids, data


def test_the_values_of_each_facet(catalogue):
    for query in ["", "theme=health", "region=europe&type=report"]:
        indexed, plain = of_both(query)
        for name in FACETS:
            values = plain.values(name, 100)
            assert set(values) == set(indexed.values(name, 100)), (query, name)
            assert set(values.values()) <= {None}


@pytest.fixture
def texts(make_resource):
    make_resource(title="A Éthiopie", summary="Les États et la santé.")
    make_resource(title="B Health care", summary="Of nurses", authors=["Ada Lovelace"])
    make_resource(title="C Care for health", summary="100% of_it", authors=["Zoë"])
    make_resource(
        title="D", summary="The United Nations on migration: Ada", language="es"
    )
    make_resource(title="E Health care", status=Status.DRAFT, authors=["Zoë"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("health care", "BC"),
        ("HEALTH  nurses", "B"),
        ('"health care"', "B"),
        ("“health care”", "B"),
        ("care -nurses", "C"),
        ('care -"health care"', "C"),
        ("ada", "BD"),
        ("author:ada", "B"),
        ('author:"ada lovelace" care', "B"),
        ("title:health", "BC"),
        ("title:nurses", ""),
        ("the migration of Ada", "D"),
        ("the", "D"),
        ("éthiopie", "A"),
        ("ETHIOPIE", "A"),
        ("ÉTATS", "A"),
        ("états santé", "A"),
        ("zoë", "C"),
        ("ZOË", "C"),
        ("100%", "C"),
        ("of_it", "C"),
        ('"0% of"', "C"),
        ('"% "', ""),
        ("migration:", "D"),
        ("un-ited", "D"),
        ("nothing of that", ""),
        ("??? - \" -? '", ""),
    ],
)
def test_every_word_has_to_be_there(texts, text, expected):
    found = ResourceFilter({"q": text}).qs.values_list("title", flat=True)
    assert "".join(sorted(title[0] for title in found)) == expected


@pytest.mark.parametrize("text", hostile.VALUES, ids=lambda text: repr(text[:20]))
def test_hostile_values(catalogue, text):
    """Nothing that is asked for is an error, with and without an index."""
    for name in [*ResourceFilter.base_filters, "unknown", text[:100]]:
        data = QueryDict(mutable=True)
        data.setlist(name, [text, text[:5], "health"])
        indexed = ResourceFilter(data, search=Search())
        plain = ResourceFilter(data)
        assert indexed.selected == plain.selected
        assert plain.find().total <= 40
        plain.query_string(), list(plain.selected_filters()), plain.errors


def test_a_queryset_may_be_narrower(catalogue):
    english = Resource.objects.published().filter(language="en")
    filterset = filterset_of("type=report", queryset=english)
    assert {one.language for one in filterset.qs} == {"en"}
    assert not filterset_of("language=fr", queryset=english).selected
    assert not filterset_of("", queryset=english.filter(pk=0)).qs


def test_drafts_are_not_found(catalogue):
    assert filterset_of().qs.count() == 40
    assert not filterset_of("theme=secret").selected
    assert "secret" not in filterset_of().values("theme", 100)


# What is understood


@pytest.mark.parametrize("source", [Search, lambda: None])
def test_one_bad_value_does_not_cost_the_others(catalogue, source):
    query = "theme=policy&theme=nonsense&theme=health&type=report&year_from=2001"
    filterset = filterset_of(query, search=source())
    assert not filterset.is_valid()
    error = "No resource has “nonsense” under Theme. This filter was left out."
    assert filterset.errors == {"theme": [error]}
    assert filterset.form.cleaned_data["theme"] == ["health", "policy"]
    assert filterset.selected == {
        "theme": ["health", "policy"],
        "type": ["report"],
        "year_from": 2001,
    }


@pytest.mark.parametrize(
    ("query", "name", "error", "selected"),
    [
        ("year_from=two", "year_from", "“two” is not a year.", {}),
        (
            "year_to=99999",
            "year_to",
            "Years go from 1500 to 2100.",
            {"year_to": 2100},
        ),
        (
            "country=SO",
            "country",
            "No resource has “SO” under Country. This filter was left out.",
            {},
        ),
        (
            "author=007",
            "author",
            "No resource has “007” under Author. This filter was left out.",
            {},
        ),
        (
            "sort=size",
            "sort",
            "Select a valid choice. size is not one of the available choices.",
            {},
        ),
    ],
)
def test_errors_are_told(catalogue, query, name, error, selected):
    filterset = filterset_of(query, search=Search())
    assert not filterset.is_valid()
    assert filterset.errors == {name: [error]}
    assert filterset.selected == selected


def test_errors_are_told_in_the_language_of_the_page(catalogue):
    with translation.override("fr"):
        [error] = filterset_of("sort=size").errors["sort"]
    assert error.startswith("Sélectionnez un choix valide")


def test_nothing_asked_for_is_valid(db):
    filterset = filterset_of()
    assert filterset.is_valid() and not filterset.errors
    assert not filterset.selected and not filterset.is_filtered
    assert ResourceFilter().selected == {}


@pytest.mark.parametrize("source", [Search, lambda: None])
def test_too_many_values(make_resource, source):
    themes = [f"Theme {n:02}" for n in range(MOST_VALUES + 1)]
    make_resource(themes=themes)
    query = "&".join(f"theme=theme-{n:02}" for n in range(MOST_VALUES + 1))
    filterset = filterset_of(query, search=source())
    assert filterset.has_too_many_values
    assert len(filterset.selected["theme"]) == MOST_VALUES
    [error] = filterset.errors["theme"]
    assert "only the first of each kind" in error
    fewer = filterset_of(filterset.query_string(), search=source())
    assert not fewer.has_too_many_values and fewer.is_valid()


def test_all_facets_together_have_a_limit(client, make_resource):
    """Each chosen value makes a link with all the others."""
    names = ["theme", "type", "programme"]
    for n in range(MOST_VALUES):
        make_resource(
            themes=[f"T {n:02}"],
            type=f"K {n:02}",
            programme=f"P {n:02}",
        )
    query = "&".join(
        f"{name}={letter}-{n:02}"
        for name, letter in zip(names, "tkp", strict=True)
        for n in range(MOST_VALUES)
    )
    filterset = filterset_of(query, search=Search())
    chosen = [filterset.selected.get(name, ()) for name in names]
    assert sum(map(len, chosen)) == MOST_CHOSEN and filterset.has_too_many_values
    page = client.get(f"/resources/?{query}", follow=True)
    assert "only the first of each kind" in page.text
    assert len(page.content) < 150_000


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=best", ""),
        ("sort=newest", ""),
        ("sort=title", "title"),
        ("q=zebra", ""),
        ("q=zebra&sort=newest", "newest"),
        ("q=zebra&sort=best", ""),
    ],
)
def test_the_order_that_goes_without_saying(catalogue, query, expected):
    for filterset in of_both(query):
        assert filterset.selected.get("sort", "") == expected
        assert filterset.query["sort"] == (
            expected or ("" if "q" in query else "newest")
        )
        assert ("best" in filterset.sort_choices) == ("q" in query)
        assert filterset.order in SORTS


def test_the_arguments_of_a_search(catalogue):
    query = "q=zebra&every=1&exactly=1&theme=health&year_to=2001&year_from=2020&x=y"
    assert filterset_of(query).query == {
        "text": "zebra",
        "filters": {"theme": ["health"], "year_from": 2001, "year_to": 2020},
        "sort": "",
        "all_words": True,
        "exact": True,
    }


def test_the_number_of_what_a_filter_less_gives(catalogue):
    query = "q=zebra&every=1&programme=mida&programme=rqa&year_from=2020&theme=data"
    for filterset in of_both(query):
        for _label, total, rest in filterset.wider():
            assert filterset_of(rest, search=filterset.search).find().total == total
    indexed, plain = of_both(query)
    assert list(indexed.wider()) == list(plain.wider()) != []


def test_hidden_fields_give_the_same_list(catalogue):
    [filterset, _plain] = of_both("q=zebra&theme=data&theme=health&year_from=2001")
    assert list(filterset.hidden_fields("year_from")) == [
        ("q", "zebra"),
        ("theme", "data"),
        ("theme", "health"),
    ]
