"""Every way to alter what the public sees leaves a row in the change log."""

import threading
from contextlib import suppress
from functools import partial
from random import random

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.models.signals import pre_migrate
from django.utils import timezone

from resources import changes
from resources.models import (
    Change,
    Contributor,
    Country,
    Programme,
    Region,
    Resource,
    Theme,
)

Status = Resource.Status


@pytest.fixture
def noted(db):
    """The kinds noted for a resource since the last call."""
    seen = {"up_to": changes.version()}

    def noted(resource):
        rows = Change.objects.filter(pk__gt=seen["up_to"])
        seen["up_to"] = changes.version()
        return list(rows.filter(resource=resource).values_list("kind", flat=True))

    return noted


def test_publishing_and_withdrawing(make_resource, noted):
    resource = make_resource(status=Status.DRAFT)
    assert noted(resource) == []
    resource.status = Status.PUBLISHED
    resource.save()
    assert noted(resource) == ["published"]
    resource.status, resource.withdrawn_reason = Status.WITHDRAWN, "Asked by the author"
    resource.save()
    assert noted(resource) == ["withdrawn"]
    Resource.objects.update(withdrawn_reason="Asked by the publisher")
    assert noted(resource) == ["withdrawn"]
    Resource.objects.update(status=Status.PUBLISHED)
    assert noted(resource) == ["published"]


def test_drafts_leave_no_trace(make_resource, noted):
    resource = make_resource(status=Status.DRAFT, authors=["Ada"], themes=["Health"])
    resource.title = "Another"
    resource.save()
    resource.themes.clear()
    assert noted(resource) == []


def test_bulk_queries(make_resource, noted):
    first, second = make_resource(), make_resource()
    noted(first)
    Resource.objects.update(summary="Another text")
    assert noted(first) == ["changed"]
    first.year = 2001
    Resource.objects.bulk_update([first, second], ["year"])
    assert noted(first) == ["changed"]
    third = Resource(
        title="Third",
        summary="…",
        language="en",
        type=first.type,
        status=Status.PUBLISHED,
        published_at=timezone.now(),
    )
    Resource.objects.bulk_create([third])
    assert noted(third) == ["published"]


def test_plain_sql(make_resource, noted):
    resource = make_resource()
    noted(resource)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE resources_resource SET title = 'By hand'")
    assert noted(resource) == ["changed"]


def test_what_the_public_cannot_see_is_not_noted(make_resource, noted, admin_user):
    resource = make_resource()
    noted(resource)
    Resource.objects.update(changed_by=admin_user, updated_at=timezone.now())
    assert noted(resource) == []
    resource.save()  # with nothing altered
    assert noted(resource) == []


@pytest.mark.parametrize(
    "field", ["themes", "regions", "countries_of_origin", "countries_of_residence"]
)
def test_links_to_vocabularies(make_resource, noted, field):
    resource = make_resource()
    model = Resource._meta.get_field(field).related_model
    term = model.objects.create(
        name="Somalia",
        **({"slug": "somalia"} if model is not Country else {}),
        **({"code": "706"} if model is Region else {}),
        **({"code": "SO"} if model is Country else {}),
    )
    noted(resource)
    getattr(resource, field).add(term)
    assert noted(resource) == ["changed"]
    getattr(resource, field).remove(term)
    assert noted(resource) == ["changed"]


def test_authors(make_resource, noted):
    resource = make_resource(authors=["Ada", "Grace"])
    noted(resource)
    resource.contributions.update(position=models.F("position") + 1)
    assert noted(resource) == ["changed", "changed"]
    resource.contributions.all().delete()
    assert noted(resource) == ["changed", "changed"]


def test_renamed_vocabularies(make_resource, noted):
    africa = Region.objects.create(code="002", slug="africa", name="Africa")
    east = Region.objects.create(
        code="014", slug="eastern-africa", name="Eastern Africa", parent=africa
    )
    somalia = Country.objects.create(code="SO", name="Somalia", region=east)
    resource = make_resource(
        programme="MIDA",
        themes=["Health"],
        authors=["Ada"],
        publisher="IOM",
        countries_of_origin=[somalia],
    )
    other, draft = make_resource(type="Map"), make_resource(status=Status.DRAFT)
    for model in [Programme, Theme, Country, Region]:
        noted(resource)
        start = changes.version()
        model.objects.filter(name__in=["MIDA", "Health", "Somalia", "Africa"]).update(
            name="Renamed"
        )
        assert noted(resource) == ["changed"], model
        since = Change.objects.filter(pk__gt=start)
        assert not since.filter(resource__in=[other, draft]).exists(), model
        assert since.filter(resource=None).exists(), model
    for name in ["Ada", "IOM"]:
        Contributor.objects.filter(name=name).update(name=f"{name} II")
        assert noted(resource) == ["changed"], name


def test_a_saved_term_with_nothing_altered_is_not_noted(make_resource, noted):
    resource = make_resource(programme="MIDA")
    noted(resource)
    resource.programme.save()
    assert noted(resource) == []


def test_the_log_is_part_of_the_transaction(make_resource):
    resource = make_resource()
    before = changes.version()
    with pytest.raises(RuntimeError), transaction.atomic():
        Resource.objects.update(title="Never")
        assert changes.version() > before
        raise RuntimeError
    assert changes.version() == before
    assert resource.changes.count() == 1


def test_times_are_utc(make_resource):
    change = make_resource().changes.get()
    assert abs((timezone.now() - change.at).total_seconds()) < 5


def test_what_was_public_cannot_be_deleted(make_resource):
    with pytest.raises(models.ProtectedError):
        make_resource().delete()
    make_resource(status=Status.DRAFT).delete()


def test_triggers_survive_a_second_installation(make_resource, noted):
    changes.install_triggers()
    resource = make_resource()
    assert noted(resource) == ["published"]


@pytest.mark.django_db(transaction=True)
def test_migrations_leave_the_log_working(make_resource):
    call_command("migrate", "resources", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    start = changes.version()
    assert start > 0, "pages made before a migration are stale"
    make_resource()
    assert changes.version() > start


@pytest.mark.django_db(transaction=True)
def test_what_is_written_during_an_upgrade_is_found_afterwards(make_resource, client):
    """Nobody logs it, as the triggers are away while tables change."""
    make_resource(title="Before")
    page = client.get("/resources/")
    call_command("migrate", "resources", "0006", verbosity=0)
    before = changes.last()

    def write(**kwargs):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE resources_resource SET title = 'Zebra'")
        assert changes.last() == before

    pre_migrate.connect(write, sender=apps.get_app_config("resources"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(write, sender=apps.get_app_config("resources"))
    after = changes.last()
    assert after.pk > before.pk and after.epoch != before.epoch
    assert "Zebra" in client.get("/resources/?q=zebra").text
    again = client.get("/resources/", headers={"if-none-match": page["ETag"]})
    assert again.status_code == 200 and "Zebra" in again.text
    call_command("index")
    assert not [one for one in run_checks(databases=["default"]) if "I002" in one.id]


@pytest.mark.django_db(transaction=True)
def test_the_database_can_be_emptied(make_resource):
    make_resource(authors=["Ada"], themes=["Health"])
    call_command("flush", interactive=False, verbosity=0)
    assert not Resource.objects.exists()
    make_resource()
    assert Change.objects.exclude(resource=None).count() == 1


def elsewhere(work):
    """Do something in a thread of its own, which has a connection of its own."""

    def run():
        work()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_for_the_last_change_hears_of_all(make_resource):
    """Nothing of the log is read again while nothing was written: by anybody."""
    one = make_resource()

    def edit():
        Resource.objects.filter(pk=one.pk).update(title=f"Title {random()}")

    seen = [changes.last()]
    for write in [edit, partial(elsewhere, edit), edit]:
        assert changes.last() == changes.last() == seen[-1]
        write()
        assert changes.last().pk > seen[-1].pk
        seen.append(changes.last())
    with suppress(ZeroDivisionError), transaction.atomic():
        edit()
        assert changes.last().pk > seen[-1].pk
        assert 1 / 0
    assert changes.last() == seen[-1]
    connection.close()
    assert changes.last() == seen[-1]
    elsewhere(edit)
    assert changes.last().pk > seen[-1].pk


@pytest.mark.django_db(transaction=True)
def test_ids_follow_the_order_of_commits(make_resource):
    """A slow transaction may not slip in a lower id after a higher one was read."""
    if connection.vendor == "sqlite":
        return  # One writer at a time by construction.
    slow, quick = make_resource(), make_resource()
    done = []

    def edit():
        Resource.objects.filter(pk=quick.pk).update(title="Quick")
        done.append(changes.version())
        connections.close_all()

    with transaction.atomic():
        Resource.objects.filter(pk=slow.pk).update(title="Slow")
        mine = changes.version()
        other = threading.Thread(target=edit)
        other.start()
        other.join(0.5)
        assert not done, "the other one waits for the log"
    other.join(10)
    assert done[0] > mine


# The last change of each resource


def last_changes():
    return list(
        Change.objects.filter(is_last=True)
        .order_by("pk")
        .values_list("resource", "kind")
    )


def test_the_log_knows_the_last_change_of_each_resource(make_resource):
    first = make_resource(programme="MIDA")
    second = make_resource(programme="MIDA")
    draft = make_resource(programme="MIDA", status=Status.DRAFT)
    assert last_changes() == [(first.pk, "published"), (second.pk, "published")]
    first.themes.add(Theme.objects.create(name="Health", slug="health"))
    assert last_changes() == [(second.pk, "published"), (first.pk, "changed")]
    Programme.objects.update(name="Another")
    assert last_changes() == [(first.pk, "changed"), (second.pk, "changed")]
    Resource.objects.filter(pk=first.pk).update(
        status=Status.WITHDRAWN, withdrawn_reason="Asked by the author"
    )
    Resource.objects.filter(pk=draft.pk).update(status=Status.DRAFT)
    assert last_changes() == [(second.pk, "changed"), (first.pk, "withdrawn")]


def test_when_a_resource_last_changed_for_the_public(make_resource):
    resource, other = make_resource(), make_resource()
    before = Resource.objects.with_changed_at().get(pk=resource.pk).changed_at
    Resource.objects.filter(pk=resource.pk).update(title="Another")
    after = Resource.objects.with_changed_at().get(pk=resource.pk).changed_at
    assert before <= resource.changes.order_by("pk").last().at == after
    assert other.changes.get().is_last
