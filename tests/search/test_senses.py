"""What words mean besides themselves: two words for one, and equivalents."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from resources.models import Equivalents
from resources.search import Search

from ..factories import make_resource


def found(text, **options):
    search = Search()
    return [d.title for d in search.documents(search.find(text, **options).ids)]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("road map", "roadmap"),
        ("road maps", "roadmap"),
        ("roadmap", "road map"),
        ("start-ups", "startups"),
        ("start ups", "startups"),
        ("startups", "start-ups"),
        ("homeland", "home land"),
    ],
)
def test_one_word_finds_two_and_two_find_one(db, written, typed):
    make_resource(title="Wanted", summary=f"This is about a {written} for many.")
    make_resource(title="Other", summary="The map shows a very long dirt road home.")
    assert "Wanted" in found(typed)


def test_a_divided_word_needs_both_parts_beside_each_other(db):
    make_resource(title="Other", summary="The map shows a very long road.")
    assert found("roadmap") == []


@pytest.mark.parametrize("apostrophe", "'’ʼʻ`´‘")
def test_all_kinds_of_apostrophes(db, apostrophe):
    make_resource(title="Wanted", summary="L’emploi d’aujourd’hui", language="fr")
    assert found(f"l{apostrophe}emploi") == ["Wanted"]


@pytest.fixture
def same(db):
    return Equivalents.objects.create(
        words="remittances\nmoney transfers\nenvois de fonds"
    )


def test_equivalents_are_found_after_the_word_itself(same):
    make_resource(title="Equivalent", summary="About money transfers.")
    make_resource(title="Typed", summary="About remittances and many other things.")
    make_resource(title="Foreign", summary="Les envois de fonds.", language="fr")
    make_resource(title="Money", summary="Money alone.")
    assert found("remittances")[0] == "Typed"
    assert set(found("remittances")) == {"Typed", "Equivalent", "Foreign"}
    assert found("remittance")[0] == "Typed" and len(found("remittance")) == 3
    assert set(found("money transfer")) >= {"Typed", "Equivalent", "Foreign"}
    assert found("remittances", exact=True) == ["Typed"]


def test_equivalents_count_as_the_word_beside_other_words(same):
    make_resource(title="Both", summary="Money transfers of women.")
    make_resource(title="One", summary="Women, women, women.")
    assert found("remittances women", all_words=True) == ["Both"]
    assert found("remittances women")[0] == "Both"


def test_the_page_says_what_was_searched_too(same, client):
    make_resource(title="Equivalent", summary="About money transfers.")
    page = client.get("/resources/?q=remittances").text
    assert "Also searched:" in page and "envois de fonds" in page
    exact = client.get("/resources/?q=remittances&exactly=1").text
    assert "Also searched:" not in exact and "Equivalent" not in exact


def test_the_counts_are_those_of_what_is_shown(same, client):
    for n in range(3):
        make_resource(title=f"Transfers {n}", summary="Money transfers.")
    make_resource(title="Typed", summary="Remittances.")
    answer = client.get("/api/resources/?" + urlencode({"q": "remittances"})).json()
    assert answer["total"] == len(answer["results"]) == 4


def test_curators_extend_the_list_and_pages_follow(admin_client, client, db):
    make_resource(title="Wanted", summary="About hawala.")
    assert "Wanted" not in client.get("/resources/?q=remittances").text
    address = reverse("admin:resources_equivalents_add")
    admin_client.post(address, {"words": "remittances\r\nhawala"})
    assert "Wanted" in client.get("/resources/?q=remittances").text
    one = Equivalents.objects.get()
    response = admin_client.post(address, {"words": "alone"})
    assert "two to twenty" in response.text
    one.delete()
    assert "Wanted" not in client.get("/resources/?q=remittances").text


def test_stop_words_of_equivalents_are_neither_searched_nor_highlighted(same, client):
    make_resource(title="Envois", summary="Les envois de leurs fonds.", language="fr")
    make_resource(title="Remesas", summary="Remittances de todos.", language="es")
    page = client.get("/resources/?q=remittances").text
    assert "<mark>de</mark>" not in page and "<mark>envois</mark>" in page
