"""What can be done with many records: which of them it concerns, and how."""

from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import changes, history
from ..models import Resource, Step

Status = Resource.Status


class Action(NamedTuple):
    """Which records of a queryset an action changes, and how it changes them."""

    title: str
    concerned: callable
    apply: callable


def drafts(resources):
    return resources.exclude(status=Status.PUBLISHED)


def publish(resources, stamp):
    now = timezone.now()
    resources.update(
        status=Status.PUBLISHED, published_at=Coalesce("published_at", now), **stamp
    )


def published(resources, withdrawn_reason):
    return resources.filter(status=Status.PUBLISHED)


def withdraw(resources, stamp, withdrawn_reason):
    resources.update(
        status=Status.WITHDRAWN, withdrawn_reason=withdrawn_reason, **stamp
    )


def of_other_programmes(resources, programme):
    return resources.exclude(programme=programme)


def set_programme(resources, stamp, programme):
    resources.update(programme=programme, **stamp)


def without_theme(resources, theme):
    return resources.exclude(themes=theme)


def add_theme(resources, stamp, theme):
    Link = Resource.themes.through
    links = [
        Link(resource_id=pk, theme_id=theme)
        for pk in resources.values_list("pk", flat=True)
    ]
    Link.objects.bulk_create(links, ignore_conflicts=True)
    resources.update(**stamp)


ACTIONS = {
    "publish": Action(_("Publish"), drafts, publish),
    "withdraw": Action(_("Withdraw"), published, withdraw),
    "set_programme": Action(_("Set the programme"), of_other_programmes, set_programme),
    "add_theme": Action(_("Add a theme"), without_theme, add_theme),
}


def title(job):
    """Return what a job does, in words."""
    return ACTIONS[job.action].title if job.action in ACTIONS else job.action


def change(name, arguments, ids, user, why="", job=None):
    """
    Do an action with resources, in one transaction with their versions.

    Returns how many were changed; the others are as the action would leave them, or
    cannot be changed so.
    """
    action = ACTIONS[name]
    with transaction.atomic():
        changes.hold()
        resources = Resource.objects.filter(pk__in=ids)
        concerned = action.concerned(resources, **arguments)
        ids = list(concerned.values_list("pk", flat=True))
        history.keep_state(Resource, ids)
        stamp = {"changed_by": user, "updated_at": timezone.now()}
        action.apply(Resource.objects.filter(pk__in=ids), stamp, **arguments)
        history.write(Resource, ids, Step.Action.BULK, user, why, job)
    return len(ids)
