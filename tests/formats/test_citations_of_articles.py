"""Citations of articles, with volume, issue and pages; and names with a suffix."""

import pytest

from .works import URL, marked, organisation, person, texts, work

# Articles in their periodicals


def article(**fields):
    return work(
        [person("Seble Frehywot")],
        **{
            "type": "journal-article",
            "title": "Medical diaspora",
            "publisher": organisation("Human Resources"),
            "year": 2019,
            "volume": "17",
            "issue": "3",
            "pages": "115–127",
        }
        | fields,
    )


def test_an_article_with_volume_issue_and_pages():
    assert marked(article()) == {
        "APA": "Frehywot, S. (2019). Medical diaspora. *Human Resources*, *17*(3), "
        f"115–127. {URL}",
        "MLA": "Frehywot, Seble. “Medical diaspora.” *Human Resources*, vol. 17, "
        f"no. 3, 2019, pp. 115–27, {URL}.",
        "Chicago": "Frehywot, Seble. “Medical diaspora.” *Human Resources* 17, no. 3 "
        f"(2019): 115–27. {URL}.",
        "Harvard": "Frehywot, S. (2019) ‘Medical diaspora’, *Human Resources*, 17(3), "
        f"pp. 115–127. Available at: {URL}.",
        "Vancouver": "Frehywot S. Medical diaspora. Human Resources [Internet]. "
        f"2019;17(3):115-27. Available from: {URL}",
    }


def test_an_article_with_a_volume_alone():
    found = marked(article(issue="", pages="", year=None))
    assert "*Human Resources*, *17*. " in found["APA"]
    assert "*Human Resources*, vol. 17, https" in found["MLA"]
    assert "*Human Resources* 17 (n.d.). " in found["Chicago"]
    assert "*Human Resources*, 17. Available" in found["Harvard"]
    assert "[Internet]. [date unknown];17. Available" in found["Vancouver"]


def test_an_article_with_an_issue_and_one_page():
    found = marked(article(volume="", pages="12"))
    assert "*Human Resources*, (3), 12. " in found["APA"]
    assert "*Human Resources*, no. 3, 2019, p. 12, https" in found["MLA"]
    assert "*Human Resources*, no. 3 (2019): 12. " in found["Chicago"]
    assert "*Human Resources*, (3), p. 12. Available" in found["Harvard"]
    assert "2019;(3):12. Available" in found["Vancouver"]


def test_an_article_with_pages_alone():
    found = marked(article(volume="", issue="", pages="e1042"))
    assert "*Human Resources*, e1042. " in found["APA"]
    assert "*Human Resources*, 2019, e1042, https" in found["MLA"]
    assert "*Human Resources*, 2019, e1042. " in found["Chicago"]
    assert "*Human Resources*, e1042. Available" in found["Harvard"]
    assert "2019:e1042. Available" in found["Vancouver"]


def test_what_is_no_article_has_no_place_in_a_periodical():
    for text in texts(article(type="report")).values():
        assert "17" not in text and "115" not in text


@pytest.mark.parametrize(
    ("pages", "full", "mla", "chicago", "vancouver"),
    [
        ("3-10", "3–10", "3–10", "3–10", "3-10"),
        ("71–72", "71–72", "71–72", "71–72", "71-2"),
        ("100–104", "100–104", "100–04", "100–104", "100-4"),
        ("107–108", "107–108", "107–08", "107–8", "107-8"),
        ("321–328", "321–328", "321–28", "321–28", "321-8"),
        ("498–532", "498–532", "498–532", "498–532", "498-532"),
        ("1087–1089", "1087–1089", "1087–89", "1087–89", "1087-9"),
        ("1496–1500", "1496–1500", "1496–500", "1496–500", "1496-500"),
        ("284–7", "284–287", "284–87", "284–87", "284-7"),
        ("S12 — S15", "S12–S15", "S12–S15", "S12–S15", "S12-S15"),
    ],
)
def test_ranges_of_pages(pages, full, mla, chicago, vancouver):
    found = texts(article(pages=pages))
    assert f", {full}. " in found["APA"] and f"pp. {full}. " in found["Harvard"]
    assert f"pp. {mla}, " in found["MLA"]
    assert f"(2019): {chicago}. " in found["Chicago"]
    assert f":{vancouver}. " in found["Vancouver"]


# What follows a name


@pytest.mark.parametrize(
    ("name", "sort_name"),
    [
        ("Samuel Adams Cole, Jr.", "Cole, Samuel Adams, Jr."),
        ("Samuel Adams Cole, Jr.", ""),
    ],
)
def test_names_with_a_suffix(name, sort_name):
    found = texts(work([person(name, sort_name), person("Ada Lovelace")]))
    assert found["APA"].startswith("Cole, S. A., Jr., & Lovelace, A. (2004). ")
    assert found["MLA"].startswith("Cole, Samuel Adams, Jr., and Ada Lovelace. ")
    assert found["Chicago"].startswith("Cole, Samuel Adams, Jr., and Ada Lovelace. ")
    assert found["Harvard"].startswith("Cole, S.A., Jr. and Lovelace, A. (2004) ")
    assert found["Vancouver"].startswith("Cole SA Jr, Lovelace A. Beyond")
    found = texts(work([person("Ada Lovelace"), person(name, sort_name)]))
    assert found["Chicago"].startswith("Lovelace, Ada, and Samuel Adams Cole, Jr. B")


def test_ranks_in_vancouver():
    found = texts(work([person("Loudon Wainwright III")]))
    assert found["APA"].startswith("Wainwright, L., III. (2004)")
    assert found["Vancouver"].startswith("Wainwright L 3rd. Beyond")
