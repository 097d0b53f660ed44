"""What `manage.py check` finds, and `manage.py migrate` repairs."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from resources import changes
from resources.models import Change, Epoch


def problems():
    return {one.id: one for one in run_checks(databases=["default"])}


def drop(trigger):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {trigger}")
        else:
            cursor.execute(f"DROP FUNCTION {trigger}() CASCADE")


def test_all_is_well(db):
    assert (
        not {"resources.W001", "resources.W002", "resources.E001"} & problems().keys()
    )


def test_missing_triggers_are_named_and_repaired(db):
    drop("resources_log_resource_update")
    problem = problems()["resources.W001"]
    assert "resources_log_resource_update" in problem.msg
    assert "manage.py migrate" in problem.hint
    before = changes.last()
    call_command("migrate", verbosity=0)
    assert "resources.W001" not in problems()
    # What was written meanwhile is not in the log, so nothing that was cached counts.
    after = changes.last()
    assert after.epoch != before.epoch and after.pk > before.pk


def test_a_trigger_that_is_different_counts_as_missing(db):
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE resources_theme DISABLE TRIGGER resources_log_theme_update"
            )
    else:
        drop("resources_log_theme_update")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER resources_log_theme_update AFTER UPDATE "
                "ON resources_theme BEGIN SELECT 1; END"
            )
    assert "resources_log_theme_update" in problems()["resources.W001"].msg
    call_command("migrate", verbosity=0)
    assert "resources.W001" not in problems()


def test_a_missing_epoch(db):
    Epoch.objects.all().delete()
    assert "resources.W002" in problems()
    call_command("migrate", verbosity=0)
    assert "resources.W002" not in problems() and changes.last().epoch


def test_migrate_without_anything_to_do_changes_nothing(db):
    before = changes.last()
    call_command("migrate", verbosity=0)
    assert changes.last() == before


@pytest.mark.parametrize("name", ["INDEX_DIR", "MEDIA_ROOT"])
def test_folders_that_cannot_be_written(settings, tmp_path, name):
    place = tmp_path / "file"
    place.write_text("not a folder")
    setattr(settings, name, place)
    found = [one for one in run_checks() if name in one.msg]
    assert len(found) == 1 and str(place) in found[0].msg


def test_the_command_prints_and_renews_the_version(db, capsys):
    call_command("catalogue_version")
    before = capsys.readouterr().out
    last = changes.last()
    assert before.startswith(f"{last.epoch}-{last.pk} ")
    call_command("catalogue_version", renew=True)
    after = capsys.readouterr().out
    assert after != before and Change.objects.count() >= 1
