"""
Backups: the whole catalogue in one file, and from that file back to either database.

An archive (archive.py) holds the rows of every table as lines of JSON (tables.py),
which no kind of database owns, and the files that the rows refer to (media.py).
creation.py makes one, restoration.py restores one; migration_state.py says which
releases fit together.
"""


class BackupError(Exception):
    """What went wrong, in a sentence for whoever runs the command."""


def no_progress(count=1):
    """Where nobody watches."""
