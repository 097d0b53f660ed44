"""Citations: golden cases by style, type and odd case; no database is needed."""

from datetime import date

import pytest

from resources.formats.citation_names import given_names, initials
from resources.formats.citations import citations
from resources.formats.marked import stopped
from resources.formats.values import line

from ..factories import HOSTILE
from .parsing import all_documents
from .works import URL, marked, organisation, people, person, texts, work

MPI = "Migration Policy Institute (MPI)"


def test_a_report_by_one_person():
    document = work([person("Kathleen Newland")], publisher=organisation(MPI))
    assert marked(document) == {
        "APA": "Newland, K. (2004). *Beyond Remittances*. Migration Policy "
        f"Institute (MPI). {URL}",
        "MLA": "Newland, Kathleen. *Beyond Remittances*. Migration Policy "
        f"Institute (MPI), 2004, {URL}.",
        "Chicago": "Newland, Kathleen. *Beyond Remittances*. Migration Policy "
        f"Institute (MPI), 2004. {URL}.",
        "Harvard": "Newland, K. (2004) *Beyond Remittances*. Migration Policy "
        f"Institute (MPI). Available at: {URL}.",
        "Vancouver": "Newland K. Beyond Remittances [Internet]. Migration Policy "
        f"Institute (MPI); 2004. Available from: {URL}",
    }


def test_a_journal_article_with_a_doi():
    document = work(
        [person("Seble Frehywot"), person("Chulwoo Park"), person("Ana Infanzon")],
        type="journal-article",
        title="Medical diaspora",
        publisher=organisation("Human Resources for Health"),
        year=2019,
        doi="10.1186/s12960-019-0393-1",
    )
    doi = "https://doi.org/10.1186/s12960-019-0393-1"
    assert marked(document) == {
        "APA": "Frehywot, S., Park, C., & Infanzon, A. (2019). Medical diaspora. "
        f"*Human Resources for Health*. {doi}",
        "MLA": "Frehywot, Seble, et al. “Medical diaspora.” "
        f"*Human Resources for Health*, 2019, {doi}.",
        "Chicago": "Frehywot, Seble, Chulwoo Park, and Ana Infanzon. “Medical "
        f"diaspora.” *Human Resources for Health*, 2019. {doi}.",
        "Harvard": "Frehywot, S., Park, C. and Infanzon, A. (2019) ‘Medical "
        f"diaspora’, *Human Resources for Health*. Available at: {doi}.",
        "Vancouver": "Frehywot S, Park C, Infanzon A. Medical diaspora. Human "
        f"Resources for Health [Internet]. 2019. Available from: {doi}",
    }


def test_an_organisation_that_publishes_itself():
    world_bank = organisation("World Bank")
    document = work([world_bank], publisher=world_bank)
    assert marked(document) == {
        "APA": f"World Bank. (2004). *Beyond Remittances*. {URL}",
        "MLA": f"*Beyond Remittances*. World Bank, 2004, {URL}.",
        "Chicago": f"World Bank. *Beyond Remittances*. World Bank, 2004. {URL}.",
        "Harvard": "World Bank (2004) *Beyond Remittances*. World Bank. "
        f"Available at: {URL}.",
        "Vancouver": "World Bank. Beyond Remittances [Internet]. World Bank; 2004. "
        f"Available from: {URL}",
    }


def test_without_author_year_and_publisher():
    assert marked(work(year=None)) == {
        "APA": f"*Beyond Remittances*. (n.d.). {URL}",
        "MLA": f"*Beyond Remittances*. {URL}.",
        "Chicago": f"*Beyond Remittances*. n.d. {URL}.",
        "Harvard": f"*Beyond Remittances* (no date). Available at: {URL}.",
        "Vancouver": "Beyond Remittances [Internet]. [date unknown]. "
        f"Available from: {URL}",
    }


def test_without_author():
    assert texts(work(publisher=organisation("IOM"))) == {
        "APA": f"Beyond Remittances. (2004). IOM. {URL}",
        "MLA": f"Beyond Remittances. IOM, 2004, {URL}.",
        "Chicago": f"Beyond Remittances. IOM, 2004. {URL}.",
        "Harvard": f"Beyond Remittances (2004) IOM. Available at: {URL}.",
        "Vancouver": f"Beyond Remittances [Internet]. IOM; 2004. Available from: {URL}",
    }


def test_an_article_without_author_or_publisher():
    assert texts(work(type="article")) == {
        "APA": f"Beyond Remittances. (2004). {URL}",
        "MLA": f"“Beyond Remittances.” 2004, {URL}.",
        "Chicago": f"“Beyond Remittances.” 2004. {URL}.",
        "Harvard": f"‘Beyond Remittances’ (2004). Available at: {URL}.",
        "Vancouver": f"Beyond Remittances [Internet]. 2004. Available from: {URL}",
    }


def test_a_book_without_a_year():
    document = work(
        [person("Ada Lovelace")], type="book", year=None, publisher=organisation("IOM")
    )
    assert texts(document) == {
        "APA": f"Lovelace, A. (n.d.). Beyond Remittances. IOM. {URL}",
        "MLA": f"Lovelace, Ada. Beyond Remittances. IOM, {URL}.",
        "Chicago": f"Lovelace, Ada. Beyond Remittances. IOM, n.d. {URL}.",
        "Harvard": "Lovelace, A. (no date) Beyond Remittances. IOM. "
        f"Available at: {URL}.",
        "Vancouver": "Lovelace A. Beyond Remittances [Internet]. IOM; [date "
        f"unknown]. Available from: {URL}",
    }


@pytest.mark.parametrize(
    ("type", "medium"),
    [("video", "[Video]"), ("dataset", "[Data set]"), ("map", "[Map]")],
)
def test_apa_names_the_medium(type, medium):
    found = marked(work([person("Ada Lovelace")], type=type))["APA"]
    assert f"*Beyond Remittances* {medium}. " in found
    assert f"*Beyond Remittances* {medium}. (2004). " in marked(work(type=type))["APA"]


# How many authors


def names(count, style):
    found = texts(work(people(count)))[style]
    return found.partition(" (2004)" if "(2004)" in found else " Beyond")[0]


@pytest.mark.parametrize(
    ("count", "style", "expected"),
    [
        (2, "APA", "Family1, G., & Family2, G."),
        (2, "MLA", "Family1, Given1, and Given2 Family2."),
        (2, "Chicago", "Family1, Given1, and Given2 Family2."),
        (2, "Harvard", "Family1, G. and Family2, G."),
        (2, "Vancouver", "Family1 G, Family2 G."),
        (3, "APA", "Family1, G., Family2, G., & Family3, G."),
        (3, "MLA", "Family1, Given1, et al."),
        (3, "Chicago", "Family1, Given1, Given2 Family2, and Given3 Family3."),
        (3, "Harvard", "Family1, G., Family2, G. and Family3, G."),
        (4, "Harvard", "Family1, G. et al."),
    ],
)
def test_few_authors(count, style, expected):
    assert names(count, style) == expected


def test_seven_authors():
    assert names(7, "APA").endswith("Family6, G., & Family7, G.")
    assert names(7, "Chicago").endswith("Given6 Family6, and Given7 Family7.")
    assert names(6, "Vancouver").endswith("Family5 G, Family6 G.")
    assert names(7, "Vancouver").endswith("Family6 G, et al.")


def test_many_authors():
    assert names(10, "Chicago").endswith("and Given10 Family10.")
    assert names(11, "Chicago").endswith("Given7 Family7, et al.")
    assert names(20, "APA").endswith("Family19, G., & Family20, G.")
    assert names(21, "APA").endswith("Family19, G., . . . Family21, G.")
    assert names(25, "APA").endswith("Family19, G., . . . Family25, G.")


def test_people_beside_organisations():
    found = texts(work([organisation("IOM"), organisation("UNDP"), *people(2)]))
    assert found["APA"].startswith("IOM, UNDP, Family1, G., & Family2, G. (2004).")
    assert found["Vancouver"].startswith("IOM; UNDP; Family1 G, Family2 G. Beyond")
    found = texts(work([organisation("IOM"), organisation("UNDP")]))
    assert found["MLA"].startswith("IOM and UNDP. Beyond")
    assert found["Chicago"].startswith("IOM and UNDP. Beyond")
    assert found["Harvard"].startswith("IOM and UNDP (2004) Beyond")


def test_one_of_two_authors_is_the_publisher():
    iom = organisation("IOM")
    found = texts(work([iom, organisation("UNDP")], publisher=iom))
    assert found["APA"].startswith("IOM, & UNDP. (2004). Beyond Remittances. https")
    assert found["MLA"].startswith("IOM and UNDP. Beyond Remittances. IOM, 2004")


# Names


@pytest.mark.parametrize(
    ("given", "dotted", "bare"),
    [
        ("Ada", "A.", "A"),
        ("Dovelyn Rannveig", "D. R.", "DR"),
        ("Theresa R.", "T. R.", "TR"),
        ("J.R.R.", "J. R. R.", "JRR"),
        ("Jean-Pierre", "J.-P.", "JP"),
        ("Jean‑Paul", "J.-P.", "JP"),
        ("Ki-moon", "K.-M.", "KM"),
        ("J.-P.", "J.-P.", "JP"),
        ("Ludwig van", "L. van", "L van"),
        ("E\u0301ric", "É.", "É"),
        ("Пётр", "П.", "П"),
        ("محمد", "محمد", "محمد"),
        ("太郎", "太郎", "太郎"),
        ("Kaʻiulani", "K.", "K"),
    ],
)
def test_initials(given, dotted, bare):
    assert initials(given_names(given), ".", " ") == dotted
    assert initials(given_names(given), "", "") == bare


def test_names_in_other_scripts_stay_whole():
    found = texts(work([person("محمد الخوري"), person("山田 太郎")]))
    assert found["APA"].startswith("محمد الخوري, & 山田 太郎. (2004).")
    assert found["MLA"].startswith("محمد الخوري and 山田 太郎. Beyond")
    assert found["Vancouver"].startswith("محمد الخوري, 山田 太郎. Beyond")


def test_a_name_to_sort_by_says_which_is_the_family_name():
    garcia = person("Gabriel García Márquez", "García Márquez, Gabriel")
    found = texts(work([garcia, person("Пётр Иванов", "Иванов, Пётр")]))
    assert found["APA"].startswith("García Márquez, G., & Иванов, П. (2004).")
    assert found["Chicago"].startswith("García Márquez, Gabriel, and Пётр Иванов. ")


def test_people_with_one_name():
    found = texts(work([person("Suharto")]))
    assert found["APA"].startswith("Suharto. (2004). ")
    assert found["Vancouver"].startswith("Suharto. Beyond")


# Titles


@pytest.mark.parametrize(
    "title",
    [
        "Who returns?",
        "Come back!",
        "And so on …",
        "من يعود؟",
        "誰が戻るのか。",
        "Ask “why?”",
    ],
)
def test_titles_that_end_by_themselves_get_no_full_stop(title):
    for type in ["report", "article"]:
        found = texts(work(people(1), type=type, title=title))
        for style in ["APA", "MLA", "Chicago"]:
            assert f"{title}." not in found[style] and title in found[style]
    found = texts(work(title=title, publisher=organisation("IOM")))
    assert found["Vancouver"].startswith(f"{title} [Internet]. IOM; 2004.")


def test_titles_that_end_with_a_full_stop_get_no_other():
    for text in texts(work(people(1), title="Migrants Inc.")).values():
        assert "Inc.." not in text


def test_publishers_that_end_with_a_full_stop_get_no_other():
    document = work(people(1), publisher=organisation("Migrants Inc."))
    for text in texts(document).values():
        assert ".." not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_data(text):
    document = work(
        [person(text), organisation(text)], title=text, publisher=organisation(text)
    )
    for one in citations(document, URL):
        assert [part.text for part in one.parts if part.is_url] == [URL]
        assert not any(part.is_url and part.is_italic for part in one.parts)
        assert line(text) in one.text or stopped(line(text)) in one.text
        for character in "\n\r\t\x02\x03\x04\x1b\u2028":
            assert character not in one.text


def test_italics_and_addresses_cannot_be_forged():
    [apa, *_rest] = citations(work(title="a\x02b\x03c\x04d"), URL)
    assert apa.parts[0] == ("abcd", True, False)
    [apa, *_rest] = citations(work(title=f"See {URL}"), URL)
    assert [part.text for part in apa.parts if part.is_url] == [URL]


# The day of access


def test_the_day_of_access_where_a_style_wants_it():
    found = texts(work(), accessed=date(2026, 11, 4))
    assert found["Harvard"].endswith(
        f"Available at: {URL} (Accessed: 4 November 2026)."
    )
    assert "2004 [cited 2026 Nov 4]. Available from:" in found["Vancouver"]
    found = texts(work(doi="10.1234/x"), accessed=date(2026, 11, 4))
    assert found["Harvard"].endswith("Available at: https://doi.org/10.1234/x.")


def test_every_sample_record_can_be_cited(sample):
    for document in all_documents():
        for one in citations(document, URL):
            assert ".." not in one.text.replace(". . .", "")
            assert (
                "  " not in one.text and " ." not in one.text and ",," not in one.text
            )
            assert "None" not in one.text
