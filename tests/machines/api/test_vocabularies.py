"""The vocabularies, as the API has them."""

import pytest

from resources.models import Country, Programme, Region, Theme

from .client import get

VOCABULARIES = "/api/vocabularies/"
LANGUAGES = ["en", "fr", "es", "ar"]


def terms(client, name):
    return {
        one["value"]: one for one in get(client, f"{VOCABULARIES}{name}/")["results"]
    }


def test_each_vocabulary_is_listed_with_its_address(client, sample):
    results = get(client, VOCABULARIES)["results"]
    names = ["programme", "region", "country", "theme", "type", "language"]
    assert [one["name"] for one in results] == names
    for one in results:
        assert [*one["titles"]] == LANGUAGES
        found = client.get(one["url"]).json()
        assert found["name"] == one["name"] and found["titles"] == one["titles"]
        assert found["results"]
    assert results[3]["titles"]["fr"] == "Thèmes"


def test_a_term_has_names_aliases_and_a_number(client, make_resource):
    make_resource(themes=["Health"], programme="MIDA")
    make_resource(themes=["Health"])
    Theme.objects.update(
        name_fr="Santé",
        description="Of people.",
        description_fr="Des gens.",
        aliases="Care\n  Medicine \n",
    )
    Programme.objects.update(url="https://mida.example", started_in=2001)
    assert terms(client, "theme") == {
        "health": {
            "value": "health",
            "code": None,
            "names": {"en": "Health", "fr": "Santé", "es": None, "ar": None},
            "description": "Of people.",
            "descriptions": {
                "en": "Of people.",
                "fr": "Des gens.",
                "es": None,
                "ar": None,
            },
            "aliases": ["Care", "Medicine"],
            "parent": None,
            "home_page": None,
            "started_in": None,
            "ended_in": None,
            "url": "http://testserver/api/resources/?theme=health",
            "page": "http://testserver/themes/health/",
            "resources": 2,
        }
    }
    mida = terms(client, "programme")["mida"]
    assert mida["home_page"] == "https://mida.example" and mida["started_in"] == 2001


def test_regions_and_countries_have_codes_and_parents(client, make_resource, geography):
    make_resource(countries_of_origin=[geography["SO"]])
    regions = terms(client, "region")
    assert {slug: one["parent"] for slug, one in regions.items()} == {
        "eastern-africa": "africa",
        "africa": None,
    }
    assert regions["africa"]["code"] == "002" and regions["africa"]["resources"] == 1
    [somalia] = terms(client, "country").values()
    assert somalia["value"] == "so" and somalia["code"] == "SO"
    assert somalia["parent"] == "eastern-africa"


def test_languages_have_names_in_each_language(client, make_resource):
    for language in ["fr", "pt-BR", "tlh"]:
        make_resource(language=language)
    found = terms(client, "language")
    names = {"en": "French", "fr": "français", "es": "francés", "ar": "الفرنسية"}
    french = {code: name.lower() for code, name in found["fr"]["names"].items()}
    assert french == {code: name.lower() for code, name in names.items()}
    assert found["pt-BR"]["names"]["en"] == "Portuguese (Brazil)"
    assert found["tlh"]["names"]["fr"] == "klingon"


@pytest.mark.parametrize("has_index", [True, False])
def test_terms_of_drafts_are_not_public(client, planted, monkeypatch, has_index):
    if not has_index:
        monkeypatch.setattr("resources.search.Search.is_usable", False)
    for name in ["programme", "region", "country", "theme", "type", "language"]:
        response = client.get(f"{VOCABULARIES}{name}/")
        assert response.status_code == 200 and "zqxjkv" not in response.text.lower()
        numbers = {one["resources"] for one in response.json()["results"]}
        assert 0 not in numbers and (None in numbers) == (
            not has_index and bool(numbers)
        )


def test_numbers_are_those_of_the_list(client, sample):
    for name in ["programme", "region", "country", "theme", "type", "language"]:
        for one in terms(client, name).values():
            assert (
                client.get(f"{one['url']}&size=1").json()["total"] == one["resources"]
            )
            assert client.get(one["page"]).status_code == 200


def test_withdrawn_resources_do_not_count(client, make_resource):
    make_resource(themes=["Health"])
    gone = make_resource(themes=["Health", "Gone"])
    client.get("/resources/")
    gone.status, gone.withdrawn_reason = "withdrawn", "Old"
    gone.save()
    found = terms(client, "theme")
    assert {slug: one["resources"] for slug, one in found.items()} == {"health": 1}


def test_there_are_no_others(client, db):
    for name in ["author", "publisher", "nothing"]:
        assert "theme" in get(client, f"{VOCABULARIES}{name}/", status=404)["detail"]
    assert Region.objects.count() == Country.objects.count() == 0
    assert get(client, f"{VOCABULARIES}region/")["results"] == []
