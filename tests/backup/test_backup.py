"""An archive holds all that belongs to the catalogue, whatever happens meanwhile."""

import fcntl
import json
import tarfile
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import FileField, QuerySet

from resources import changes
from resources.backup import archive as archives_format
from resources.backup import tables
from resources.models import Change, Resource

pytestmark = pytest.mark.django_db(transaction=True)


def manifest_of(path):
    return json.loads(ZipFile(path).read("manifest.json"))


def table_of(path, name):
    lines = ZipFile(path).read(f"tables/{name}.jsonl").split(b"\n")[:-1]
    [entry] = [one for one in manifest_of(path)["tables"] if one["name"] == name]
    return [
        dict(zip(entry["columns"], json.loads(line), strict=True)) for line in lines
    ]


def media_of(path):
    found = {}
    with ZipFile(path) as file:
        for name in file.namelist():
            if name.startswith("media/"):
                tar = tarfile.open(fileobj=BytesIO(file.read(name)))
                found |= {one.name: tar.extractfile(one).read() for one in tar}
    return found


def test_all_rows_are_there(archive):
    resources = table_of(archive, "resources_resource")
    assert {row["title"] for row in resources} == {
        *Resource.objects.values_list("title", flat=True)
    }
    assert {row["username"] for row in table_of(archive, "auth_user")} == {"amina"}
    log = [
        (row["id"], row["resource_id"], row["kind"], row["at"])
        for row in table_of(archive, "resources_change")
    ]
    assert log == [
        (one.pk, one.resource_id, one.kind, one.at.isoformat())
        for one in Change.objects.order_by("pk")
    ]
    for table in manifest_of(archive)["tables"]:
        model = tables.all_models()[table["name"]]
        assert table["rows"] == QuerySet(model).count()


def test_sessions_and_failed_sign_ins_are_not(archive, client, admin_user):
    names = {table["name"] for table in manifest_of(archive)["tables"]}
    assert not [name for name in names if name.startswith(("axes", "django_session"))]


def test_the_manifest_describes_it(archive):
    manifest = manifest_of(archive)
    assert manifest["database"] == connection.vendor
    assert manifest["epoch"] == changes.last().epoch
    assert manifest["version"] == changes.last().pk
    assert "0001_initial" in manifest["migrations"]["resources"]


def test_covers_are_there(archive):
    resource = Resource.objects.exclude(cover="").first()
    media = media_of(archive)
    assert len(media) == 6
    for rendition in resource.covers:
        assert media[rendition.name] == default_storage.open(rendition.name).read()


def test_missing_covers_are_told(library, archives, capsys):
    resource = Resource.objects.exclude(cover="").first()
    default_storage.delete(resource.cover.name)
    call_command("backup", archives)
    assert "1 files of covers are missing" in capsys.readouterr().err
    [path] = archives.iterdir()
    assert len(media_of(path)) == 5


def test_covers_can_be_left_out(library, archives):
    call_command("backup", archives, "--no-media")
    [path] = archives.iterdir()
    assert media_of(path) == {}


def test_only_its_owner_can_read_it(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_several_in_one_second_have_names_of_their_own(library, archives):
    for _n in range(3):
        call_command("backup", archives, "--no-media")
    assert len([*archives.iterdir()]) == 3
    assert len([*archives.glob("idiaspora-????-??-??T??-??-??Z*.zip")]) == 3


def test_a_name_that_is_taken_is_never_overwritten(library, archives, monkeypatch):
    class Clock:
        @staticmethod
        def now(zone):
            return changes.BEGINNING

    monkeypatch.setattr("resources.backup.folder.datetime", Clock)
    taken = archives / "idiaspora-1970-01-01T00-00-00Z.zip"
    taken.write_text("mine")
    (archives / ".idiaspora-1970-01-01T00-00-00Z-2.zip.partial").touch()
    # Another backup is writing this one.
    with open(archives / ".idiaspora-1970-01-01T00-00-00Z-2.zip.partial", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        call_command("backup", archives, "--no-media")
    assert taken.read_text() == "mine"
    assert (archives / "idiaspora-1970-01-01T00-00-00Z-3.zip").exists()


# How many stay


@pytest.fixture
def older(archives):
    """Archives of earlier days, and other files in the same folder."""
    names = [
        "idiaspora-2026-01-01T10-15-00Z.zip",
        "idiaspora-2026-01-02T10-15-00Z.zip",
        "idiaspora-2026-01-02T10-15-00Z-2.zip",
        "idiaspora-2026-01-02T10-15-00Z-10.zip",
        "idiaspora-notes.zip",
        "photos.zip",
    ]
    for name in names:
        (archives / name).write_text("old")
    return names


def test_the_newest_stay(library, archives, older):
    call_command("backup", archives, "--keep", "2", "--no-media")
    there = {path.name for path in archives.iterdir()}
    assert there & {*older} == {
        "idiaspora-2026-01-02T10-15-00Z-10.zip",
        "idiaspora-notes.zip",
        "photos.zip",
    }
    assert len(there) == 4


def test_the_new_one_stays_although_the_clock_was_wrong(library, archives):
    (archives / "idiaspora-2099-01-01T10-15-00Z.zip").touch()
    call_command("backup", archives, "--keep", "1", "--no-media")
    [path] = archives.iterdir()
    assert path.stat().st_size


def test_none_goes_before_the_new_one_is_verified(
    library, archives, older, monkeypatch
):
    monkeypatch.setattr(
        archives_format, "verify_table", lambda *args: "another checksum"
    )
    with pytest.raises(CommandError, match="No backup was made.*another checksum"):
        call_command("backup", archives, "--keep", "1")
    assert {path.name for path in archives.iterdir()} == {*older}


@pytest.mark.parametrize("keep", ["0", "-1", "many"])
def test_how_many_must_be_a_number(library, archives, keep):
    with pytest.raises(CommandError, match="whole number"):
        call_command("backup", archives, f"--keep={keep}")


# What goes wrong


def test_a_missing_folder(library, archives):
    with pytest.raises(CommandError, match="There is no folder .*elsewhere"):
        call_command("backup", archives / "elsewhere")


# No file can become larger than this; those of SQLite itself are not.
FULL = """
import resource, sys
from django.core.management import execute_from_command_line
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def test_a_full_disk(place, archives):
    place.manage("migrate")
    place.manage("loaddata", "vocabularies")
    place.python(
        "from resources.models import Theme\n"
        "import os; Theme.objects.update(aliases=os.urandom(40_000).hex())"
    )
    done = place.python(FULL, "backup", archives)
    assert done.returncode == 1
    assert "CommandError: No backup was made. File too large" in done.stderr
    assert [*archives.iterdir()] == []


def test_an_older_database(place, archives):
    place.manage("migrate")
    place.manage("migrate", "resources", "0003")
    assert "Run `manage.py migrate` first" in place.refuse("backup", archives)
    assert [*archives.iterdir()] == []


def test_a_database_without_tables(place, archives):
    assert "No backup was made." in place.refuse("backup", archives)


# Later columns


def test_every_kind_of_column_can_be_archived():
    """Those of JSON as they are, times as text; another kind needs a line in tables."""
    plain = {
        "AutoField",
        "BigAutoField",
        "BooleanField",
        "CharField",
        "DateField",
        "DateTimeField",
        "FileField",
        "ForeignKey",
        "OneToOneField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SlugField",
        "TextField",
    }
    for model in tables.backed_up():
        for field in model._meta.local_concrete_fields:
            assert field.get_internal_type() in plain, field


def test_every_column_of_files_is_known():
    """media.names_in_use() has to name the files of each."""
    fields = [
        str(field)
        for model in tables.backed_up()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField)
    ]
    assert fields == ["resources.Resource.cover"]
