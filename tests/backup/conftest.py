"""Places to restore into: other databases, with folders of their own."""

import os
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from resources.files import covers
from resources.models import Resource

from ..files.pictures import photo, upload

# Of PostgreSQL, where databases of the test outlive it.
numbers = count(1)


class Place:
    """A database, at first without tables, and a folder; commands run there."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    @property
    def environment(self):
        return os.environ | {
            "LOCAL": "1",
            "DJANGO_SETTINGS_MODULE": "idiaspora.settings",
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
        }

    def start(self, *arguments, **options):
        """Run Python with these arguments; return the process and what it said."""
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=site_settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            **options,
        )

    def manage(self, *arguments):
        """Run a command that has to succeed; return what it said."""
        done = self.start("manage.py", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def refuse(self, *arguments):
        """Run a command that has to fail; return the line in which it said why."""
        done = self.start("manage.py", *arguments)
        assert done.returncode == 1, done.stdout
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.strip()

    def python(self, program, *arguments, **options):
        """Run a program with Django set up."""
        setup = "import django; django.setup()\n"
        return self.start("-c", setup + program, *arguments, **options)

    def version(self):
        """The version of the catalogue there, an epoch and the last id of the log."""
        return self.manage("catalogue_version").split()[0].split("-")

    def back_up(self, folder):
        """Back up, and return the path of the archive."""
        return Path(self.manage("backup", folder).partition(".zip")[0] + ".zip")


@pytest.fixture
def sqlite_place(tmp_path):
    def sqlite_place(name="place"):
        folder = tmp_path / name
        folder.mkdir()
        return Place(f"sqlite:///{folder}/db.sqlite3", folder)

    return sqlite_place


@pytest.fixture
def make_place(transactional_db, sqlite_place, tmp_path):
    """Makes places on the kind of database on which the tests run."""
    if connection.vendor == "sqlite":
        yield sqlite_place
        return
    made = []

    def make_place(name="place"):
        folder = tmp_path / name
        folder.mkdir()
        server = connection.settings_dict
        database = f"{server['NAME']}_{next(numbers)}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}"')
        made.append(database)
        user = f"{quote(server['USER'])}:{quote(server['PASSWORD'])}"
        address = f"{user}@{server['HOST']}:{server['PORT']}/{database}"
        return Place(f"postgresql://{address}", folder)

    yield make_place
    for database in made:
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


@pytest.fixture
def place(make_place):
    return make_place()


@pytest.fixture
def archives(tmp_path):
    """A folder for archives."""
    folder = tmp_path / "archives"
    folder.mkdir()
    return folder


@pytest.fixture
def add_cover():
    """Gives a resource a cover, whose files are made."""

    def add_cover(resource, size=(500, 700)):
        covers.replace(resource, covers.clean(upload(photo(*size))))
        resource.cover_alt = "What it shows"
        resource.save()
        return [rendition.name for rendition in resource.covers]

    return add_cover


@pytest.fixture
def library(transactional_db, hostile_and_hidden, add_cover):
    """A catalogue with hostile texts, drafts, withdrawn records, covers, accounts."""
    Resource.objects.update(cover="", cover_alt="")
    for resource in Resource.objects.order_by("pk")[:2]:
        add_cover(resource)
    amina = get_user_model().objects.create_user("amina", password="x", is_staff=True)
    Resource.objects.update(created_by=amina)
    return Resource


@pytest.fixture
def hostile_and_hidden(hostile, planted):
    pass


@pytest.fixture
def archive(library, archives):
    """An archive of the library."""
    call_command("backup", archives)
    [path] = archives.glob("*.zip")
    return path


def files():
    """The names of the files of covers that are there, with what they hold."""
    folder = Path(default_storage.path(""))
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(path, leave_out=("resources_change", "resources_epoch")):
    """The number and checksum of the rows of each table of an archive."""
    from resources.backup import archive

    with archive.opened(path) as source:
        return {
            table.name: (table.rows, table.sha256)
            for table in source.manifest.tables
            if table.name not in leave_out
        }
