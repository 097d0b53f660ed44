"""
The archive: a ZIP file of tables and media, with a manifest that describes them.

A ZIP file is written in one pass, without knowing the sizes of its members before; its
directory at the end shows what it holds without reading everything; and ordinary
programs open it. Media lie in packs, tar files of many files each, so that a catalogue
of any size has few members, and each has its SHA-256 in the manifest.
"""

import json
import re
import tarfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from io import BufferedReader
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from . import BackupError, no_progress

SOFTWARE = "idiaspora-resources"
# Raise it when an older release could not read what this one writes.
FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 10 * 1024 * 1024
BUFFER = 1024 * 1024
# Level 6 needs three times as long for files that are an eighth smaller.
COMPRESSION = 1


@dataclass
class Table:
    """The rows of one table, in order of the primary key, one JSON list a line."""

    name: str
    columns: list
    times: list  # the columns that hold times, which are written in ISO 8601
    rows: int = 0
    size: int = 0
    sha256: str = ""

    @property
    def member(self):
        return f"tables/{self.name}.jsonl"


@dataclass
class Pack:
    """A tar file of media, named as the storage names them."""

    number: int
    files: int = 0
    size: int = 0
    sha256: str = ""

    @property
    def member(self):
        return f"media/{self.number:05}.tar"


@dataclass
class Manifest:
    created_at: str
    database: str
    migrations: dict  # names of migrations by app
    epoch: str
    version: int
    tables: list = field(default_factory=list)
    packs: list = field(default_factory=list)
    missing_files: int = 0
    software: str = SOFTWARE
    format: int = FORMAT

    @property
    def members(self):
        return [*self.tables, *self.packs]

    @property
    def rows(self):
        return sum(table.rows for table in self.tables)

    @property
    def files(self):
        return sum(pack.files for pack in self.packs)

    def rows_of(self, name):
        return sum(table.rows for table in self.tables if table.name == name)


# Writing


class NewMember:
    """A member that is being written, and its size and checksum so far."""

    def __init__(self, file):
        self.file = file
        self.size = 0
        self.hash = sha256()

    def write(self, data):
        self.file.write(data)
        self.size += len(data)
        self.hash.update(data)
        return len(data)


def new(file):
    """Return a new archive that is written into an open file."""
    return ZipFile(file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)


@contextmanager
def written(archive, entry, compress=True):
    """Give the open member of a table or pack, and note its size and checksum."""
    name = entry.member
    if not compress:
        name = ZipInfo(name, time.gmtime()[:6])
        name.compress_type = ZIP_STORED
    with archive.open(name, "w", force_zip64=True) as file:
        member = NewMember(file)
        yield member
    entry.size, entry.sha256 = member.size, member.hash.hexdigest()


def write_manifest(archive, manifest):
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


# Reading


@dataclass
class Archive:
    """An archive that is being read; verify() comes before anything is believed."""

    file: ZipFile
    manifest: Manifest

    def lines(self, table):
        """Yield the lines of a table, as bytes."""
        with self.file.open(table.member) as member:
            yield from BufferedReader(member, BUFFER)

    def media(self, pack):
        """Yield the name, the size and the open file of each file of a pack."""
        with self.file.open(pack.member) as member:
            with tarfile.open(fileobj=member, mode="r|") as tar:
                for info in tar:
                    yield safe_name(info), info.size, tar.extractfile(info)


@contextmanager
def opened(path):
    """Open an archive; raise BackupError unless it is one that this release reads."""
    try:
        file = ZipFile(path)
    except BadZipFile:
        raise BackupError(f"{path} is not a backup, or only a part of one.") from None
    with file:
        yield Archive(file, read_manifest(file, path))


def read_manifest(file, path):
    try:
        if file.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError("it is too large")
        values = json.loads(file.read(MANIFEST))
        software, version = values.get("software"), values.get("format")
    except KeyError:
        raise BackupError(f"{path} is not a backup of this software.") from None
    except Exception as error:  # zipfile and json raise nearly anything.
        raise damaged(MANIFEST, error) from error
    if software != SOFTWARE:
        raise BackupError(f"{path} is not a backup of this software.")
    if version != FORMAT:
        raise BackupError(
            f"{path} has format {version}, and this release knows format {FORMAT} "
            "only. Restore it with the release that made it, or a newer one."
        )
    try:
        return manifest_of(values)
    except (TypeError, ValueError) as error:
        raise damaged(MANIFEST, error) from error


def manifest_of(values):
    """Return the manifest that these values describe; raise TypeError, ValueError."""
    manifest = checked(Manifest, values)
    manifest.tables = [checked(Table, one) for one in manifest.tables]
    manifest.packs = [checked(Pack, one) for one in manifest.packs]
    datetime.fromisoformat(manifest.created_at)
    for table in manifest.tables:
        for name in [table.name, *table.columns]:
            # They become part of SQL.
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(f"{name!r} names no table and no column")
        if not {*table.times} <= {*table.columns}:
            raise ValueError(f"unknown columns of {table.name}")
    return manifest


def checked(cls, values):
    """Return the object with these values; raise TypeError for other types."""
    entry = cls(**values)
    for one in fields(cls):
        value = getattr(entry, one.name)
        if not isinstance(value, one.type):
            raise TypeError(f"{one.name} is {value!r}")
    return entry


def damaged(name, error=None):
    reason = f" ({error})" if error and str(error) else ""
    return BackupError(f"The archive is damaged: {name} cannot be read{reason}.")


def safe_name(info):
    """Return the name of a file in a pack; raise ValueError if it leads elsewhere."""
    path = PurePosixPath(info.name)
    if not info.isreg():
        raise ValueError(f"{info.name!r} is not a file")
    if path.is_absolute() or ".." in path.parts or "\\" in info.name or not path.parts:
        raise ValueError(f"{info.name!r} leads out of the folder")
    return info.name


# Verifying


def verify(archive, progress=no_progress):
    """
    Read everything; raise BackupError unless all is as the manifest says.

    That is: no member more or less, the checksum of each, rows that can be read with
    as many values as columns, and media with names that stay in their folder.
    """
    expected = [MANIFEST, *(entry.member for entry in archive.manifest.members)]
    differing = sorted({*expected} ^ {*archive.file.namelist()})
    if differing:
        raise BackupError(
            f"The archive is damaged: {differing[0]} is missing or does not belong."
        )
    if len(expected) != len(archive.file.namelist()):
        raise BackupError("The archive is damaged: it holds a member twice.")
    for entry in archive.manifest.members:
        check = verify_table if isinstance(entry, Table) else verify_pack
        try:
            problem = check(archive, entry, progress)
        except Exception as error:  # zipfile, zlib and json raise nearly anything.
            raise damaged(entry.member, error) from error
        if problem:
            raise BackupError(f"The archive is damaged: {entry.member} has {problem}.")


def verify_table(archive, table, progress):
    """Return what is wrong with a table, or None."""
    hash, rows, size = sha256(), 0, 0
    for line in archive.lines(table):
        hash.update(line)
        size += len(line)
        if size > table.size:
            return "another size"
        if len(json.loads(line)) != len(table.columns):
            return "a row with too few or too many values"
        rows += 1
        progress()
    return difference(table, hash, size) or (rows != table.rows and "other rows")


def verify_pack(archive, pack, progress):
    """Return what is wrong with a pack of media, or None."""
    hash, size = sha256(), 0
    with archive.file.open(pack.member) as member:
        while data := member.read(BUFFER):
            hash.update(data)
            size += len(data)
            if size > pack.size:
                return "another size"
    if problem := difference(pack, hash, size):
        return problem
    files = 0
    for _name, _size, _file in archive.media(pack):
        files += 1
        progress()
    return files != pack.files and "other files"


def difference(entry, hash, size):
    if size != entry.size:
        return "another size"
    if hash.hexdigest() != entry.sha256:
        return "another checksum"
    return None
