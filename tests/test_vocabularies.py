"""The vocabularies that come with the site; see docs/vocabularies.md."""

import re
from collections import Counter
from time import perf_counter

import pytest
from django.core.management import call_command

from resources.models import Country, Programme, Region, ResourceType, Theme

CONTINENTS = {"002", "009", "019", "142", "150"}
WORLD = "001"
LANGUAGES = ["name", "name_fr", "name_es", "name_ar"]


def names(*models):
    return [name for model in models for name in model.objects.values_list(*LANGUAGES)]


def chain(code, parents):
    """The codes from a region up to its continent."""
    found = []
    while code:
        assert code not in found, f"{code} is inside itself"
        found.append(code)
        code = parents[code]
    return found


@pytest.fixture
def parents(vocabularies):
    return dict(Region.objects.values_list("code", "parent"))


def test_load_in_under_a_second(db):
    started = perf_counter()
    call_command("loaddata", "vocabularies", verbosity=0)
    assert perf_counter() - started < 1


def test_load_again_changes_nothing(vocabularies):
    before = [list(model.objects.values()) for model in [Region, Country, Theme]]
    call_command("loaddata", "vocabularies", verbosity=0)
    after = [list(model.objects.values()) for model in [Region, Country, Theme]]
    assert after == before


def test_regions_have_the_shape_of_m49(parents):
    chains = {code: chain(code, parents) for code in parents}
    assert {code for code in parents if not parents[code]} == CONTINENTS | {WORLD}
    assert WORLD not in parents.values()
    assert Counter(map(len, chains.values())) == {1: 6, 2: 17, 3: 7}
    assert chains["014"] == ["014", "202", "002"]
    assert chains["015"] == ["015", "002"]
    assert chains["029"] == ["029", "419", "019"]
    assert chains["021"] == ["021", "019"]
    assert chains["145"] == ["145", "142"]
    assert chains["053"] == ["053", "009"]


def test_countries_are_those_of_iso_3166_1(vocabularies):
    assert Country.objects.count() == 249
    assert list(Country.objects.filter(region=None)) == [Country(code="AQ")]


def test_countries_are_in_their_innermost_region(parents):
    regions = dict(Country.objects.values_list("code", "region"))
    innermost = set(parents) - set(parents.values()) - {WORLD}
    assert set(regions.values()) == innermost | {None}
    expected = {"SO": "014", "MA": "015", "HT": "029", "FI": "154", "TW": "030"}
    assert {code: regions[code] for code in expected} == expected


@pytest.mark.parametrize(
    ("code", "field", "name"),
    [
        ("CI", "name", "Côte d’Ivoire"),
        ("IR", "name", "Iran (Islamic Republic of)"),
        ("PS", "name", "State of Palestine"),
        ("TR", "name", "Türkiye"),
        ("TW", "name", "Taiwan, Province of China"),
        ("MD", "name_fr", "République de Moldova"),
        ("VN", "name_es", "Viet Nam"),
        ("SY", "name_ar", "الجمهورية العربية السورية"),
    ],
)
def test_countries_are_named_as_by_the_united_nations(vocabularies, code, field, name):
    assert getattr(Country.objects.get(code=code), field) == name


def test_everything_but_acronyms_is_named_in_four_languages(vocabularies):
    for row in names(Region, Country, Theme, ResourceType):
        assert all(row), row
        assert not any(name != name.strip() or "'" in name for name in row), row


def test_no_two_are_named_alike_in_any_language(vocabularies):
    for model in [Region, Country, Theme, ResourceType]:
        for language in zip(*names(model), strict=True):
            assert len(set(language)) == len(language)


def test_addresses_are_unique_and_plain(vocabularies):
    for model in [Region, Theme, ResourceType, Programme]:
        slugs = list(model.objects.values_list("slug", flat=True))
        assert len(set(slugs)) == len(slugs)
        assert all(slug.isascii() and slug == slug.lower() for slug in slugs)


def test_terms_are_valid_and_described(vocabularies):
    for model in [Theme, ResourceType, Programme]:
        for term in model.objects.all():
            term.full_clean()
            assert set(term.descriptions()) == {"en", "fr", "es", "ar"}, term.name
            assert not re.search(r" [:;?!]", term.description_fr), term.name


def test_an_alias_belongs_to_one_term(vocabularies):
    for model in [Theme, ResourceType, Programme]:
        owners = Counter()
        for term in model.objects.all():
            words = {getattr(term, field) for field in LANGUAGES}
            words.update(term.aliases.splitlines())
            owners.update({word.casefold() for word in words if word})
        assert [word for word, count in owners.items() if count > 1] == []
