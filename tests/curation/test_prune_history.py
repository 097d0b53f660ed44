"""Old versions go when they are told to, and never the last one."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from reversion.models import Revision, Version

from resources import history
from resources.models import Resource, Step


def run(*arguments):
    out = StringIO()
    call_command("prune_history", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def old(make_resource):
    """A record with three versions, of which two are old."""
    resource = make_resource(title="First")
    for title in ["Second", "Third"]:
        history.keep_state(Resource, [resource.pk])
        resource.title = title
        resource.save()
    long_ago = timezone.now() - timedelta(days=800)
    Revision.objects.update(date_created=long_ago)
    history.write(Resource, [resource.pk], Step.Action.CHANGED)
    return resource


def test_a_preview_removes_nothing(old):
    said = run("--older-than", "730")
    assert "resource: 2 versions" in said and "--delete does so" in said
    assert Version.objects.count() == 3


def test_old_versions_go_and_the_last_stays(old):
    assert "2 versions removed" in run("--older-than", "730", "--delete")
    [left] = Version.objects.all()
    assert "Third" in left.serialized_data and Revision.objects.count() == 1
    Revision.objects.update(date_created=timezone.now() - timedelta(days=999))
    assert "0 versions removed" in run("--older-than", "730", "--delete")


def test_younger_ones_stay(old):
    assert "0 versions could" in run("--older-than", "900")


@pytest.mark.parametrize("days", ["0", "-3", "99999999"])
def test_days_that_make_no_sense(db, days):
    with pytest.raises(CommandError):
        run("--older-than", days)
