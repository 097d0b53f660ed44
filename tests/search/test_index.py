"""The index on disk: several writers, interruptions, damage."""

import json
import os
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from resources import changes
from resources.models import Resource
from resources.search import Search, index, store
from resources.search.index import Index, State, is_damage
from resources.search.index_store import Store
from resources.search.schema import FORMAT

Status = Resource.Status


def titles_in(search):
    found = search.find(size=1000).ids
    return set(Resource.objects.filter(pk__in=found).values_list("title", flat=True))


def folder():
    return store.folder / store.current_name()


def emptied(path):
    # A new file: this process has the old one mapped into its memory.
    path.unlink()
    path.touch()


@pytest.fixture
def three(make_resource):
    for number in range(3):
        make_resource(title=f"Number {number}")
    assert Search().find().total == 3


def test_missing(three):
    shutil.rmtree(store.folder)
    store.index = None
    assert Search().find().total == 3


@pytest.mark.parametrize(
    "harm",
    [
        lambda: (folder() / "state.json").unlink(),
        lambda: (folder() / "state.json").write_text("{"),
        lambda: (folder() / "state.json").write_text(json.dumps({"format": -1})),
        lambda: (folder() / "meta.json").write_text("nonsense"),
        lambda: (store.folder / "current").write_text('"elsewhere"'),
        lambda: (store.folder / "current").write_text(""),
        lambda: [p.unlink() for p in folder().glob("*.term")],
        lambda: [emptied(p) for p in folder().glob("*.store")],
        lambda: (folder() / "bitmaps").unlink(),
        lambda: emptied(folder() / "bitmaps"),
        lambda: (folder() / "bitmaps").write_text("nonsense"),
    ],
    ids=[
        *["state", "json", "format", "meta", "name", "empty", "terms", "store"],
        *["no bitmaps", "empty bitmaps", "bitmaps"],
    ],
)
def test_damaged(three, harm, client):
    harm()
    store.index = None  # as in a process that starts now
    assert Search().find().total == 3
    assert client.get("/resources/").status_code == 200


def test_gaps_between_ids_do_not_delay_it(three, make_resource):
    """As rolled-back transactions leave them, in PostgreSQL."""
    resource = make_resource(title="After a gap")
    last = changes.last()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE resources_change SET id = id + 5000 WHERE id = %s", [last.pk]
        )
    assert resource.title in titles_in(Search())


def test_of_another_database(three):
    state = json.loads((folder() / "state.json").read_text())
    state["at"] = "2001-01-01T00:00:00+00:00"
    (folder() / "state.json").write_text(json.dumps(state))
    store.index = None
    assert Search().find().total == 3
    assert json.loads((folder() / "state.json").read_text())["at"] != state["at"]


def test_of_a_later_version_than_the_database(three):
    """After a backup from before was put back."""
    state = json.loads((folder() / "state.json").read_text())
    state["version"] += 1000
    (folder() / "state.json").write_text(json.dumps(state))
    store.index = None
    assert Search().find().total == 3


def test_unwritable(three, client, monkeypatch, tmp_path):
    """Lists and details go on from the database, and say why there is no search."""
    place = tmp_path / "file"
    place.write_text("not a folder")
    monkeypatch.setattr("resources.search.store", Store(place))
    search = Search()
    assert not search.is_usable
    assert search.find("nothing like it").total == 3
    text = client.get("/resources/?q=number").text
    assert "The search index is being built" in text and "Number 2" in text
    for path in ["/", "/themes/", Resource.objects.first().get_absolute_url()]:
        assert client.get(path).status_code == 200


def test_the_command(three, make_resource):
    out = StringIO()
    make_resource()
    call_command("index", stdout=out)
    assert "Up to date: 4 resources." in out.getvalue()
    call_command("index", "--rebuild", stdout=out)
    assert "Rebuilt: 4 resources." in out.getvalue()
    assert len([p for p in store.folder.iterdir() if p.is_dir()]) == 1


def test_the_command_says_what_is_wrong(db, monkeypatch, tmp_path):
    place = tmp_path / "file"
    place.write_text("not a folder")
    monkeypatch.setattr(
        "resources.management.commands.index.store", Store(place / "index")
    )
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("index")


def test_readers_keep_reading_while_it_is_made_anew(three):
    before = Search()
    store.rebuild()
    assert before.find("number").total == 3
    assert Search().find("number").total == 3


def test_a_rebuild_that_fails_leaves_the_old_one(three, monkeypatch):
    name = store.current_name()

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(Index, "fill", fail)
    with pytest.raises(RuntimeError):
        store.rebuild()
    assert store.current_name() == name
    assert len([p for p in store.folder.iterdir() if p.is_dir()]) == 1
    assert Search().find().total == 3


def test_changing_the_format_makes_it_anew(three, monkeypatch):
    monkeypatch.setattr("resources.search.index.FORMAT", FORMAT + 1)
    store.index = None
    assert Search().find().total == 3
    assert json.loads((folder() / "state.json").read_text())["format"] == FORMAT + 1


def test_the_version_is_that_of_the_log(three):
    assert Search().version == changes.version()


def test_an_index_that_is_replaced_while_it_is_written(make_resource, monkeypatch):
    make_resource()
    Search()
    write = State.write

    def too_late(state, folder):
        monkeypatch.setattr(State, "write", write)
        store.rebuild()
        return write(state, folder)

    monkeypatch.setattr(State, "write", too_late)
    make_resource()
    results = Search().find()
    assert results.total == 2 and not results.is_plain


@pytest.mark.parametrize("some_are_left", [False, True])
def test_an_index_that_was_just_replaced_is_looked_for_anew(
    make_resource, monkeypatch, some_are_left
):
    make_resource()
    assert Search().find().total == 1
    make_resource()
    refresh = Index.refresh

    def too_late(index, progress=None):
        monkeypatch.setattr(Index, "refresh", refresh)
        store.rebuild()
        if some_are_left:
            index.folder.mkdir()
            index.state.write(index.folder)
        return refresh(index, progress)

    monkeypatch.setattr(Index, "refresh", too_late)
    results = Search().find()
    assert results.total == 2 and not results.is_plain


def test_damage_that_shows_while_it_is_read(make_resource):
    """The index is read no more, and built anew."""
    ids = [make_resource(title=f"Zebra {n}").pk for n in range(9)]
    store.rebuild()
    search, damaged = Search(), folder()
    [path] = damaged.glob("*.store")
    # In place, as this process has the file mapped into its memory.
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
    # The database has them, too.
    assert len(search.documents(ids)) == 9
    search = Search()
    assert search.is_usable and folder() != damaged
    assert len(search.documents(ids)) == 9


def test_panics_of_the_engine_are_damage():
    PanicException = type("PanicException", (BaseException,), {})
    assert is_damage(PanicException("index out of bounds"))
    assert is_damage(ValueError("An IO error occurred: 'no such block'"))
    assert not is_damage(KeyboardInterrupt()) and not is_damage(ValueError("a bug"))


def test_a_new_index_is_of_one_part(make_resource, monkeypatch):
    """The engine merges as many parts as are written; fewer would stay as they are."""
    assert index.ends_of_parts(250) == set()
    assert index.ends_of_parts(2000) == {250 * part - 1 for part in range(1, 8)}
    assert len(index.ends_of_parts(2001)) == 63
    monkeypatch.setattr("resources.search.index_store.BATCH", 1)
    monkeypatch.setattr(index, "BATCH", 1)
    monkeypatch.setattr(index, "LARGEST", 1)
    for _ in range(index.MERGED):
        make_resource()
    store.rebuild()
    search = Search()
    assert search.searcher.num_segments == 1
    assert search.find().total == index.MERGED
