"""The one task of the worker: to do a job, from where it has come to its end."""

import json
from logging import getLogger

from django.db import Error, transaction
from django.utils import timezone
from django_tasks import task

from ..models import Job
from .actions import change

logger = getLogger(__name__)

# Records in one transaction: others wait for its end, on SQLite all who write.
BATCH = 250


@task()
def do(pk):
    """Do a job that is not finished; return how many records were changed."""
    while not_finished(pk):
        pass
    return Job.objects.filter(pk=pk).values_list("changed", flat=True).first()


def not_finished(pk):
    """Do one batch of a job; return whether more are left."""
    try:
        with transaction.atomic():
            return do_batch(pk)
    except Error:
        raise  # the database does not answer: the worker takes the job up again
    except Exception as problem:
        logger.exception("Job %s failed.", pk)
        Job.objects.filter(pk=pk).update(
            problem=str(problem) or type(problem).__name__, finished_at=timezone.now()
        )
        return False


def do_batch(pk):
    # Whoever has the row does the next batch: two workers never do the same one.
    job = Job.objects.select_for_update().filter(pk=pk).first()
    if job is None or job.finished_at:
        return False
    ids = json.loads(job.ids)[job.done : job.done + BATCH]
    if ids:
        arguments = json.loads(job.arguments)
        job.changed += change(job.action, arguments, ids, job.user, job.why, job)
        job.done += len(ids)
    job.worked_at = timezone.now()
    if job.done >= job.total:
        job.finished_at = job.worked_at
    job.save()
    return job.finished_at is None
