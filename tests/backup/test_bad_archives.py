"""Archives that cannot be trusted are refused before anything is touched."""

import json
import tarfile
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command

from resources.models import Resource

from .conftest import files
from .test_restore import log

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refused(library, archive):
    """The sentence with which an archive is refused; nothing has changed then."""
    Resource.objects.update(title="Later")
    before, media = log(), files()

    def refused(path, **options):
        with pytest.raises(CommandError) as error:
            call_command("restore", path, replace=True, no_input=True)
        assert log() == before and files() == media
        assert not Resource.objects.exclude(title="Later").exists()
        said = str(error.value)
        assert said.startswith("Nothing was restored. ") and "\n" not in said
        return said.removeprefix("Nothing was restored. ")

    return refused


def members(path):
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(path, contents):
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)


def change_manifest(path, change):
    contents = members(path)
    manifest = json.loads(contents["manifest.json"])
    change(manifest)
    write(path, contents | {"manifest.json": json.dumps(manifest)})


def change_member(path, name, content):
    """Give a member other contents, and the checksum that belongs to them."""
    write(path, members(path) | {name: content})

    def tell(manifest):
        for entry in [*manifest["tables"], *manifest["packs"]]:
            if name in {
                f"tables/{entry.get('name')}.jsonl",
                f"media/{entry.get('number', 0):05}.tar",
            }:
                entry["size"] = len(content)
                entry["sha256"] = sha256(content).hexdigest()

    change_manifest(path, tell)


# What is no archive


def test_a_file_that_is_missing(refused, tmp_path):
    path = tmp_path / "missing.zip"
    assert refused(path) == f"No such file or directory: {path}."


def test_a_folder(refused, tmp_path):
    assert refused(tmp_path).startswith("Is a directory")


@pytest.mark.parametrize("content", [b"", b"CREATE TABLE", b"PK\x03\x04", bytes(99999)])
def test_another_kind_of_file(refused, tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    assert "is not a backup" in refused(path)


@pytest.mark.parametrize(
    "contents",
    [
        {},
        {"readme.txt": "text"},
        {"manifest.json": "{}"},
        {"manifest.json": json.dumps({"software": "another", "format": 1})},
    ],
)
def test_an_archive_of_another_software(refused, tmp_path, contents):
    path = tmp_path / "other.zip"
    write(path, contents)
    assert "is not a backup of this software" in refused(path)


def test_an_archive_of_a_later_format(refused, archive):
    change_manifest(archive, lambda manifest: manifest.update(format=2))
    assert "has format 2" in refused(archive)


# What was damaged


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_part_of_an_archive(refused, archive, part):
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * part)])
    assert "is not a backup, or only a part of one" in refused(archive)


def test_a_byte_of_each_member(refused, archive):
    whole = archive.read_bytes()
    with ZipFile(archive) as file:
        infos = [info for info in file.infolist() if info.file_size]
    assert len(infos) == 14
    for info in infos:
        # Beyond the header, which has 30 bytes, the name and perhaps 20 of extras.
        start = info.header_offset + 30 + len(info.filename) + 20
        place = start + max(info.compress_size - 20, 1) // 2
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        archive.write_bytes(damaged)
        said = refused(archive)
        assert "damaged" in said and info.filename in said


@pytest.mark.parametrize(
    "name",
    ["tables/resources_resource.jsonl", "media/00001.tar", "tables/auth_user.jsonl"],
)
def test_members_that_were_changed(refused, archive, name):
    contents = members(archive)
    changed = bytearray(contents[name])
    changed[len(changed) // 2] ^= 0x01
    write(archive, contents | {name: bytes(changed)})
    said = refused(archive)
    assert "damaged" in said and name in said
    write(archive, contents | {name: contents[name] + b"\n"})
    assert "another size" in refused(archive)
    del contents[name]
    write(archive, contents)
    assert refused(archive) == (
        f"The archive is damaged: {name} is missing or does not belong."
    )


def test_members_that_do_not_belong(refused, archive):
    write(archive, members(archive) | {"../outside": "x"})
    assert "../outside is missing or does not belong" in refused(archive)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_are_there_twice(refused, archive):
    with ZipFile(archive, "a") as file:
        file.writestr("tables/auth_user.jsonl", "[]")
    assert "damaged" in refused(archive)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("tables"),
        lambda manifest: manifest.update(unknown=1),
        lambda manifest: manifest.update(migrations=[]),
        lambda manifest: manifest.update(tables=[{"name": "auth_user"}]),
        lambda manifest: manifest.update(packs=3),
        lambda manifest: manifest["tables"][0].update(name='x"; DROP TABLE auth_user'),
        lambda manifest: manifest["tables"][0].update(columns=["id", 'x" ']),
        lambda manifest: manifest["tables"][0].update(times=["unknown"]),
        lambda manifest: manifest["tables"][0].update(rows="many"),
        lambda manifest: manifest["tables"][0].update(rows=7),
    ],
)
def test_a_manifest_that_was_changed(refused, archive, change):
    change_manifest(archive, change)
    assert "damaged" in refused(archive)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"null"])
def test_a_manifest_that_is_none(refused, archive, content):
    write(archive, members(archive) | {"manifest.json": content})
    assert "backup" in refused(archive) or "damaged" in refused(archive)


# What was made to do harm


def tar_of(name, kind=tarfile.REGTYPE, link=""):
    output = BytesIO()
    with tarfile.open(fileobj=output, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, link, 0 if link else 1
        tar.addfile(info, None if link else BytesIO(b"x"))
    return output.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        tar_of("../outside"),
        tar_of("covers/../../outside"),
        tar_of("/tmp/outside"),
        tar_of("..\\outside"),
        tar_of("."),
        tar_of("covers/link", tarfile.SYMTYPE, "/etc/passwd"),
        tar_of("covers/link", tarfile.LNKTYPE, "../../outside"),
        tar_of("covers/pipe", tarfile.FIFOTYPE, "x"),
    ],
)
def test_files_that_lead_out_of_the_folder(refused, archive, content):
    change_member(archive, "media/00001.tar", content)
    said = refused(archive)
    assert "leads out of the folder" in said or "is not a file" in said


@pytest.mark.parametrize(
    "lines",
    [
        b'[1,"only"]\n',
        b'{"id":1}\n',
        b"not json\n",
        b"\xff\n",
        b"[" * 100_000 + b"\n",
        b"null\n",
    ],
)
def test_rows_that_cannot_be_read(refused, archive, lines):
    change_member(archive, "tables/auth_user.jsonl", lines)
    assert "damaged" in refused(archive)


def test_tables_and_columns_that_are_not_there(refused, archive):
    def rename_table(manifest):
        [table] = [one for one in manifest["tables"] if one["name"] == "auth_group"]
        table["name"] = "auth_unknown"

    contents = members(archive)
    contents["tables/auth_unknown.jsonl"] = contents.pop("tables/auth_group.jsonl")
    write(archive, contents)
    change_manifest(archive, rename_table)
    assert "auth_unknown" in refused(archive)


def test_rows_that_refer_to_nothing(refused, archive):
    change_member(archive, "tables/auth_user.jsonl", b"")
    change_manifest(archive, lambda manifest: manifest_rows(manifest, "auth_user", 0))
    assert "The database says" in refused(archive)


def manifest_rows(manifest, name, rows):
    for table in manifest["tables"]:
        if table["name"] == name:
            table["rows"] = rows
