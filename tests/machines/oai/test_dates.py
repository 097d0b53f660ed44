"""Datestamps, and harvests of what is new."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from resources import changes, documents
from resources.models import Change, Contributor, Resource, Theme

from .rules import code, dated, ids, post, withdraw


def test_from_and_until_are_inclusive(ask, make_resource):
    a, b, c = (make_resource() for _ in range(3))
    dated(a, "2026-01-01T00:00:00")
    dated(b, "2026-01-01T23:59:59.999")
    dated(c, "2026-01-02T00:00:00.001")

    def listed(**dates):
        return ids(ask("ListIdentifiers", metadataPrefix="mods", **dates))

    assert listed(from_="2026-01-01T00:00:00Z") == [a.pk, b.pk, c.pk]
    assert listed(from_="2026-01-01T00:00:01Z") == [b.pk, c.pk]
    assert listed(from_="2026-01-01T23:59:59Z") == [b.pk, c.pk]
    assert listed(until="2026-01-01T23:59:59Z") == [a.pk, b.pk]
    assert listed(until="2026-01-01T23:59:58Z") == [a.pk]
    assert listed(until="2026-01-01") == [a.pk, b.pk]
    assert listed(from_="2026-01-02", until="2026-01-02") == [c.pk]
    assert listed(from_="2026-01-02T00:00:00Z", until="2026-01-02T00:00:00Z") == [c.pk]
    assert listed(from_="0001-01-01", until="9999-12-31") == [a.pk, b.pk, c.pk]
    assert listed(until="9999-12-31T23:59:59Z") == [a.pk, b.pk, c.pk]


def test_what_the_public_sees_change_moves_the_datestamp(ask, make_resource):
    resource = make_resource(themes=["Health"], authors=["Ada"], programme="MIDA")

    def moves(change):
        dated(resource, "2020-01-01T00:00:00")
        change()
        return bool(ids(ask("ListRecords", metadataPrefix="mods", from_="2021-01-01")))

    def no_change():
        resource.save()

    def rename(model):
        return lambda: model.objects.update(name="Renamed")

    dated(resource, "2020-01-01T00:00:00")
    root = ask("ListRecords", metadataPrefix="mods", from_="2021-01-01")
    assert code(root) == "noRecordsMatch"
    assert moves(rename(Contributor))
    assert moves(rename(Theme))
    assert moves(rename(type(resource.programme)))
    assert moves(lambda: resource.themes.clear())
    assert moves(lambda: Resource.objects.update(title="Another"))
    assert moves(lambda: withdraw(resource))


def test_withdrawn_and_published_again(ask, make_resource):
    resource = make_resource(themes=["Health"])
    asked = {
        "identifier": f"oai:testserver:{resource.pk}",
        "metadataPrefix": "oai_dc",
    }
    assert ids(ask("GetRecord", **asked)) == [resource.pk]
    withdraw(resource)
    for root in [
        ask("GetRecord", **asked),
        ask("ListRecords", metadataPrefix="oai_dc"),
        ask("ListIdentifiers", metadataPrefix="oai_dc"),
    ]:
        assert ids(root) == [-resource.pk]
    Resource.objects.update(status="published")
    assert ids(ask("ListRecords", metadataPrefix="oai_dc")) == [resource.pk]


def test_the_time_of_an_answer_is_not_past_what_is_yet_to_appear(ask, make_resource):
    """A transaction that is not over yet may hold changes dated before now."""
    make_resource()

    def response_date():
        text = ask("ListRecords", metadataPrefix="mods")[0].text
        return datetime.fromisoformat(text)

    now = timezone.now().replace(microsecond=0)
    Change.objects.update(at=now - timedelta(minutes=3))
    assert response_date() == now - timedelta(minutes=3)
    Change.objects.update(at=now - timedelta(days=3))
    assert (
        timedelta(minutes=9) < timezone.now() - response_date() < timedelta(minutes=11)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_change_just_after_the_log_was_looked_at(client, make_resource, verb):
    """A record with a new date has its new terms, though others are remembered."""
    resource = make_resource(themes=["Health"], programme="MIDA")
    seen = changes.last()
    asked = {"verb": verb, "metadataPrefix": "oai_dc"}
    post(client, asked)
    Theme.objects.update(name="Renamed", slug="renamed")
    resource.themes.add(Theme.objects.create(name="Later", slug="later"))
    with mock.patch("resources.changes.last", return_value=seen):
        text = post(client, asked).text
    assert "theme:renamed" in text and "theme:later" in text
    assert "Health" not in text


@pytest.mark.django_db(transaction=True)
def test_what_is_newer_than_the_index_comes_from_the_database(client, make_resource):
    changed, same = make_resource(title="Before"), make_resource(title="Same")
    seen = changes.last()
    before = documents.published([changed.pk, same.pk])
    Resource.objects.filter(pk=changed.pk).update(title="After")
    requested = []

    def from_index(self, ids):
        requested.extend(ids)
        return [before[pk] for pk in ids]

    with (
        mock.patch("resources.changes.last", return_value=seen),
        mock.patch("resources.search.Search.documents", from_index),
    ):
        text = post(client, {"verb": "ListRecords", "metadataPrefix": "mods"}).text
    assert "After" in text and "Same" in text and "Before" not in text
    assert requested == [same.pk]
