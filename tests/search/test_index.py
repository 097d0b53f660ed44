"""The index on disk: several writers, interruptions, damage."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from resources import changes
from resources.models import Resource
from resources.search import Search, Unusable, index, store
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
    assert "Built anew: 4 resources." in out.getvalue()
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


# Other processes

PRELUDE = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "idiaspora.settings"
import django; django.setup()
from resources.models import Resource, ResourceType
from resources.search import Search, Unusable, index, store
from resources.search.index import Index, State
"""
WORK = """
for number in range({count}):
    Resource.objects.create(
        title="{name} %d" % number, summary="x", language="en",
        type=ResourceType.objects.get(), status="published",
    )
    Search()
"""


@pytest.fixture
def elsewhere(tmp_path):
    """Start Python in processes that share a database and an index of their own."""
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "postgresql":
        # A database beside the one of the tests, which others may be using.
        base, _slash, rest = url.rpartition("/")
        name = f"index_{os.getpid()}"
        options = "?" + rest.partition("?")[2] if "?" in rest else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        url = f"{base}/{name}{options}"
    environment = os.environ | {
        "LOCAL": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": url,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    running = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(code)],
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    def run(code):
        process = start(code)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        return out

    run(
        """
        from django.core.management import call_command
        call_command("migrate", verbosity=0)
        ResourceType.objects.create(name="Report", slug="report")
        """
    )
    start.run = run
    yield start
    for process in running:
        process.kill()
        process.communicate()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


TOTAL = "s = Search(); print(s.find().total, s.version)"


@pytest.mark.django_db(transaction=True)
def test_several_processes_writing_lose_nothing(elsewhere):
    writers = [
        elsewhere(WORK.format(count=8, name=name)) for name in ["One", "Two", "Three"]
    ]
    for writer in writers:
        _out, errors = writer.communicate(timeout=90)
        assert writer.returncode == 0, errors
    total, version = map(int, elsewhere.run(TOTAL).split())
    assert total == 24
    assert version == int(
        elsewhere.run("from resources import changes; print(changes.version())")
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["refresh", "rebuild", "commit"])
def test_killed_at_any_moment(elsewhere, moment, tmp_path):
    elsewhere.run(WORK.format(count=3, name="Before"))
    elsewhere.run(WORK.format(count=2, name="After").replace("    Search()\n", ""))
    slow = {
        "refresh": """
            reindex = Index.reindex
            def stop(self, writer, *args):
                reindex(self, writer, *args)
                print("now", flush=True); time.sleep(60)
            Index.reindex = stop
            Search()
            """,
        # The index has been written, but not up to which version.
        "commit": """
            def stop(*args):
                print("now", flush=True); time.sleep(60)
            State.write = stop
            Search()
            """,
        "rebuild": """
            from resources.search.bitmaps import Builder
            write = Builder.write
            def stop(builder, *args):
                if builder.ids:
                    print("now", flush=True); time.sleep(60)
                write(builder, *args)
            Builder.write = stop
            store.rebuild()
            """,
    }[moment]
    process = elsewhere(slow)
    assert process.stdout.readline().strip() == "now", process.communicate()[1]
    # Meanwhile the others answer, if with what was true before.
    started = time.monotonic()
    total = int(elsewhere.run(TOTAL).split()[0])
    assert total in {3, 5} and time.monotonic() - started < 20
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert elsewhere.run(TOTAL).split()[0] == "5"
    folders = [p for p in (tmp_path / "index").iterdir() if p.is_dir()]
    if moment == "rebuild":
        elsewhere.run("store.rebuild()")
        folders = [p for p in (tmp_path / "index").iterdir() if p.is_dir()]
    assert len(folders) == 1, "what was left half done has been removed"


SHARED = """
from django.core.management import call_command
from resources.management.commands import index
index.MANY = 0
os.cpu_count = lambda: 2
"""


@pytest.mark.django_db(transaction=True)
def test_other_processes_take_part_in_making_a_large_one(elsewhere):
    elsewhere.run(WORK.format(count=30, name="Work"))
    told = elsewhere.run(
        SHARED + "import resources.search.index_store as made; made.BATCH = 7\n"
        "call_command('index', '--rebuild')"
    )
    assert "Built anew: 30 resources." in told
    assert elsewhere.run(TOTAL).split()[0] == "30"
    in_order = elsewhere.run(
        """
        found = Search().find("work", sort="newest", size=50).ids
        wanted = Resource.objects.newest_first().values_list("pk", flat=True)
        print(found == list(wanted))
        """
    )
    assert in_order.strip() == "True"


@pytest.mark.django_db(transaction=True)
def test_helpers_end_with_the_process_that_was_killed(elsewhere):
    elsewhere.run(WORK.format(count=1, name="Work"))
    process = elsewhere(
        SHARED
        + """
def wait(*_given):
    print("now", flush=True); time.sleep(60)
from resources.search.bitmaps import Builder
Builder.add = wait
call_command("index", "--rebuild")
"""
    )
    assert process.stdout.readline().strip() == "now", process.communicate()[1]
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    helpers = [Path(f"/proc/{pid}") for pid in children.read_text().split()]
    assert helpers
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while any(one.exists() for one in helpers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [one for one in helpers if one.exists()]


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_an_edit_within_a_second(elsewhere):
    elsewhere.run(WORK.format(count=1, name="First"))
    reader = elsewhere(
        """
        print(Search().find("zanzibar").total, flush=True)
        start = time.monotonic()
        input_ = sys.stdin
        while not Search().find("zanzibar").total:
            if time.monotonic() - start > 30: sys.exit("not seen")
            time.sleep(0.02)
        print(time.time(), flush=True)
        """
    )
    assert reader.stdout.readline().strip() == "0"
    edited = float(
        elsewhere.run(
            """
            Resource.objects.update(title="Zanzibar")
            print(time.time())
            """
        )
    )
    seen = float(reader.communicate(timeout=30)[0])
    assert seen - edited < 1


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
    path.write_bytes(os.urandom(path.stat().st_size))
    with pytest.raises(Unusable):
        search.documents(ids)
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
