"""
Which workers are alive, and what those that are not have left.

The package marks a task as running and forgets it if its worker is killed. So each
worker gives signs of life in a table of ours, and takes up what the dead have left.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ..models import Job, Worker
from .tasks import do

# Seconds between two signs of life.
BEAT = 5
# Without a sign for as long, a worker counts as dead.
SILENCE = timedelta(seconds=30)
# How long tasks that are done are kept, and workers that are gone.
MEMORY = timedelta(days=7)


def is_working():
    """Whether a worker has given a sign of life lately."""
    return alive().exists()


def alive():
    return Worker.objects.filter(seen_at__gte=timezone.now() - SILENCE)


def waiting():
    """Return how many jobs are not finished."""
    return Job.objects.filter(finished_at=None).count()


def beat(name):
    """Give a sign of life."""
    Worker.objects.update_or_create(pk=name, defaults={"seen_at": timezone.now()})


def leave(name):
    Worker.objects.filter(pk=name).delete()


def take_up():
    """
    Let unfinished jobs wait for a worker again; return how many.

    These are the jobs whose worker is dead, whose task failed because the database did
    not answer, and whose task was not in the backup they came from.
    """
    with transaction.atomic():
        abandoned = list(unfinished_without_worker())
        for job in abandoned:
            do.enqueue(job.pk)
    return len(abandoned)


def unfinished_without_worker():
    names = set(alive().values_list("pk", flat=True))
    open_tasks = DBTaskResult.objects.filter(
        task_path=do.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    taken = set()
    for task in open_tasks.select_for_update():
        is_running = task.status == TaskResultStatus.RUNNING
        if is_running and not names.intersection(task.worker_ids[-1:]):
            task.delete()
        else:
            taken.update(task.args_kwargs["args"])
    for job in Job.objects.filter(finished_at=None).select_for_update():
        if job.pk not in taken:
            yield job


def tidy():
    """Forget tasks that are done, and workers that are gone."""
    long_ago = timezone.now() - MEMORY
    DBTaskResult.objects.finished().filter(finished_at__lt=long_ago).delete()
    Worker.objects.filter(seen_at__lt=long_ago).delete()
