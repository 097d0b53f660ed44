"""Archives of earlier and of later releases."""

import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from .conftest import rows
from .test_bad_archives import change_manifest, members

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def older(archive):
    """The archive as release 0003 would have made it, which had no epoch."""
    contents = members(archive)
    del contents["tables/resources_epoch.jsonl"]
    manifest = json.loads(contents["manifest.json"])
    manifest["tables"] = [
        table for table in manifest["tables"] if table["name"] != "resources_epoch"
    ]
    manifest["migrations"]["resources"].remove("0004_epoch")
    path = archive.with_name("older.zip")
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    change_manifest(path, lambda values: values.update(manifest))
    return path


def check_restored(place, older, archive, tmp_path):
    assert len([*place.folder.glob("media/covers/*.webp")]) == 6
    (again := tmp_path / "again").mkdir()
    assert rows(place.back_up(again)) == rows(archive)
    said = place.manage("check", "--database", "default")
    assert "W00" not in said
    epoch, _version = place.version()
    assert epoch


def test_an_older_one_into_an_empty_place(older, archive, place, tmp_path):
    place.manage("restore", older)
    check_restored(place, older, archive, tmp_path)


def test_an_older_one_into_tables_of_this_release(older, archive, place, tmp_path):
    place.manage("migrate")
    place.manage("restore", older)
    check_restored(place, older, archive, tmp_path)


def test_an_older_one_over_another_catalogue(older, archive, place, tmp_path):
    place.manage("restore", archive)
    place.manage("restore", older, "--replace", "--no-input")
    check_restored(place, older, archive, tmp_path)


def test_a_newer_one(archive, place):
    def add(manifest):
        manifest["migrations"]["resources"].append("0099_later")

    change_manifest(archive, add)
    said = place.refuse("restore", archive)
    assert "made by a newer release" in said and "resources.0099_later" in said
    assert not (place.folder / "db.sqlite3").exists()


def test_tables_of_an_earlier_release(archive, place):
    place.manage("migrate", "resources", "0003")
    assert "Run `manage.py migrate` first" in place.refuse("restore", archive)


def test_a_database_of_a_later_release(archive, place):
    place.manage("migrate")
    place.python(
        "from django.db import connection\n"
        'connection.cursor().execute("INSERT INTO django_migrations (app, name, '
        "applied) VALUES ('resources', '0099_later', '2027-01-01')\")"
    )
    assert "The database is of a newer release" in place.refuse("restore", archive)
