"""What changed since a time, as the API lists it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from resources.models import Change, Resource, Theme

from ..oai.rules import dated, withdraw
from .client import LIST, get, ids
from .test_list import walk

EVER = "2000-01-01"


def test_changed_and_withdrawn_resources_come_in_the_order_of_the_changes(
    client, make_resource
):
    a, b, c, d = (make_resource(themes=["Health"]) for _ in range(4))
    make_resource(status="draft")
    withdraw(a)
    Resource.objects.filter(pk=b.pk).update(title="Changed")
    found = get(client, changed_since=EVER)
    assert ids(found) == [c.pk, d.pk, a.pk, b.pk] and found["total"] == 4
    gone, changed = found["results"][2:]
    assert gone == {
        "id": a.pk,
        "withdrawn": True,
        "reason": "Asked by the author",
        "changed_at": gone["changed_at"],
    }
    assert changed == get(client, f"{LIST}{b.pk}/") and changed["title"] == "Changed"
    # What a record shows of a term is a change of it, too.
    for resource in [b, c, d]:
        dated(resource, "2001-01-01T00:00:00")
    dated(a, "2002-02-02T08:00:00")
    assert ids(get(client, changed_since="2001-01-02")) == [a.pk]
    Theme.objects.update(name="Wellbeing")
    assert set(ids(get(client, changed_since="2003-01-01"))) == {b.pk, c.pk, d.pk}


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2020-05-01", True),
        ("2020-05-02", False),
        ("2020-05-01T08:00:00Z", True),
        ("2020-05-01T08:00:00.5Z", True),
        ("2020-05-01T08:00:01Z", False),
        ("2020-05-01t08:00:00", True),
        ("2020-05-01T10:00:00+02:00", True),
        ("2020-05-01T10:00:00 02:00", True),
        ("2020-05-01T08:00:00+02:00", True),
        ("2020-05-01T06:00:01-02:00", False),
        ("0001-01-01", True),
        ("9999-12-31T23:59:59Z", False),
    ],
)
def test_a_time_includes_its_second(client, make_resource, since, expected):
    dated(make_resource(), "2020-05-01T08:00:00.600")
    assert bool(get(client, changed_since=since)["results"]) == expected


@pytest.mark.parametrize(
    "since",
    [
        "",
        "yesterday",
        "2020",
        "2020-13-01",
        "2020-02-30",
        "20200501",
        "2020-05-01T25:00Z",
    ]
    + ["0001-01-01T00:00:00+10:00", "2020-05-01T08", "²020-05-01", "1588320000"],
)
def test_what_is_no_time_is_refused(client, db, since):
    [error] = get(client, status=400, changed_since=since)["errors"]
    assert error["parameter"] == "changed_since" and "2026-05-01" in error["detail"]


def test_other_filters_are_refused(client, db):
    query = {"changed_since": EVER, "theme": "health", "sort": "title", "facets": 1}
    errors = get(client, status=400, **query)["errors"]
    assert {one["parameter"] for one in errors} == {"theme", "sort", "facets"}


@pytest.mark.parametrize("of_one_moment", [True, False])
def test_next_leads_through_all_changes_once(client, make_resource, of_one_moment):
    made = [make_resource() for _ in range(7)]
    if of_one_moment:
        Change.objects.update(at=datetime(2026, 1, 1, tzinfo=UTC))
    pages = walk(client, changed_since=EVER, size=3, fields="id,changed_at")
    assert [pk for page in pages for pk in ids(page)] == [one.pk for one in made]
    assert [page["total"] for page in pages] == [7, None, None]
    assert {*pages[1]["results"][0]} == {"id", "changed_at"}


def test_nothing_is_lost_while_resources_change(client, make_resource):
    a, b, c, d = (make_resource() for _ in range(4))
    first = get(client, changed_since=EVER, size=2)
    assert ids(first) == [a.pk, b.pk]
    Resource.objects.filter(pk=b.pk).update(title="Moves to the end")
    withdraw(c)
    new = make_resource()
    rest = client.get(first["next"]).json()
    assert ids(rest) == [d.pk, b.pk]
    assert ids(client.get(rest["next"]).json()) == [c.pk, new.pk]


def test_changed_until_is_where_to_go_on_from(client, make_resource):
    make_resource()
    found = get(client, changed_since=EVER)
    later = make_resource()
    assert later.pk in ids(get(client, changed_since=found["changed_until"]))


def test_keys_are_of_one_order(client, make_resource):
    for _ in range(3):
        make_resource()
    address = get(client, changed_since=EVER, size=1)["next"]
    [key] = parse_qs(urlsplit(address).query)["after"]
    get(client, status=400, after=key)
    get(client, status=400, changed_since=EVER, after="newest-5")
    get(client, status=400, changed_since=EVER, after="changed-ffffffff")


def test_without_an_index_too(client, make_resource, monkeypatch):
    made = make_resource()
    monkeypatch.setattr("resources.search.Search.is_usable", False)
    assert ids(get(client, changed_since=EVER)) == [made.pk]
