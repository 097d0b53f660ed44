"""The folder of the archives: their names, and how many stay."""

import fcntl
import os
import re
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from . import BackupError

NAME = re.compile(r"idiaspora-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)(?:-(\d+))?\.zip")
PARTIAL = ".partial"
LOCKED, TAKEN, UNKNOWN = "locked", "taken", "unknown"


@contextmanager
def new_archive(folder):
    """
    Give the open file of a new archive, which gets its name only if all went well.

    The name is free, and is given to nobody else meanwhile: the archive is written
    under another name that contains it.
    """
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}. Make it first.")
    remove_abandoned(folder)
    path, partial, file = reserve(folder)
    try:
        with file:
            yield path, file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        sync(folder)
    except BaseException:
        with suppress(FileNotFoundError):
            partial.unlink()
        raise


def reserve(folder):
    """Return the path of a new archive, the path it has until then, and the file."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}"
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        path = folder / f"idiaspora-{now}{suffix}.zip"
        partial = folder / f".{path.name}{PARTIAL}"
        try:
            descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        file = os.fdopen(descriptor, "w+b")
        if not path.exists() and lock(file) != TAKEN:
            return path, partial, file
        # Whoever had the name before has just finished, or takes this for abandoned.
        file.close()
        partial.unlink(missing_ok=True)
        number += 1


def lock(file):
    """Lock a file until it is closed; return LOCKED, TAKEN or UNKNOWN."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return TAKEN
    except OSError:  # Not every network folder knows locks.
        return UNKNOWN
    return LOCKED


def remove_abandoned(folder):
    """Remove what backups left that were killed."""
    for partial in folder.glob(f".idiaspora-*.zip{PARTIAL}"):
        with suppress(FileNotFoundError), partial.open("r+b") as file:
            if lock(file) == LOCKED:
                partial.unlink()


def sync(folder):
    """Write the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def archives(folder):
    """Return the paths of all archives, the newest first."""
    found = [
        (match[1], int(match[2] or 1), path)
        for path in folder.iterdir()
        if (match := NAME.fullmatch(path.name)) and path.is_file()
    ]
    return [path for *_time, path in sorted(found, reverse=True)]


def remove_older(folder, keep, newest):
    """Remove all archives but so many and the newest one; return how many."""
    older = [path for path in archives(folder) if path != newest][keep - 1 :]
    for path in older:
        path.unlink()
    return len(older)
