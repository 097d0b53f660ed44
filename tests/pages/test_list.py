"""The list: what it shows, how it pages, sorts and narrows, and what it costs."""

import gzip
import re

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.template import engines
from django.urls import reverse
from lxml import html

from resources.models import Resource
from resources.pages.pagination import paginate

from .reading import parsed, titles

Status = Resource.Status


def test_pages_of_ten(client, shelf):
    first = client.get("/resources/")
    assert "Displaying 1 - 10 of 38" in first.text
    assert titles(first) == [f"Number {n:02}" for n in range(38, 28, -1)]
    last = client.get("/resources/?page=4")
    assert "Displaying 31 - 38 of 38" in last.text
    assert titles(last) == [f"Number {n:02}" for n in range(8, 0, -1)]
    assert "Cover Image" in last.text and ">Description<" in last.text


def test_counter_has_forms_of_its_own(client, make_resource):
    assert "No resources to display" in client.get("/resources/").text
    make_resource()
    assert "Displaying 1 resource" in client.get("/resources/").text
    for _ in range(10):
        make_resource()
    assert "Displaying 11 of 11" in client.get("/resources/?page=2").text


def macro(language, name):
    """Return a macro of the results, as the pages in a language use it."""
    template = engines[language].env.get_template("macros/results.html")
    return lambda *args: getattr(template.module, name)(*args).strip()


def test_counter_sets_thousands_apart():
    page = Paginator(range(1234567), 10).page(2)
    assert macro("en", "counter")(page) == "Displaying 11 - 20 of 1,234,567"
    assert "1\xa0234\xa0567" in macro("fr", "counter")(page)


def test_pager(client, shelf):
    text = client.get("/resources/?page=2").text
    for link in ["First", "Previous", "Next", "Last"]:
        assert f">{link}</a>" in text
    assert 'href="/resources/?page=4"' in text
    # The first page has one address only.
    assert 'href="/resources/"' in text and "page=1" not in text


def test_pager_leaves_out_what_is_far_away():
    text = macro("en", "pagination")(paginate(400, [], 20), "?page={}".format)
    told = [one.text_content() for one in html.fromstring(text).iter("li")]
    near = [f"Page {number}" for number in range(18, 23)]
    pages = ["Page 1", "…", *near, "…", "Page 40"]
    assert told == ["First", "Previous", *pages, "Next", "Last"]


def test_beyond_the_end(client, shelf):
    response = client.get("/resources/?page=5")
    assert response.status_code == 404
    assert 'href="/resources/"' in response.text


def test_too_deep(client, shelf, monkeypatch):
    monkeypatch.setattr("resources.pages.pagination.DEEPEST", 1)
    assert client.get("/resources/?page=4").status_code == 200
    response = client.get("/resources/?page=2")
    assert response.status_code == 404
    assert "too deep" in response.text


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["Zebra", "éclair", "(Apple)", "Banana"]),
        ("title", ["(Apple)", "Banana", "éclair", "Zebra"]),
        ("year", ["éclair", "Banana", "Zebra", "(Apple)"]),
    ],
)
def test_sort(client, make_resource, sort, expected):
    for title, year in [
        ("Banana", 2012),
        ("(Apple)", None),
        ("éclair", 2020),
        ("Zebra", 2001),
    ]:
        make_resource(title=title, year=year)
    assert titles(client.get("/resources/", {"sort": sort}, follow=True)) == expected


@pytest.fixture(params=[True, False], ids=["index", "no index"])
def has_index(request, monkeypatch):
    """Each test with it runs with an index and without one."""
    if not request.param:
        monkeypatch.setattr("resources.search.Search.is_usable", False)
    return request.param


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("programme=mida", "A"),
        ("programme=mida&programme=rqa", "AB"),
        ("theme=policy", "AB"),
        ("theme=health&theme=policy", "AB"),
        ("programme=rqa&theme=health", ""),
        ("type=report", "AC"),
        ("language=fr", "B"),
        ("region=africa", "ABC"),
        ("region=eastern-africa", "AB"),
        ("region=europe", "B"),
        ("country=so", "B"),
        ("country=fi", "B"),
        ("year_from=2011", "B"),
        ("year_to=2010", "A"),
        ("year_from=2010&year_to=2015", "AB"),
        ("author={Ada}", "AB"),
        ("author={Grace}", "A"),
        ("publisher={IOM}", "B"),
        ("theme=secret", "ABC"),  # of drafts only, so no value at all
    ],
)
def test_filters(client, varied, has_index, query, expected):
    from resources.models import Contributor

    ids = {c.name: c.pk for c in Contributor.objects.all()}
    response = client.get(f"/resources/?{query.format(**ids)}", follow=True)
    assert "".join(sorted(titles(response))) == expected
    assert ("index is being built" in response.text) != has_index


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/programmes/mida/", "A"),
        ("/themes/policy/", "AB"),
        ("/types/report/", "AC"),
        ("/regions/africa/", "ABC"),
        ("/countries/fi/", "B"),
        ("/languages/fr/", "B"),
        ("/themes/secret/", None),
        ("/themes/nonsense/", None),
        ("/countries/FI/", None),
    ],
)
def test_browse_pages(client, varied, has_index, path, expected):
    response = client.get(path)
    assert response.status_code == (200 if expected else 404)
    assert "".join(sorted(titles(response))) == (expected or "")


def test_all_values_of_a_facet(client, varied, has_index):
    """With a number beside each where there is an index to count them."""
    for path in ["/themes/", "/resources/choose/theme/?type=report"]:
        text = client.get(path).text
        assert "Health" in text and "Policy" in text and "Secret" not in text
    assert ("terms__number" in client.get("/themes/").text) == has_index


def test_selected_filters_stay_in_the_form(client, varied, has_index):
    page = parsed(client.get("/resources/?programme=mida&theme=policy"))
    checked = page.xpath("//input[@type='checkbox'][@checked]")
    assert [(box.get("name"), box.get("value")) for box in checked] == [
        ("theme", "policy"),
        ("programme", "mida"),
    ]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("theme=policy&programme=mida", "programme=mida&theme=policy"),
        ("programme=rqa&programme=mida", "programme=mida&programme=rqa"),
        ("programme=mida&programme=mida", "programme=mida"),
        ("programme=mida&theme=&q=&year_from=&sort=newest&page=1", "programme=mida"),
        ("programme=mida&utm_source=letter", "programme=mida"),
        ("sort=sideways&page=x", ""),
        ("year_from=2015&year_to=2010", "year_from=2010&year_to=2015"),
        ("q=++Maroc+++&page=1", "q=Maroc"),
        ("q=%00", ""),
        ("%20", ""),
    ],
)
def test_one_redirect_to_the_canonical_address(
    client, varied, has_index, query, canonical
):
    response = client.get(f"/resources/?{query}")
    assert response.status_code == 302
    assert response["Location"] == "/resources/" + (
        f"?{canonical}" if canonical else ""
    )
    again = client.get(response["Location"])
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("query", "expected", "sentence"),
    [
        ("theme=nonsense", "ABC", "No resource has “nonsense” under Theme."),
        ("programme=mida&theme=secret", "A", "No resource has “secret” under Theme."),
        ("year_from=99999", "", "Years go from 1500 to 2100."),
        ("year_from=abc&type=toolkit", "B", "“abc” is not a year."),
        (
            "theme=<b>x</b>",
            "ABC",
            "No resource has “&lt;b&gt;x&lt;/b&gt;” under Theme.",
        ),
    ],
)
def test_wrong_values_are_named(client, varied, query, expected, sentence):
    response = client.get(f"/resources/?{query}")
    assert "".join(sorted(titles(response))) == expected
    assert sentence in response.text and "noindex" in response.text


def test_many_values_are_cut_with_a_word(client, make_resource):
    for n in range(25):
        make_resource(themes=[f"Theme {n:02}"])
    query = "&".join(f"theme=theme-{n:02}" for n in range(25))
    response = client.get(f"/resources/?{query}")
    assert "Displaying 1 - 10 of 20" in response.text
    assert "more filters than the list can follow" in response.text


def test_chosen_filters_can_be_removed_one_by_one(client, varied, has_index):
    text = client.get("/resources/?programme=mida&programme=rqa&theme=policy").text
    for rest in [
        "programme=rqa&amp;theme=policy",
        "programme=mida&amp;theme=policy",
        "programme=mida&amp;programme=rqa",
    ]:
        assert f'href="/resources/?{rest}"' in text
    assert "Remove all" in text
    assert "Remove all" not in client.get("/resources/").text


def test_nothing_found_says_what_to_do(client, varied, has_index):
    text = client.get("/resources/?programme=rqa&theme=health").text
    assert "Try removing a filter" in text and "Show all resources" in text
    assert 'href="/resources/?theme=health"' in text
    assert "Without “Programme”: 1 resource<" in text


def test_filtered_pages_are_not_for_crawlers(client, varied):
    assert "noindex" in client.get("/resources/?theme=policy").text
    assert "noindex" not in client.get("/resources/").text
    # No link narrows further: choices are boxes of a form.
    text = client.get("/resources/").text
    assert not re.search(r'href="/resources/\?(?!page=)', text)


def test_drafts_and_their_vocabulary_stay_hidden(client, varied):
    text = client.get("/resources/").text
    assert titles(client.get("/resources/")) == ["C", "B", "A"]
    assert "Secret" not in text


def test_other_languages_are_marked(client, varied):
    text = client.get("/resources/?language=fr").text
    assert 'lang="fr" dir="ltr"><a' in text
    french = client.get("/fr/resources/?language=fr").text
    assert 'lang="fr" dir="ltr"><a' not in french


def test_byte_budget(client, sample):
    for query in ["", "?page=4", "?theme=policy"]:
        page = client.get(f"/resources/{query}").content
        assert len(gzip.compress(page, 6)) <= 14 * 1024


def test_address_in_each_language(client, shelf):
    for prefix, words in [
        ("/fr", "31 - 38"),
        ("/es", "31 - 38"),
        ("/ar", "31"),
    ]:
        response = client.get(f"{prefix}/resources/?page=4")
        assert response.status_code == 200
        assert words in response.text
        assert response["Content-Language"] == prefix[1:]
        assert "Vary" not in response or "Cookie" not in response["Vary"]
    assert 'dir="rtl"' in client.get("/ar/resources/").text
    assert reverse("resources:list") == "/resources/"


def test_a_page_is_read_by_primary_keys(make_resource):
    """Not by an index that begins with the status: that would read everything."""
    rows = Resource.objects.published().filter(pk__in=[1, 2])
    if connection.vendor == "sqlite":
        assert "resources_resource USING INTEGER PRIMARY KEY" in rows.explain()
    else:
        assert "resource_newest" not in rows.explain()
