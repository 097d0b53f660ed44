"""Countries of origin and of residence: each its own filter, on every list."""

import csv

import pytest
from django.utils import translation
from lxml import html

from resources.models import Country
from resources.search import Search

from .examples import filterset_of, of_both


@pytest.fixture
def three(make_resource, geography):
    somalia, finland = geography["SO"], geography["FI"]
    make_resource(
        title="From Somalia to Finland",
        countries_of_origin=[somalia],
        countries_of_residence=[finland],
    )
    make_resource(title="In Somalia", countries_of_residence=[somalia])
    make_resource(title="From Finland", countries_of_origin=[finland])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=so", {"From Somalia to Finland", "In Somalia"}),
        ("country_of_origin=so", {"From Somalia to Finland"}),
        ("country_of_residence=so", {"In Somalia"}),
        ("country_of_origin=so&country_of_residence=fi", {"From Somalia to Finland"}),
        (
            "country_of_origin=fi&country_of_origin=so",
            {"From Finland", "From Somalia to Finland"},
        ),
        ("country_of_origin=fi&country_of_residence=so", set()),
    ],
)
def test_origin_and_residence_are_told_apart(client, three, query, expected):
    for filterset in of_both(query):
        assert {one.title for one in filterset.qs} == expected
        found = Search().documents(filterset.find().ids)
        assert {document.title for document in found} == expected
    page = client.get(f"/resources/?{query}")
    assert page.status_code == 200
    cards = html.fromstring(page.text).xpath("//li[@class='card']//h2//text()")
    assert set(cards) == expected
    lines = b"".join(client.get(f"/resources.csv?{query}")).decode("utf-8-sig")
    assert {row["title"] for row in csv.DictReader(lines.splitlines())} == expected
    feed = client.get(f"/resources/feed/?{query}")
    assert feed.status_code == 200 and feed.text.count("<entry>") == len(expected)
    found = client.get(f"/api/resources/?{query}").json()
    assert {one["title"] for one in found["results"]} == expected


def test_a_country_is_only_what_resources_have_in_that_role(three):
    for filterset in of_both("country_of_origin=gh&country_of_residence=so"):
        assert filterset.selected == {"country_of_residence": ["so"]}
        assert list(filterset.errors) == ["country_of_origin"]


def test_they_are_among_the_chosen_filters_by_name(client, three):
    Country.objects.filter(pk="SO").update(name_fr="Somalie")
    with translation.override("fr"):
        [(label, value, rest)] = filterset_of("country_of_origin=so").selected_filters()
        assert str(value) == "Somalie" and rest == ""
    page = client.get("/resources/?country_of_origin=so")
    [chosen] = html.fromstring(page.text).find_class("selected-filters__item")
    assert chosen.text_content() == "Remove: Country of origin Somalia"


def test_the_form_of_the_list_keeps_them(client, three):
    tree = html.fromstring(client.get("/resources/?country_of_residence=so").text)
    [field] = tree.xpath("//input[@name='country_of_residence']")
    assert field.get("value") == "so" and field.get("form") == "search"
