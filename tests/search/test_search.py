"""Search as visitors use it: words, phrases, slips, counts that keep their word."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.facets import FACETS
from resources.models import (
    Contributor,
    Country,
    Resource,
    ResourceType,
    Theme,
)
from resources.search import Search, store

from .. import factories

Status = Resource.Status


def found(client, q, **more):
    response = client.get("/resources/", {"q": q, **more}, follow=True)
    assert response.status_code == 200
    titles = re.findall(r'card__title"[^>]*><a[^>]*>(.*?)</a>', response.text)
    return [unescape(re.sub("</?mark>", "", title)) for title in titles]


@pytest.fixture
def library(make_resource):
    for title, summary, language in [
        ("Health expertise from the Somali diaspora", "Doctors return.", "en"),
        ("Remittances and investment", "Money sent home by migrants.", "en"),
        ("Mobilisation des Marocains résidant en Belgique", "Projets.", "fr"),
        ("La diáspora y el desarrollo sostenible", "Migraciones.", "es"),
        ("الجاليات العربية والتنمية في المهجر", "دراسة عن الهجرة", "ar"),
        ("Diaspora mapping toolkit", "How to map a diaspora.", "en"),
    ]:
        make_resource(title=title, summary=summary, language=language)
    make_resource(title="Annual letter", authors=["Adrien Perrotton"], programme="MIDA")


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("somali health", "Health expertise from the Somali diaspora"),
        ("HEALTH", "Health expertise from the Somali diaspora"),
        ("marocain residant", "Mobilisation des Marocains résidant en Belgique"),
        ("desarrollo", "La diáspora y el desarrollo sostenible"),
        ("التنميه", "الجاليات العربية والتنمية في المهجر"),
        ("جاليات", "الجاليات العربية والتنمية في المهجر"),
        ("migrant money", "Remittances and investment"),
        ("perrotton", "Annual letter"),
        ("mida", "Annual letter"),
        ("What do you have on how to map a diaspora?", "Diaspora mapping toolkit"),
    ],
)
def test_the_best_comes_first(client, library, q, first):
    assert found(client, q)[0] == first


def test_a_whole_title_finds_its_record(client, sample):
    for resource in Resource.objects.published():
        assert found(client, resource.title)[0] == resource.title


def test_some_of_the_words_are_enough(client, library):
    titles = found(client, "somali remittances")
    assert set(titles) >= {
        "Health expertise from the Somali diaspora",
        "Remittances and investment",
    }


def test_every_word_on_request(client, library):
    text = client.get("/resources/?q=diaspora+health").text
    assert "1 of these contains all your words" in text
    assert found(client, "diaspora health", every="1") == [
        "Health expertise from the Somali diaspora"
    ]


def test_slips_are_corrected_and_it_says_so(client, library):
    text = client.get("/resources/?q=remitances").text
    assert "Remittances" in found(client, "remitances")[0]
    assert "<strong>remittances</strong>" in text
    assert found(client, "remitances", exactly="1") == []


def test_short_and_known_words_are_not_corrected(client, library):
    assert found(client, "mpa") == []
    assert "instead" not in client.get("/resources/?q=map").text


def test_short_words_are_not_taken_for_those_they_rhyme_with(client, make_resource):
    make_resource(title="شجرة في القرية", language="ar")
    make_resource(title="Light and noise")
    assert found(client, "هجرة") == found(client, "night") == []
    assert found(client, "ligth") == ["Light and noise"]


def test_phrases_exclusions_and_scopes(client, library):
    assert found(client, '"mapping toolkit"') == ["Diaspora mapping toolkit"]
    assert found(client, '"toolkit mapping"') == []
    assert "Diaspora mapping toolkit" not in found(client, "diaspora -toolkit")
    assert found(client, "author:perrotton") == ["Annual letter"]
    assert found(client, "title:perrotton") == []
    assert found(client, "title:letter") == ["Annual letter"]


def test_what_arabic_joins_to_a_phrase_does_not_hide_it(client, make_resource):
    make_resource(title="Relief", summary="الدواء والخبز وحليب الأطفال", language="ar")
    assert found(client, '"حليب الأطفال"') == ["Relief"]
    assert found(client, '"خبز وحليب"') == ["Relief"]
    assert found(client, '"أطفال حليب"') == []


def test_an_acronym_is_not_the_word_it_looks_like(client, make_resource):
    for title in ["Un pays, une diaspora", "UN Women", "Women who return"]:
        make_resource(title=title)
    assert found(client, "UN") == found(client, "title:un women")[:1] == ["UN Women"]
    assert found(client, "UN Women")[0] == found(client, "women")[0] == "UN Women"
    assert found(client, "UN DEPARTEMENT WOMEN") == found(client, "women")
    assert "<mark>UN</mark>" in client.get("/resources/?q=UN").text


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Co-operation", "cooperation"),
        ("Cooperation", "co-operation"),
        ("E‑learning", "elearning"),
        ("Elearning", "e-learning"),
        ("Hometown", "home town"),
        ("Codéveloppement", "co-developpement"),
        ("Start-ups", "startup"),
    ],
)
def test_a_compound_is_found_however_it_is_joined(
    client, make_resource, written, typed
):
    make_resource(title=f"{written} today")
    make_resource(title="Learning, developing and starting at home")
    assert found(client, typed)[0] == f"{written} today"


def test_a_title_is_meant_however_its_compounds_are_joined(client, make_resource):
    make_resource(title="Cooperation with consulates", summary="Long words. " * 200)
    make_resource(title="Co-operation", summary="Co-operation of a consulate.")
    assert found(client, "co-operation consulates")[0] == "Cooperation with consulates"


def test_a_compound_is_every_word_of_it(client, make_resource):
    make_resource(title="Hometown associations")
    search = Search()
    for typed in ["home town associations", "home-town associations"]:
        assert search.find(typed).total_with_all_words == 1
        assert search.find(typed, all_words=True).total == 1


def test_other_names_of_terms_and_authors_find(client, make_resource):
    make_resource(title="Annual letter", themes=["Civil society"], authors=["IOM"])
    Theme.objects.update(aliases="NGOs\nAssociations")
    ResourceType.objects.update(aliases="Synthesis")
    Contributor.objects.update(aliases="International Organization for Migration")
    for q in ["ngos", "association", "synthesis", "international organization"]:
        assert found(client, q) == ["Annual letter"], q


def test_countries_are_found_by_what_people_call_them(client, vocabularies):
    syria = Country.objects.filter(code="SY")
    factories.make_resource(title="Clinics", countries_of_origin=syria)
    for q in ["Syria", "Syrie", "Siria", "سوريا", "سورية", "Syrian"]:
        assert found(client, q) == ["Clinics"], q


def test_words_are_marked(client, library):
    text = client.get("/resources/?q=somalis").text
    assert "<mark>Somali</mark>" in text
    assert "<mark>" not in client.get("/resources/").text


def test_words_are_marked_wherever_they_stand(client, make_resource):
    make_resource(
        title="Well-being (health) geregeld",
        summary="L’emploi\u2028santé des\tmigrants:health",
        language="nl",
    )
    text = client.get("/resources/?q=health+being+migrants+regel+emploi").text
    marked = re.findall("<mark>(.*?)</mark>", text)
    assert marked == ["being", "health", "geregeld", "emploi", "migrants", "health"]


def test_marking_escapes_the_text(client, make_resource):
    make_resource(title="<b>health</b> & co", summary="x <i>health</i>")
    text = client.get("/resources/?q=health").text
    assert "&lt;b&gt;<mark>health</mark>&lt;/b&gt; &amp; co" in text


def test_stop_words_alone_are_looked_for(client, make_resource):
    make_resource(title="To be or not to be")
    assert found(client, "to be or not") == ["To be or not to be"]


def test_a_sentence_of_sixty_words(client, library):
    text = client.get("/resources/", {"q": ("diaspora remittances " * 30).strip()}).text
    assert "only its rarest words were searched for" in text
    assert "data-id" in text


def test_an_edit_is_found_at_once(client, library):
    resource = Resource.objects.get(title="Annual letter")
    assert found(client, "zanzibar") == []
    resource.title = "Zanzibar letter"
    resource.save()
    assert found(client, "zanzibar") == ["Zanzibar letter"]
    resource.status, resource.withdrawn_reason = Status.WITHDRAWN, "Gone"
    resource.save()
    assert found(client, "zanzibar") == []


def test_renamed_authors_are_found_by_their_new_name(client, library):
    factories.credited(Resource.objects.get(title="Annual letter"))[
        0
    ].__class__.objects.filter(name="Adrien Perrotton").update(
        name="Adrienne Perroton-Dupont"
    )
    assert found(client, "author:dupont") == ["Annual letter"]


def test_drafts_are_never_found(client, make_resource):
    make_resource(title="Secretissimo", status=Status.DRAFT)
    make_resource(title="Open book")
    assert found(client, "secretissimo") == []
    # Not even as a correction.
    assert "ecretissimo" not in client.get("/resources/?q=secretisimo").text.replace(
        "secretisimo", ""
    )


def test_related_shares_something_and_says_what(client, make_resource):
    one = make_resource(title="Clinics in Somalia", themes=["Health"])
    make_resource(title="Nurses", themes=["Health"])
    make_resource(title="Bonds", themes=["Investment"])
    make_resource(title="Hidden", themes=["Health"], status=Status.DRAFT)
    text = client.get(one.get_absolute_url()).text
    related = text[text.index('id="related"') :]
    assert "Nurses" in related and "In common: Health" in related
    assert "Bonds" not in related and "Hidden" not in related


def test_of_those_with_its_rare_words_the_related_are_about_the_same(make_resource):
    one = make_resource(title="Study of the zebra", themes=["Health"])
    same = make_resource(title="The zebra", themes=["Health"])
    newer = make_resource(title="The zebra")
    store.rebuild()
    found = list(Search().related(Search().document(one.pk), 9))
    assert found == [same.pk, newer.pk]


def test_related_knows_the_words_of_a_changed_record(make_resource):
    make_resource(title="Study of the maple")
    zebra = make_resource(title="Study of the zebra")
    bare = make_resource(title="Notes")
    store.rebuild()

    def related(to):
        return list(Search().related(Search().document(to.pk)))

    assert related(bare) == []
    Resource.objects.filter(pk=bare.pk).update(title="Notes of a zebra")
    assert related(bare) == [zebra.pk]
    store.rebuild()
    assert related(bare) == [zebra.pk] and related(zebra)[0] == bare.pk


# Counts


THEMES = ["Health", "Policy", "Data"]
TYPES = ["Report", "Toolkit"]


RECORD = st.fixed_dictionaries(
    {
        "themes": st.sets(st.sampled_from(THEMES)),
        "type": st.sampled_from(TYPES),
        "language": st.sampled_from(["en", "fr", "ar"]),
        "year": st.sampled_from([None, 2001, 2010, 2020]),
        "programme": st.sampled_from([None, "MIDA", "RQA"]),
        "authors": st.lists(st.sampled_from(["Ada", "Grace"]), unique=True),
        "origin": st.sets(st.sampled_from(list(factories.COUNTRIES))),
        "residence": st.sets(st.sampled_from(list(factories.COUNTRIES))),
        "title": st.sampled_from(["Health of women", "Data on health", "Other"]),
        "status": st.sampled_from([Status.PUBLISHED] * 4 + [Status.DRAFT]),
    }
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), records=st.lists(RECORD, min_size=1, max_size=12))
def test_each_number_is_what_choosing_gives(geography, make_resource, data, records):
    Resource.objects.all().update(status=Status.DRAFT)
    for record in records:
        record = dict(record)
        origin, residence = record.pop("origin"), record.pop("residence")
        make_resource(
            **record,
            countries_of_origin=Country.objects.filter(pk__in=origin),
            countries_of_residence=Country.objects.filter(pk__in=residence),
        )
    search = Search()
    text = data.draw(st.sampled_from(["", "health", "health data", "-women"]))
    filters = {}
    for _ in range(data.draw(st.integers(0, 2))):
        counts = search.find(text, filters).counts
        name = data.draw(st.sampled_from([n for n in FACETS if counts[n]] or ["type"]))
        if counts[name]:
            values = data.draw(
                st.sets(st.sampled_from(sorted(counts[name])), min_size=1, max_size=2)
            )
            filters[name] = sorted(values)
    counts = search.find(text, filters).counts
    for name, numbers in counts.items():
        for value, number in numbers.items():
            chosen = search.find(text, filters | {name: [value]})
            assert chosen.total == number, (text, filters, name, value)
    # And every page together holds the records of the total, each once.
    total = search.find(text, filters).total
    ids = [
        id
        for start in range(0, total, 3)
        for id in search.find(text, filters, start=start, size=3).ids
    ]
    assert len(ids) == len(set(ids)) == total


def test_going_on_behind_a_mark_gives_each_record_once(make_resource):
    made = [make_resource(title=f"Health {n}", year=2000 + n % 3).pk for n in range(23)]
    for asked in [{}, {"sort": "year"}, {"sort": "title"}, {"text": "health"}]:
        search, mark, seen = Search(), 0, []
        while mark is not None:
            ids, mark, total = search.after(mark, 5, **asked)
            assert total == 23
            seen += ids
        assert sorted(seen) == sorted(made)
        assert seen == search.find(size=23, **asked).ids


def test_what_comes_meanwhile_shifts_nothing_behind_a_mark(make_resource):
    made = [make_resource().pk for _ in range(6)]
    first, mark, _total = Search().after(0, 3)
    make_resource()
    rest, end, total = Search().after(mark, 3)
    assert [*first, *rest] == made[::-1]
    assert (end, total) == (None, 7)


def test_of_equally_good_results_the_newest_comes_first(make_resource):
    ids = [make_resource(title="The zebra").pk for _ in range(3)]
    store.rebuild()
    assert Search().find("zebra").ids == ids[::-1]
