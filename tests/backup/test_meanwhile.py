"""A backup while the site is written to is of one moment."""

import json

import pytest

from resources.backup import archive

pytestmark = pytest.mark.django_db(transaction=True)

PREPARE = """
from resources.models import *
from tests.factories import make_resource
from tests.files.pictures import photo, upload
from resources.files import covers
for n in range(5):
    resource = make_resource(title="0", cover_alt="x")
    covers.replace(resource, covers.clean(upload(photo(300, 400))))
    resource.save()
"""

# Titles and themes change together, and covers are replaced, while it backs up.
WRITE_MEANWHILE = """
import sys, threading
from django.db import connection, transaction
from resources.backup import creation
from resources.files import covers
from resources.models import Resource, Theme
from tests.files.pictures import photo, upload

stop = threading.Event()
cover = covers.clean(upload(photo(300, 400)))
written = 0

def write():
    global written
    while not stop.is_set():
        written += 1
        with transaction.atomic():
            Resource.objects.update(title=str(written))
            Theme.objects.update_or_create(slug="theme", defaults={"name": written})
            for resource in Resource.objects.all():
                covers.replace(resource, cover)
                resource.save()
    connection.close()

thread = threading.Thread(target=write)
thread.start()
try:
    while written < 5:
        pass
    for n in range(4):
        before = written
        creation.back_up(sys.argv[1])
        while written < before + 3:
            pass
finally:
    stop.set()
    thread.join()
"""

# As many times as a cover is copied, another takes its place.
REPLACE_WHAT_IS_NEXT = """
import sys, threading
from django.db import connection
from resources.backup import creation
from resources.files import covers
from resources.models import Resource
from tests.files.pictures import photo, upload

def replace_last():
    resource = Resource.objects.order_by("pk").last()
    covers.replace(resource, covers.clean(upload(photo(300, 400))))
    resource.save()
    connection.close()

left = 3

def progress(count=1):
    global left
    if left:
        left -= 1
        thread = threading.Thread(target=replace_last)
        thread.start()
        thread.join()

backup = creation.back_up(sys.argv[1], progress=progress)
print(backup.manifest.missing_files)
"""


@pytest.fixture
def written_to(place):
    place.manage("migrate")
    done = place.python(PREPARE)
    assert done.returncode == 0, done.stderr
    return place


def names_of_files(source):
    return {name for pack in source.manifest.packs for name, *_ in source.media(pack)}


def rows_of(source, name):
    [table] = [one for one in source.manifest.tables if one.name == name]
    return [
        dict(zip(table.columns, json.loads(line), strict=True))
        for line in source.lines(table)
    ]


def check_covers(source):
    """All files of covers that the rows name are in the archive."""
    names = names_of_files(source)
    resources = rows_of(source, "resources_resource")
    assert len(resources) == 5
    for row in resources:
        assert row["cover"] in names
        assert row["cover"].replace("-300", "-240") in names


def test_rows_and_covers_are_of_one_moment(written_to, archives):
    done = written_to.python(WRITE_MEANWHILE, archives)
    assert done.returncode == 0, done.stderr
    made = sorted(archives.iterdir())
    assert len(made) == 4
    moments = set()
    for path in made:
        with archive.opened(path) as source:
            assert source.manifest.missing_files == 0
            check_covers(source)
            [theme] = rows_of(source, "resources_theme")
            titles = {row["title"] for row in rows_of(source, "resources_resource")}
            assert titles == {theme["name"]}
            log = rows_of(source, "resources_change")
            assert source.manifest.version == max(row["id"] for row in log)
            moments |= titles
    assert len(moments) == 4


def test_a_cover_that_is_replaced_meanwhile_is_not_lost(written_to, archives):
    done = written_to.python(REPLACE_WHAT_IS_NEXT, archives)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "0"
    [path] = archives.iterdir()
    with archive.opened(path) as source:
        check_covers(source)
