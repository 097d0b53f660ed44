"""
The files that rows refer to: into packs, and from packs back to their places.

A cover has a random name, so what has the same name is the same cover, and a file that
nothing refers to yet disturbs nobody.
"""

import sqlite3
import tarfile
from contextlib import contextmanager, suppress
from filecmp import cmp
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from ..models import Resource
from . import no_progress
from .archive import Pack, written
from .ownership import hand_over, make_folder

# How much goes into one pack.
MOST_FILES = 1000
MOST_BYTES = 64 * 1024 * 1024

BESIDE = ".restoring"


def names_in_use():
    """Yield the names of all files that the rows refer to."""
    covers = (
        Resource.objects.exclude(cover="")
        .only("cover", "cover_width", "cover_height")
        .order_by("pk")
    )
    for resource in covers.iterator(chunk_size=MOST_FILES):
        for rendition in resource.covers:
            yield rendition.name


# Into an archive


class NotedNames:
    """Which files were found and which not: as many as there is room on the disk."""

    def __init__(self):
        # One without a name is a temporary file: https://www.sqlite.org/inmemorydb.html
        self.connection = sqlite3.connect("")
        self.connection.execute(
            "CREATE TABLE names (name TEXT PRIMARY KEY, found INT) WITHOUT ROWID"
        )

    def found(self, name):
        """Return whether it was found, or None if nobody has looked for it."""
        query = "SELECT found FROM names WHERE name = ?"
        row = self.connection.execute(query, [name]).fetchone()
        return row and bool(row[0])

    def note(self, name, found):
        self.connection.execute("INSERT INTO names VALUES (?, ?)", [name, found])

    def close(self):
        self.connection.close()


class Packs:
    """Writes files into packs, in an archive that has no other member open."""

    def __init__(self, archive):
        self.archive = archive
        self.packs = []
        self.noted = NotedNames()
        # Files that were not found: since write_new() was called last, and before.
        self.vanished = self.missing = 0

    def write_new(self, progress=no_progress):
        """Write all files in use that nobody has looked for yet."""
        self.vanished = self.missing = 0
        files = self.new_files()
        more = next(files, None)
        while more:
            pack = Pack(len(self.packs) + 1)
            with (
                written(self.archive, pack, compress=False) as member,
                tarfile.open(fileobj=member, mode="w|") as tar,
            ):
                while more and pack.files < MOST_FILES and member.size < MOST_BYTES:
                    pack.files += self.is_added(tar, *more)
                    progress()
                    more = next(files, None)
            self.packs.append(pack)

    def new_files(self):
        """Yield the names and paths of files in use that nobody has looked for yet."""
        for name in names_in_use():
            found = self.noted.found(name)
            if found is None:
                yield name, path_of(name)
            elif not found:
                self.missing += 1

    def is_added(self, tar, name, path):
        found = bool(path) and is_copied(tar, name, path)
        self.noted.note(name, found)
        self.vanished += not found
        return found


def is_copied(tar, name, path):
    """Copy a file into a pack, unless it is not there any more."""
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    with file:
        tar.addfile(plain_info(tar, name, file), file)
    return True


def plain_info(tar, name, file):
    """Return name, size and time of a file, without its owner and mode."""
    info = tar.gettarinfo(arcname=name, fileobj=file)
    info.type, info.linkname = tarfile.REGTYPE, ""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = settings.FILE_UPLOAD_PERMISSIONS
    return info


def path_of(name):
    """Return where a file is kept, or None if its name leads somewhere else."""
    try:
        return Path(default_storage.path(name))
    except SuspiciousFileOperation:
        return None


# Out of an archive


@contextmanager
def in_place(archive, progress=no_progress):
    """
    Put the files of an archive in their places, around the transaction of the rows.

    New names come first and are removed again if the transaction fails. What differs
    from a file of the same name takes its place after the transaction. Files that the
    archive does not know stay; `manage.py covers --sweep` removes them.
    """
    make_folder(Path(settings.MEDIA_ROOT))
    remove_abandoned(Path(settings.MEDIA_ROOT))
    # Paths on lines, since there may be any number: of files that have their place,
    # and of all that were written beside it.
    with TemporaryFile("w+") as placed, TemporaryFile("w+") as written:
        try:
            for pack in archive.manifest.packs:
                for name, _size, file in archive.media(pack):
                    put_beside(name, file, placed, written)
                    progress()
            yield
        except BaseException:
            for path in noted(placed):
                path.unlink(missing_ok=True)
            for path in noted(written):
                beside(path).unlink(missing_ok=True)
            raise
        for path in noted(written):
            # It is there if another file had its place.
            with suppress(FileNotFoundError):
                beside(path).replace(path)


def remove_abandoned(folder):
    """Remove what restores left that were killed."""
    for path in folder.rglob(f".*{BESIDE}"):
        path.unlink(missing_ok=True)


def put_beside(name, file, placed, written):
    """Write a file: in its place if that is free, beside it if another is there."""
    path = Path(default_storage.path(name))
    make_folder(path.parent)
    new = beside(path)
    # The name is noted first, so that nothing stays of a file that is half written.
    print(path, file=written, flush=True)
    with new.open("wb") as output:
        copyfileobj(file, output)
    new.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    hand_over(new)
    if not path.exists():
        print(path, file=placed, flush=True)
        new.replace(path)
    elif cmp(new, path, shallow=False):
        new.unlink()


def beside(path):
    return path.with_name(f".{path.name}{BESIDE}")


def noted(file):
    file.seek(0)
    return (Path(line.rstrip("\n")) for line in file)
