"""What a restore brings back, and where."""

import os
import pwd

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from resources import changes
from resources.models import Change, Epoch, Resource, Theme

from ..pages.reading import titles
from .conftest import files, rows

pytestmark = pytest.mark.django_db(transaction=True)


def replace(archive, **options):
    call_command("restore", archive, replace=True, no_input=True, **options)


def log():
    return [*Change.objects.order_by("pk").values_list()]


# Into an empty place


def test_an_empty_place_gets_tables_rows_and_covers(archive, place, tmp_path):
    said = place.manage("restore", archive)
    assert "Restored" in said and "6 files" in said
    (again := tmp_path / "again").mkdir()
    assert rows(place.back_up(again)) == rows(archive)
    media = place.folder / "media"
    assert files() == {
        str(path.relative_to(media)): path.read_bytes()
        for path in media.rglob("*")
        if path.is_file()
    }
    said = place.manage("check", "--database", "default")
    assert "W00" not in said and "E00" not in said
    assert place.manage("catalogue_version")


def test_tables_without_rows_are_empty(archive, place, tmp_path):
    place.manage("migrate")
    place.manage("restore", archive)
    (again := tmp_path / "again").mkdir()
    assert rows(place.back_up(again)) == rows(archive)


def test_covers_can_be_left_out(archive, place):
    place.manage("restore", archive, "--no-media")
    assert not (place.folder / "media").exists()


def test_folders_that_are_missing_are_made(archive, place):
    place.folder = place.folder / "some" / "where"
    if place.url.startswith("sqlite"):
        place.url = f"sqlite:///{place.folder}/db.sqlite3"
    place.manage("restore", archive)
    assert len([*place.folder.glob("media/covers/*.webp")]) == 6


# The change log


def test_the_log_comes_back_with_its_dates_and_goes_on(library, archive):
    before = log()
    epoch = changes.last().epoch
    Resource.objects.published().update(title="Changed")
    Theme.objects.update(name="Changed")
    replace(archive)
    *restored, renewed = log()
    assert restored == before
    assert renewed[0] > before[-1][0] and renewed[1] is None
    assert changes.last().epoch != epoch
    assert Epoch.objects.count() == 1


def test_changes_are_logged_afterwards(library, archive):
    replace(archive)
    assert changes.wrong_triggers() == []
    before = changes.version()
    resource = Resource.objects.published().first()
    resource.title = "Changed"
    resource.save()
    assert changes.version() == before + 1
    assert resource.changes.get(is_last=True).pk == before + 1


def test_ids_go_on_in_an_empty_place(archive, place):
    place.manage("restore", archive)
    done = place.python(
        "from resources.models import Resource, Change\n"
        "from tests.factories import make_resource\n"
        "last = Resource.objects.order_by('pk').last().pk\n"
        "log = Change.objects.last().pk\n"
        "print(make_resource(title='New').pk - last, Change.objects.last().pk - log)"
    )
    assert done.stdout == "1 1\n", done.stderr


def test_ids_that_were_given_out_are_not_given_out_again(
    library, archive, make_resource
):
    newest = make_resource()
    log = changes.version()
    replace(archive)
    assert make_resource().pk > newest.pk
    assert changes.version() > log


# Over another catalogue


def test_what_is_there_is_replaced(library, archive, make_resource, add_cover):
    before = {*Resource.objects.values_list("pk", "title", "updated_at")}
    media = files()
    Resource.objects.update(title="Changed")
    later = make_resource(title="Later")
    add_cover(later)
    get_user_model().objects.create_user("later", password="x")
    default_storage.delete(Resource.objects.exclude(cover="").first().cover.name)
    replace(archive)
    assert {*Resource.objects.values_list("pk", "title", "updated_at")} == before
    assert get_user_model().objects.get().username == "amina"
    assert media.items() <= files().items()


def test_whoever_was_signed_in_is_not_any_more(library, archive, client):
    curator = get_user_model().objects.create_superuser("later", password="x")
    client.force_login(curator)
    assert client.get("/admin/").status_code == 200
    replace(archive)
    assert client.get("/admin/").status_code == 302


def test_lists_and_searches_show_what_was_restored(archive, client, make_resource):
    def every_title():
        pages = [client.get(f"/resources/?page={page}") for page in [1, 2]]
        return [title for page in pages for title in titles(page)]

    def found():
        return titles(client.get("/resources/?q=zebra"))

    before = every_title()
    Resource.objects.published().update(title="Zebra crossings")
    make_resource(title="Zebra stripes")
    assert every_title() != before and found()
    replace(archive)
    assert before and every_title() == before and not found()
    # The index of the earlier epoch is no longer used, and a new one is made.
    call_command("index")
    assert every_title() == before and not found()
    assert not [one for one in run_checks(databases=["default"]) if "I002" in one.id]


def test_without_replace_nothing_is_replaced(library, archive):
    Resource.objects.update(title="Changed")
    before = log()
    with pytest.raises(CommandError, match="The database is not empty; with --replace"):
        call_command("restore", archive)
    assert log() == before


def test_without_an_answer_nothing_is_replaced(library, archive):
    before = log()
    with pytest.raises(CommandError, match="confirm with --no-input"):
        call_command("restore", archive, replace=True)
    assert log() == before


@pytest.mark.parametrize("answer", ["", "y", "no", "yes"])
def test_the_question(library, archive, monkeypatch, answer):
    asked = []

    class Terminal:
        def isatty(self):
            return True

    def input(question):
        asked.append(question)
        return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", input)
    count = Resource.objects.count()
    before = log()
    if answer == "yes":
        call_command("restore", archive, replace=True)
        assert log() != before
    else:
        with pytest.raises(CommandError, match="Nothing was restored"):
            call_command("restore", archive, replace=True)
        assert log() == before
    [question] = asked
    assert question.count(f"{count} resources") == 2 and "1 accounts" in question


# Halfway


def fail(*args, **options):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "step",
    [
        "resources.backup.tables.empty",
        "resources.backup.tables.continue_ids",
        "resources.backup.restoration.check_rows",
        "resources.changes.renew_epoch",
        "resources.changes.install_triggers",
    ],
)
def test_a_failure_leaves_everything_as_it_was(
    library, archive, make_resource, add_cover, monkeypatch, step
):
    gone, changed = Resource.objects.exclude(cover="")
    default_storage.delete(gone.cover.name)
    with open(default_storage.path(changed.cover.name), "wb") as file:
        file.write(b"another")
    add_cover(make_resource())
    Resource.objects.update(title="Later")
    before, media = log(), files()
    monkeypatch.setattr(step, fail)
    with pytest.raises(CommandError, match="Nothing was restored. No space left"):
        replace(archive)
    assert log() == before and files() == media
    assert not Resource.objects.exclude(title="Later").exists()
    assert changes.wrong_triggers() == []


def test_what_the_database_refuses_is_named(library, archive, monkeypatch):
    """As PostgreSQL refuses what SQLite has taken."""
    before = log()
    read_row = changes_of_rows(lambda row: row | {"status": "unknown"})
    monkeypatch.setattr("resources.backup.tables.row_reader", read_row)
    resource = Resource.objects.order_by("pk").first()
    with pytest.raises(CommandError) as error:
        replace(archive)
    said = f"does not take row {resource.pk} of resources_resource"
    assert said in str(error.value) and "resource_status" in str(error.value)
    assert log() == before


def changes_of_rows(change):
    from resources.backup.tables import row_reader

    def changed_reader(table):
        read = row_reader(table)
        if table.name != "resources_resource":
            return read
        return lambda line: [
            *change(dict(zip(table.columns, read(line), strict=True))).values()
        ]

    return changed_reader


def test_rows_that_arrive_differently_are_noticed(library, archive, monkeypatch):
    before = log()
    read_row = changes_of_rows(lambda row: row | {"title": "Another"})
    monkeypatch.setattr("resources.backup.tables.row_reader", read_row)
    with pytest.raises(CommandError, match="rows of resources_resource are not the sa"):
        replace(archive)
    assert log() == before


IN_USE = """
import sys
from django.core.management import call_command
from django.db import connection

other = connection.copy()
if connection.vendor == "sqlite":
    other.cursor().execute("BEGIN IMMEDIATE")
    connection.cursor().execute("PRAGMA busy_timeout = 100")
else:
    other.cursor().execute("BEGIN")
    other.cursor().execute("LOCK TABLE resources_resource")
    connection.cursor().execute("SET lock_timeout = 100")
call_command("restore", sys.argv[1], replace=True, no_input=True)
"""


def test_the_database_is_in_use(library, archive, place):
    place.manage("restore", archive)
    before = place.version()
    done = place.python(IN_USE, archive)
    said = done.stderr.strip().splitlines()[-1]
    assert "Nothing was restored. The database says: " in said
    assert "lock" in said
    assert place.version() == before


# Owners


def give_away(folder):
    """Give a folder to another account, as far as we may; return the owner."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody


def test_files_that_root_makes_belong_to_the_owner_of_the_folder(archive, place):
    owner = give_away(place.folder)
    if place.url.startswith("sqlite"):
        place.url = f"sqlite:///{place.folder}/data/db.sqlite3"
    for arguments in [(), ("--replace", "--no-input")]:
        place.manage("restore", archive, *arguments)
        made = [path for path in place.folder.rglob("*") if path.name != "secret-key"]
        assert len(made) >= 8
        for path in made:
            assert path.stat().st_uid == owner.pw_uid, path
            assert path.stat().st_gid == owner.pw_gid, path
            if path.suffix == ".webp":
                assert path.stat().st_mode & 0o777 == 0o644
            if path.suffix == ".sqlite3":
                assert path.stat().st_mode & 0o777 == 0o640


def test_the_service_can_write_while_root_restores(archive, sqlite_place):
    """The files that SQLite adds have the owner of the database."""
    place = sqlite_place()
    owner = give_away(place.folder)
    program = """
import os, sys
from django.core.management import call_command
from resources.backup import restoration
seen = set()
def look(count=1):
    for name in os.listdir(sys.argv[2]):
        if "sqlite3" in name:
            seen.add((name, os.stat(os.path.join(sys.argv[2], name)).st_uid))
restoration.restore(sys.argv[1], None, progress=look)
print(sorted(seen))
"""
    done = place.python(program, archive, place.folder)
    names = ["db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal"]
    assert done.stdout.strip() == str([(name, owner.pw_uid) for name in names])
