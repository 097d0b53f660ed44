"""The file of a SQLite database that is made by a restore."""

from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from .ownership import hand_over, make_folder

MODE = 0o640


@contextmanager
def database_file():
    """
    Make the file of the database if it is missing, and remove it if all fails.

    It belongs to the owner of its folder, and SQLite gives its other files to the owner
    of this one, so that the service can write where root has restored.
    """
    path = Path(connection.settings_dict["NAME"])
    # A database in memory, as tests have it, has an address instead of a path.
    is_file = connection.vendor == "sqlite" and ":" not in path.name
    if not is_file or path.exists():
        yield
        return
    make_folder(path.parent)
    path.touch(mode=MODE)
    hand_over(path)
    try:
        yield
    except BaseException:
        connection.close()
        for end in ["", "-wal", "-shm"]:
            path.with_name(path.name + end).unlink(missing_ok=True)
        raise
