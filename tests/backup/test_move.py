"""The catalogue moves from one kind of database to the other, and back."""

import pytest
from django.db import connection

from .conftest import rows

pytestmark = pytest.mark.django_db(transaction=True)

LOG = """
from resources.models import Change
print([(c.pk, c.resource_id, c.kind, c.at.isoformat()) for c in Change.objects.all()])
"""


@pytest.fixture
def source(archive, make_place):
    """On the database of the tests, be it SQLite or PostgreSQL."""
    source = make_place("source")
    source.manage("restore", archive)
    return source


def test_there_and_back(source, sqlite_place, make_place, tmp_path):
    first = source.python(LOG).stdout.strip()
    other, third = sqlite_place("other"), make_place("third")
    for here, there in [(source, other), (other, third)]:
        said = here.manage("move", there.url)
        assert "Numbers and checksums are the same on both sides" in said
        assert "  resources_resource\n" in said
        # The log is the same, dates and all, but for the row of the new epoch.
        assert there.python(LOG).stdout.startswith(first[:-1])
        assert here.version()[0] != there.version()[0]
    archives = []
    for place in [source, third]:
        (folder := tmp_path / f"of-{place.folder.name}").mkdir()
        archives.append(rows(place.back_up(folder)))
    assert archives[0] == archives[1]


def test_a_database_that_is_not_empty(source, make_place):
    there = make_place("there")
    source.manage("move", there.url)
    before = there.version()
    said = source.refuse("move", there.url)
    assert said == (
        "CommandError: Nothing was moved. The database is not empty; with --replace, "
        "the archive takes the place of what is there."
    )
    assert there.version() == before
    source.manage("move", there.url, "--replace", "--no-input")
    assert there.version() != before


@pytest.mark.parametrize(
    "address, reason",
    [
        ("mysql://host/name", "DATABASE_URL must start with"),
        ("postgresql://user:secret@127.0.0.1:9/name", "Connection refused"),
        ("sqlite:////proc/nowhere/db.sqlite3", "/proc/nowhere"),
    ],
)
def test_a_database_that_cannot_be_reached(source, address, reason):
    said = source.refuse("move", address)
    assert said.startswith("CommandError: Nothing was moved.") and reason in said
    assert "secret" not in said


def test_changes_meanwhile_are_noticed(source, make_place):
    program = """
import sys
from django.core.management import call_command
from resources.backup import other_database
from resources.models import Resource
manage = other_database.manage
def and_change(*arguments, **options):
    manage(*arguments, **options)
    Resource.objects.filter(status="draft").update(title="Changed meanwhile")
other_database.manage = and_change
call_command("move", sys.argv[1])
"""
    done = source.python(program, make_place("there").url)
    assert done.returncode == 1
    assert "those of resources_resource have changed meanwhile" in done.stderr


def test_what_postgresql_does_not_take_is_named(sqlite_place, make_place, tmp_path):
    """SQLite takes any text in any column of text."""
    here, there = sqlite_place("here"), make_place("there")
    here.manage("migrate")
    here.python(
        "from resources.models import Theme\n"
        "Theme.objects.create(pk=5, name='x' * 201, slug='long')"
    )
    if connection.vendor == "postgresql":
        said = here.refuse("move", there.url)
        assert "does not take row 5 of resources_theme: value too long" in said
        assert (
            there.python(
                "from resources.models import Theme; print(Theme.objects.count())"
            ).stdout
            == "0\n"
        )
    else:
        here.manage("move", there.url)
