"""Looking a resource up by what others call it, choosing its fields, turning orders."""

import json
from urllib.parse import quote

import pytest

from resources.models import Resource

from .client import DUMP, LIST, get, ids
from .test_list import walk


@pytest.fixture(params=["index", "database"])
def source(request, monkeypatch):
    """Each test with it runs with an index and without."""
    if request.param == "database":
        monkeypatch.setattr("resources.search.Search.is_usable", False)


@pytest.fixture
def known(make_resource):
    make_resource(doi="10.1000/183", isbn="9789264057692", source_url="https://a.org/b")
    make_resource(
        status="draft",
        doi="10.1000/AbC(1)",
        isbn="978-0-306-40615-7",
        source_url="https://example.org/Read?a=1",
    )
    return make_resource(
        doi="10.1000/AbC(1)",
        isbn="0-306-40615-2",
        source_url="https://example.org/Read?a=1",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doi", "10.1000/AbC(1)"),
        ("doi", "10.1000/abc(1)"),
        ("doi", "doi:10.1000/ABC(1)"),
        ("doi", "DOI: 10.1000/AbC(1)"),
        ("doi", "https://doi.org/10.1000/AbC(1)"),
        ("doi", "http://dx.doi.org/10.1000/AbC%281%29"),
        ("doi", "doi.org/10.1000/AbC(1)"),
        ("doi", "info:doi/10.1000/AbC(1)"),
        ("doi", " 10.1000/AbC(1) "),
        ("isbn", "0306406152"),
        ("isbn", "0-306-40615-2"),
        ("isbn", "9780306406157"),
        ("isbn", "978-0-306-40615-7"),
        ("isbn", "978‑0‑306‑40615‑7"),
        ("isbn", "ISBN 978 0 306 40615 7"),
        ("isbn", "ISBN-13: 9780306406157"),
        ("isbn", "urn:isbn:0306406152"),
        ("source_url", "https://example.org/Read?a=1"),
        ("source_url", "http://EXAMPLE.org/Read?a=1#page=2"),
    ],
)
def test_any_usual_form_finds_it(client, known, source, name, value):
    found = get(client, **{name: value})
    assert ids(found) == [known.pk] and found["total"] == 1
    assert found["next"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doi", "10.1000/999"),
        ("isbn", "9783161484100"),
        ("source_url", "https://example.org/"),
        ("source_url", "https://example.org/read?a=1"),
    ],
)
def test_what_is_not_there_is_an_empty_list(client, known, source, name, value):
    assert get(client, **{name: value})["results"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("doi", "11.1000/1"), ("doi", ""), ("doi", "10.1000/"), ("doi", "doi:")],
        *[("isbn", "9780306406158"), ("isbn", "123"), ("isbn", "isbn")],
        *[("source_url", "example.org"), ("source_url", "javascript:alert(1)")],
        *[("source_url", "http://"), ("source_url", "http://a:b/")],
        ("doi", ["10.1000/1", "10.1000/2"]),
    ],
    ids=str,
)
def test_what_cannot_be_one_is_refused(client, known, name, value):
    errors = get(client, status=400, **{name: value})["errors"]
    assert {one["parameter"] for one in errors} == {name}


def test_it_goes_together_with_filters(client, known, source):
    assert ids(get(client, doi=known.doi, language="en")) == [known.pk]
    assert ids(get(client, doi=known.doi, language="fr")) == []
    assert ids(get(client, doi=known.doi, isbn="9789264057692")) == []


@pytest.mark.parametrize("spelling", ["https://a.org/é/", "https://a.org/%C3%A9"])
def test_an_address_is_found_however_it_is_escaped(
    client, make_resource, source, spelling
):
    made = make_resource(source_url=spelling)
    for other in ["https://a.org/é", "http://a.org/%C3%A9/"]:
        assert client.get(f"{LIST}?source_url={quote(other)}").json()["total"] == 1
    Resource.objects.filter(pk=made.pk).update(status="draft")
    assert client.get(f"{LIST}?source_url={quote(spelling)}").json()["total"] == 0


# Fields


def test_only_the_fields_that_are_asked_for(client, full):
    expected = {"id": full.pk, "title": full.title, "year": 2019}
    assert get(client, fields="title,id,year")["results"] == [expected]
    assert get(client, f"{LIST}{full.pk}/", fields="year,title,id") == expected
    [line] = client.get(f"{DUMP}?fields=id,title,year").getvalue().splitlines()
    assert json.loads(line) == expected
    assert get(client, fields="doi")["results"] == [{"doi": "10.1000/182"}]


@pytest.mark.parametrize("fields", ["", "nothing", "id,", "id,Title", "id;title"])
def test_unknown_fields_are_refused(client, full, fields):
    for path in [LIST, DUMP, f"{LIST}{full.pk}/"]:
        [error] = get(client, path, status=400, fields=fields)["errors"]
        assert error["parameter"] == "fields" and "title" in error["detail"]


def test_next_keeps_the_fields(client, sample):
    pages = walk(client, size=20, fields="id,title", sort="title")
    assert len(pages) == 2
    assert all({*one} == {"id", "title"} for page in pages for one in page["results"])


# Orders the other way round


@pytest.mark.parametrize("sort", ["newest", "title", "year"])
def test_a_minus_turns_an_order_round(client, sample, source, sort):
    forwards = ids(get(client, size=100, sort=sort))
    assert ids(get(client, size=100, sort=f"-{sort}")) == forwards[::-1]
    pages = walk(client, size=7, sort=f"-{sort}")
    assert [pk for page in pages for pk in ids(page)] == forwards[::-1]


def test_a_minus_turns_what_words_find_round(client, sample):
    query = {"q": "diaspora", "size": 100}
    forwards = ids(get(client, sort="newest", **query))
    assert ids(get(client, sort="-newest", **query)) == forwards[::-1] != []
    get(client, status=400, sort="-best", q="diaspora")
