"""Countries are found by their names, by who comes from there, and by abbreviations."""

import pytest
from django.utils.http import urlencode

from resources.models import Country
from resources.search import Search, countries

from ..factories import make_resource

LANGUAGES = ["en", "fr", "es", "ar"]
# How many of 249 come first; see docs/search.md.
LEAST = {"names": 249, "others": 0.99}


@pytest.fixture
def world(vocabularies):
    """A record for each country, which says nothing else about it."""
    for country in Country.objects.order_by("pk"):
        make_resource(
            title=f"Record {country.pk.lower()}x", countries_of_origin=[country]
        )


def first_ones(text):
    """Return the codes of the countries of the best result, and all like it."""
    search = Search()
    [best] = search.documents(search.find(text, size=1).ids) or [None]
    return {one.code.lower() for one in best.countries} if best else set()


def test_every_name_in_each_language_comes_first(world):
    wrong = {
        (language, country.pk): country.name_in(language)
        for country in Country.objects.all()
        for language in LANGUAGES
        if first_ones(country.name_in(language)) != {country.pk.lower()}
    }
    # Two names of the vocabulary are the same but for what stands in brackets.
    assert len(wrong) <= 4, wrong


def test_whoever_comes_from_there_and_other_names_come_first(world):
    wrong, total = {}, 0
    every = {}
    for code, _language, name in countries.table()[0]:
        every.setdefault(name, set()).add(code)
    for name, codes in every.items():
        total += 1
        if not first_ones(name) & codes:
            wrong[name] = (codes, first_ones(name))
    assert len(wrong) <= total // 100, (total, wrong)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dutch", "nl"),
        ("Spanish", "es"),
        ("Spaniards", "es"),
        ("Swiss", "ch"),
        ("ivoirienne", "ci"),
        ("Ivorians", "ci"),
        ("USA", "us"),
        ("US", "us"),
        ("U.S.", "us"),
        ("UK", "gb"),
        ("US Virgin Islands", "vi"),
        ("DRC", "cd"),
        ("irak", "iq"),
        ("nigérien", "ne"),
        ("nigériens", "ne"),
        ("nigérian", "ng"),
        ("البحرين", "bh"),
        ("UAE", "ae"),
        ("marfileñas", "ci"),
        ("equatorial guinea", "gq"),
        ("South Korea", "kr"),
        ("إسبانية", "es"),
        ("مغاربة", "ma"),
    ],
)
def test_what_people_type_finds_that_country_first(world, text, code):
    results = Search().find(text)
    assert not results.corrections
    assert first_ones(text) == {code}


def test_neighbours_are_not_confused(world):
    def found(text):
        search = Search()
        documents = search.documents(search.find(text, size=50).ids)
        return {one.code for d in documents for one in d.countries}

    assert found("nigérien") == {"NE"}
    assert "NE" not in found("nigérian")
    assert found("Equatorial Guinea")
    assert "IR" not in found("irak")
    assert found("dominiquais") == {"DM"}


def test_ordinary_words_name_no_country(world, client):
    make_resource(title="Family reunion", summary="Rules of family reunion.")
    make_resource(title="L’eau", summary="L’eau potable.", language="fr")
    [found] = client.get("/api/resources/?q=family+reunion&size=1").json()["results"]
    assert found["title"] == "Family reunion"
    assert first_ones("family reunion") == set()
    assert first_ones("eau") == set()
    assert Search().find("family reunion", all_words=True).total == 1
    assert Search().find("Réunion").total == 2


def test_a_name_of_a_country_is_never_corrected(make_resource, vocabularies):
    make_resource(title="Iran and Ukraine", summary="Nigeria, Aruba, Sint Maarten.")
    for text in ["irak", "UAE", "nigérien", "البحرين", "dutch"]:
        results = Search().find(text)
        assert not results.corrections and not results.total, text


def test_words_beside_a_country_count_as_well(world, client):
    netherlands = Country.objects.filter(pk="NL")
    make_resource(
        title="Money", summary="Remittances.", countries_of_residence=netherlands
    )
    page = client.get("/api/resources/?" + urlencode({"q": "dutch remittances"}))
    assert page.json()["results"][0]["title"] == "Money"
