"""This software on another database: the same commands with another DATABASE_URL."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from . import BackupError


@contextmanager
def scratch_folder():
    """A folder that only this account can read, in the place for large files."""
    parent = os.environ.get("TMPDIR") or "/var/tmp"
    with TemporaryDirectory(prefix="idiaspora-", dir=parent) as folder:
        yield Path(folder)


def manage(database, *arguments, output=subprocess.DEVNULL):
    """Run a command of manage.py; raise BackupError with what it says if it fails."""
    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", *arguments],
        env=os.environ | {"DATABASE_URL": database},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        for beginning in ["CommandError: ", "Nothing was restored. "]:
            last = last.removeprefix(beginning)
        raise BackupError(last)
