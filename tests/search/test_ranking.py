"""In which order results come, and what is said of the words that were typed."""

import pytest
from django.utils.http import urlencode

from resources.models import Country
from resources.search import Search
from resources.search.corrections import MOST_CORRECTED
from resources.search.query import MOST_WORDS

from ..pages.reading import titles


def found(client, text):
    return titles(client.get("/resources/?" + urlencode({"q": text})))


def test_records_with_all_words_come_before_those_with_some(client, make_resource):
    make_resource(title="Diaspora, diaspora, diaspora", summary="Diaspora " * 30)
    make_resource(
        title="Something else",
        summary="A long text about many things. " * 10 + "Remittances. Diaspora.",
    )
    assert found(client, "remittances diaspora")[0] == "Something else"


def test_the_language_with_fewer_records_does_not_come_first(client, make_resource):
    """All stems of one word weigh as one."""
    for n in range(20):
        make_resource(title=f"Cooperation {n}", summary="Cooperation of cities.")
    make_resource(
        title="Ville", summary="La coopération et beaucoup de mots.", language="fr"
    )
    assert found(client, "cooperation")[0] != "Ville"


def test_the_form_as_typed_comes_first(client, make_resource):
    make_resource(title="Dominican women", summary="Dominican women at work.")
    make_resource(title="Women of Dominica", summary="Women at work in Dominica.")
    assert found(client, "dominica women")[0] == "Women of Dominica"


def test_words_in_the_order_typed_come_first(client, make_resource):
    make_resource(title="A", summary="Return means more than a virtual visit.")
    make_resource(title="B", summary="A virtual return means more than visits.")
    assert found(client, "virtual return")[0] == "B"


def test_the_most_telling_words_of_a_long_text_are_searched(client, make_resource):
    make_resource(title="Needle", summary="Quixotic.")
    for n in range(40):
        make_resource(
            title=f"Hay {n}", summary=" ".join(f"plain{m}" for m in range(40))
        )
    text = " ".join([*(f"plain{n}" for n in range(40)), "quixotic"])
    assert "Needle" in [one.title for one in documents_of(text)]
    assert len(Search().read(text)[0].words) == MOST_WORDS
    assert client.get("/api/resources/?" + urlencode({"q": text})).status_code == 200


def documents_of(text):
    search = Search()
    return search.documents(search.find(text, size=50).ids)


def test_a_text_of_2000_characters_is_read(client, make_resource):
    make_resource(title="Needle", summary="Quixotic.")
    text = "and " * 480 + "quixotic"
    assert found(client, text) == ["Needle"]


def test_only_some_words_of_one_text_are_corrected(make_resource):
    names = "somewhere elsewhere nowhere everywhere mountain fountain captain".split()
    make_resource(title="Words", summary=" ".join(names))
    slips = [name[:-1] + "q" for name in names]
    results = Search().find(" ".join(slips))
    assert len(results.corrections) <= MOST_CORRECTED < len(slips)


@pytest.mark.parametrize("name", ["irak", "البحرين", "nigérien", "Niger", "Austria"])
def test_no_name_of_a_country_is_taken_for_another(vocabularies, make_resource, name):
    for title in ["Iran", "أروبا", "Nigeria", "Australia"]:
        make_resource(title=title)
    assert not Search().find(name).corrections


def test_no_word_is_corrected_to_a_stop_word(client, make_resource):
    make_resource(title="Le centre est au bord", language="fr", summary="Est")
    assert not Search().find("eest").corrections


def test_words_that_nothing_has_are_named(client, make_resource):
    make_resource(title="Doctors abroad")
    text = client.get("/resources/?q=doctors+xylophone").text
    assert "Nothing has “<bdi>xylophone</bdi>”." in text


@pytest.mark.parametrize("text", ["?!", "...", "- - -", "“”"])
def test_a_text_without_words_says_so(client, make_resource, text):
    make_resource(title="Doctors abroad")
    page = client.get("/resources/?" + urlencode({"q": text})).text
    assert "contains no word to search for" in page
    assert "Doctors abroad" not in page


def suggested(client, text, prefix=""):
    query = urlencode({"q": text})
    return client.get(f"{prefix}/resources/suggest/?{query}").json()[1]


def test_terms_are_suggested_before_titles(client, vocabularies, make_resource):
    make_resource(
        title="Healing",
        themes=["Health"],
        programme="MIDA",
        publisher="Heart Press",
        countries_of_origin=[Country.objects.get(pk="GH")],
    )
    assert suggested(client, "hea") == ["Health", "Heart Press", "Healing"]
    assert "Ghana" in suggested(client, "gha")
    assert "Santé" in suggested(client, "sante", "/fr")
    assert "Migration for Development in Africa (MIDA)" in suggested(client, "mid")


def test_terms_without_public_records_are_not_suggested(client, vocabularies):
    assert suggested(client, "hea") == []


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/ABC.1",
        "doi:10.1000/abc.1",
        "https://doi.org/10.1000/abc.1",
        "9781841500041",
        "978-1-84150-004-1",
        "ISBN 978‑1‑84150‑004‑1",
        "https://example.org/a-report/",
        "http://EXAMPLE.org/a-report",
    ],
)
def test_an_identifier_alone_leads_to_its_record(client, make_resource, text):
    resource = make_resource(
        doi="10.1000/abc.1",
        isbn="9781841500041",
        source_url="https://example.org/a-report",
    )
    response = client.get("/resources/?" + urlencode({"q": text}), follow=True)
    assert response.redirect_chain[-1][0] == resource.get_absolute_url()


def test_an_identifier_of_several_records_or_none_stays_a_search(client, make_resource):
    for _ in range(2):
        make_resource(source_url="https://example.org/a-report")
    for text in ["https://example.org/a-report", "10.1000/nothing"]:
        response = client.get("/resources/?" + urlencode({"q": text}), follow=True)
        assert response.status_code == 200
        assert not response.redirect_chain or "q=" in response.redirect_chain[-1][0]


def test_regions_that_contain_those_of_a_record_are_searched(
    client, vocabularies, make_resource
):
    make_resource(title="Nairobi", countries_of_origin=[Country.objects.get(pk="KE")])
    for words in ["saharan", "eastern africa", "afrique", "أفريقيا"]:
        assert found(client, words) == ["Nairobi"], words


def test_years_are_searched(client, make_resource):
    make_resource(title="Annual report", year=2013)
    make_resource(title="Annual report", year=2014)
    assert Search().find("report 2013").total_with_all_words == 1


def test_matches_in_the_credit_line_are_highlighted(client, make_resource):
    make_resource(title="Letters", authors=["Adrien Perrotton"])
    text = client.get("/resources/?q=perrotton").text
    assert "Adrien <mark>Perrotton</mark>" in text


def test_scoped_words_are_corrected_too(client, make_resource):
    make_resource(title="Letters from Hargeisa", authors=["Adrien Perrotton"])
    make_resource(title="Perrottonian studies", summary="Hargeysa")
    assert found(client, "author:perroton") == ["Letters from Hargeisa"]
    assert found(client, "title:leters") == ["Letters from Hargeisa"]
    assert found(client, "author:letters") == []


@pytest.mark.parametrize(
    ("words", "theme"),
    [
        ("fuite des cerveaux", "Skills transfer"),
        ("fuga de cerebros", "Skills transfer"),
        ("brain drain", "Skills transfer"),
        ("هجرة العقول", "Skills transfer"),
        ("money transfers", "Remittances"),
        ("jóvenes", "Youth"),
        ("women", "Gender"),
        ("femmes", "Gender"),
    ],
)
def test_other_names_of_a_theme_find_its_records(
    client, vocabularies, make_resource, words, theme
):
    make_resource(title="Untitled", themes=[theme])
    make_resource(title="Another", themes=["Peacebuilding"])
    assert found(client, words) == ["Untitled"]
