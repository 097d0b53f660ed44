"""Versions, their covers and jobs go through backup, restore and move."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from resources import history, jobs
from resources.files import covers
from resources.models import Resource

from ..files.pictures import photo, upload

pytestmark = pytest.mark.django_db(transaction=True)

READ = """
from resources import history
from resources.history.restoring import restore
from resources.models import Job, Resource
resource = Resource.objects.get(title="Second")
assert f"{resource.reviewed_on}" == "2026-01-31"
[now, first] = history.of_record(Resource, resource.pk)
assert first.revision.step.action == "baseline"
record = restore(first).record
print(record.title, record.cover.name, Job.objects.get().total)
"""


@pytest.fixture
def clean_cover():
    return covers.clean(upload(photo(500, 700)))


@pytest.fixture
def changed(make_resource, clean_cover):
    """A record whose first version had another cover, and a job nobody has done."""
    resource = make_resource(title="First", reviewed_on="2026-01-31")
    covers.replace(resource, clean_cover)
    resource.cover_alt = "x"
    resource.save()
    history.keep_state(Resource, [resource.pk])
    first = resource.cover.name
    covers.replace(resource, clean_cover)
    resource.title, resource.cover_alt = "Second", "x"
    resource.save()
    history.keep_state(Resource, [resource.pk])
    jobs.start("publish", {}, [resource.pk], None)
    return first


def test_it_comes_back_and_moves_on(changed, make_place, sqlite_place, tmp_path):
    call_command("backup", str(tmp_path), verbosity=0)
    [archive] = tmp_path.glob("*.zip")
    place, other = make_place("place"), sqlite_place("other")
    place.manage("restore", archive)
    for rendition in covers.renditions(changed, 500, 700):
        assert default_storage.exists(rendition.name)
        assert (place.folder / "media" / rendition.name).exists()
    place.manage("move", other.url)
    for one in [place, other]:
        done = one.python(READ)
        assert done.stdout.split() == ["First", changed, "1"], done.stderr
    # The worker finds the job though its task was not in the archive.
    assert "1" in place.manage("shell", "--no-imports", "-c", TAKE_UP)


TAKE_UP = "from resources.jobs.workers import take_up; print(take_up())"
