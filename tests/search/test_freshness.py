"""What a search says of changes that the index has not taken in yet."""

import json
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from resources import changes
from resources.models import Resource, Theme
from resources.search import Search, index, store

Status = Resource.Status


@pytest.fixture
def lagging(monkeypatch, settings):
    """An index that nobody brings up to date."""

    def start():
        Search()
        monkeypatch.setattr(store, "refresh", lambda index, version: None)

    return start


def withdraw(*resources):
    Resource.objects.filter(pk__in=[one.pk for one in resources]).update(
        status=Status.WITHDRAWN, withdrawn_reason="Outdated."
    )


def test_a_pending_withdrawal_leaves_every_match_and_count(
    make_resource, lagging, client
):
    kept, gone = [
        make_resource(title="Zebra crossing", themes=["Health"], year=2001, type=name)
        for name in ["Report", "Map"]
    ]
    lagging()
    withdraw(gone)
    search = Search()
    assert not search.is_current
    for options in [
        {},
        {"text": "zebra"},
        {"text": '"zebra crossing"'},
        {"filters": {"theme": ["health"]}},
        {"sort": "title"},
        {"text": "zebra", "filters": {"year_from": 2000}, "sort": "year"},
    ]:
        results = search.find(**options)
        assert (results.ids, results.total) == ([kept.pk], 1), options
        assert results.counts["theme"] == {"health": 1}
        assert results.counts["type"]["report"] == 1
        assert not results.counts["type"].get("map")
        assert results.years == {2001: 1}
        ids, _mark, total = search.after(0, 5, **options)
        assert (ids, total) == ([kept.pk], 1)
        assert [ids for ids in search.all_ids(5, **options) if ids] == [[kept.pk]]
    assert search.suggest("zebra") == [kept.pk]
    assert gone.pk not in search.related(search.document(kept.pk))
    assert not search.has_value("type", "map")
    assert search.documents([gone.pk, kept.pk]) == search.documents([kept.pk])
    page = client.get("/resources/")
    assert "no-store" in page["Cache-Control"]
    assert f'data-id="{kept.pk}"' in page.text
    assert f'data-id="{gone.pk}"' not in page.text


def test_a_pending_change_is_read_from_the_database(make_resource, lagging):
    resource = make_resource(title="Before", themes=["Health"])
    lagging()
    resource.title = "After"
    resource.save()
    Theme.objects.update(name="Well-being")
    search = Search()
    [document] = search.documents([resource.pk])
    assert document.title == "After"
    assert document.themes[0].name == "Well-being"
    assert not search.is_current


def test_the_newest_changes_come_first(make_resource, monkeypatch):
    old = [make_resource() for _ in range(8)]
    store.rebuild()
    monkeypatch.setattr(index, "BATCH", 2)
    monkeypatch.setattr(store, "start_filling", lambda index: None)
    Resource.objects.update(title="Zebra in bulk")
    single = make_resource(title="Giraffe")
    search = Search()
    assert search.find("giraffe").ids == [single.pk]
    # One of the bulk came with it, the others are pending; they show as they are.
    assert search.find("zebra").total == 1
    assert {one.pk for one in old} >= set(search.pending) and len(search.pending) == 7
    assert {one.title for one in search.documents(one.pk for one in old)} == {
        "Zebra in bulk"
    }
    # A further edit does not wait for the bulk either.
    single.title = "Okapi"
    single.save()
    assert Search().find("okapi").ids == [single.pk]
    monkeypatch.undo()
    store.fill_gaps(store.current())
    search = Search()
    assert search.is_current
    assert search.find("zebra").total == 8


def test_gaps_are_filled_in_the_background(make_resource, monkeypatch):
    for _ in range(5):
        make_resource()
    store.rebuild()
    monkeypatch.setattr(index, "BATCH", 2)
    filled = []
    monkeypatch.setattr(store, "in_background", filled.append)
    Resource.objects.update(title="Zebra in bulk")
    assert not Search().is_current
    assert len(filled) == 1
    filled[0]()
    assert Search().is_current
    assert Search().find("zebra").total == 5


def test_a_process_that_starts_in_between_sees_the_same(make_resource, monkeypatch):
    """Bitmaps are put together from the file and the changes since."""
    rows = [make_resource(themes=["Health"], year=2000 + n) for n in range(6)]
    store.rebuild()
    monkeypatch.setattr(index, "BATCH", 2)
    monkeypatch.setattr(store, "start_filling", lambda index: None)
    withdraw(rows[0])
    Resource.objects.filter(pk=rows[1].pk).update(published_at=timezone.now())
    Resource.objects.filter(pk__in=[one.pk for one in rows[2:]]).update(
        year=1999, published_at=timezone.now() - timedelta(days=1)
    )
    Search()
    make_resource(themes=["Policy"])

    def seen():
        results = Search().find()
        return results.ids, results.total, results.counts, results.years

    in_this_process = seen()
    store.index = store.snapshot = None
    assert seen() == in_this_process
    store.fill_gaps(store.current())
    in_this_process = seen()
    store.index = store.snapshot = None
    assert seen() == in_this_process


def save(row):
    """Save a row while another thread reads: SQLite in memory does not wait for it."""
    for _ in range(200):
        try:
            return row.save()
        except OperationalError:
            time.sleep(0.01)
    return row.save()


@pytest.mark.django_db(transaction=True)
def test_a_single_edit_is_seen_within_a_second_of_a_bulk_change(
    make_resource, monkeypatch
):
    """With as many pending changes as a bulk edit of 100,000 records makes."""
    monkeypatch.setattr(index, "BATCH", 20)
    rows = [make_resource() for _ in range(300)]
    store.rebuild()
    Resource.objects.update(summary="Changed in bulk.")
    Search()
    assert store.current().state.gaps, "the bulk change is not all taken in"
    rows[0].title = "Okapi"
    save(rows[0])
    started = time.monotonic()
    while Search().find("okapi").ids != [rows[0].pk]:
        assert time.monotonic() - started < 1
        time.sleep(0.01)
    # SQLite in memory may refuse the thread that fills the gaps: then another one does.
    started = time.monotonic()
    while not Search().is_current:
        assert time.monotonic() - started < 60
        store.filler.join(timeout=60)


def test_state_is_written_with_the_gaps(make_resource, monkeypatch):
    for _ in range(3):
        make_resource()
    store.rebuild()
    monkeypatch.setattr(index, "BATCH", 1)
    monkeypatch.setattr(store, "start_filling", lambda index: None)
    before = changes.version()
    Resource.objects.update(summary="Changed.")
    Search()
    path = store.folder / store.current_name() / "state.json"
    state = json.loads(path.read_text())
    assert state["version"] == changes.version()
    assert state["gaps"] == [[before, changes.version() - 1]]
