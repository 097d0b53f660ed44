"""A command that is stopped or killed leaves all as it was, or has finished."""

import signal

import pytest

from resources.backup import folder

from .conftest import rows

pytestmark = pytest.mark.django_db(transaction=True)

# Ends itself with the signal when progress is reported for the n-th time.
STOP_AT = """
import os, signal, sys
from django.core.management import execute_from_command_line
from resources.management.commands import _progress

number, moment = int(sys.argv[1]), int(sys.argv[2])
# Ignored in what a shell runs in the background, as tests may be.
signal.signal(signal.SIGINT, signal.default_int_handler)
calls = 0
count = _progress.Progress.__call__

def stop_here(self, *arguments):
    global calls
    calls += 1
    if calls == moment:
        os.kill(os.getpid(), number)
    count(self, *arguments)

_progress.Progress.__call__ = stop_here
execute_from_command_line(["manage.py", *sys.argv[3:]])
"""
MOMENTS = [1, 384, 390, 396, 401]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


@pytest.fixture
def filled(archive, make_place):
    place = make_place("filled")
    place.manage("restore", archive)
    return place


@pytest.mark.parametrize("number", SIGNALS)
def test_a_backup(filled, number, tmp_path):
    (archives := tmp_path / "stopped").mkdir()
    for moment in [1, 100, 380, 500, 700]:
        done = filled.python(STOP_AT, int(number), moment, "backup", archives)
        assert done.returncode != 0, moment
        assert folder.archives(archives) == []
        if number != signal.SIGKILL:
            assert "No backup was made. It was stopped." in done.stderr
            assert [*archives.iterdir()] == []
    # What a killed one has left goes with the next.
    path = filled.back_up(archives)
    assert [*archives.iterdir()] == [path]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_restore_over_another_catalogue(filled, archive, number, tmp_path):
    filled.python(
        "from resources.models import Resource\n"
        "Resource.objects.update(title='Later', cover='', cover_alt='')"
    )
    (archives := tmp_path / "before").mkdir()
    before = rows(filled.back_up(archives), leave_out=())
    for cover in (filled.folder / "media" / "covers").iterdir():
        cover.unlink()
    for moment in MOMENTS:
        arguments = ["restore", archive, "--replace", "--no-input"]
        done = filled.python(STOP_AT, int(number), moment, *arguments)
        assert done.returncode != 0, moment
        if number != signal.SIGKILL:
            assert "Nothing was restored. It was stopped." in done.stderr
            assert [*(filled.folder / "media" / "covers").iterdir()] == []
        (again := tmp_path / f"after-{moment}").mkdir()
        assert rows(filled.back_up(again), leave_out=()) == before
        said = filled.manage("check", "--database", "default")
        assert "resources.W001" not in said
    filled.manage("restore", archive, "--replace", "--no-input")
    (again := tmp_path / "again").mkdir()
    assert rows(filled.back_up(again)) == rows(archive)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_restore_into_an_empty_place(place, archive, number, tmp_path):
    for moment in [1, 300, 390, 400]:
        done = place.python(STOP_AT, int(number), moment, "restore", archive)
        assert done.returncode != 0, moment
        if number != signal.SIGKILL:
            assert not (place.folder / "db.sqlite3").exists()
    place.manage("restore", archive)
    (again := tmp_path / "again").mkdir()
    assert rows(place.back_up(again)) == rows(archive)


def test_what_a_killed_restore_left_beside_covers_goes(filled, archive):
    covers = filled.folder / "media" / "covers"
    before = {*covers.iterdir()}
    for cover in before:
        cover.write_bytes(b"another")
    arguments = ["restore", archive, "--replace", "--no-input"]
    done = filled.python(STOP_AT, int(signal.SIGKILL), MOMENTS[-1], *arguments)
    assert done.returncode == -signal.SIGKILL
    # Beside covers of this archive, and of one that will never be restored again.
    assert [*covers.glob(".*.restoring")]
    (covers / ".other-240.webp.restoring").touch()
    filled.manage(*arguments)
    assert {*covers.iterdir()} == before


FAIL = """
import sys
from django.core.management import execute_from_command_line
from resources.backup import restoration

def fail(manifest):
    raise restoration.BackupError("It failed.")

restoration.check_rows = fail
execute_from_command_line(["manage.py", "restore", sys.argv[1]])
"""


def test_a_failed_first_restore_says_what_is_there(place, archive, tmp_path):
    done = place.python(FAIL, archive)
    assert done.returncode == 1 and "Nothing was restored. It failed." in done.stderr
    if place.url.startswith("sqlite"):
        assert not (place.folder / "db.sqlite3").exists()
    else:
        assert "has empty tables now" in done.stderr
        assert "run `manage.py migrate`, then restore again." in done.stderr
        place.manage("migrate")
    place.manage("restore", archive)
    (again := tmp_path / "again").mkdir()
    assert rows(place.back_up(again)) == rows(archive)
