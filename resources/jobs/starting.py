"""Ask for a job: a row for people, and a task for the worker, or neither."""

import json

from django.db import transaction

from ..models import Job
from .tasks import do

# As many records take less than a second, so nobody has to wait for a worker.
SMALL = 200


def start(action, arguments, ids, user, why=""):
    """Return the new job, which a worker will do."""
    with transaction.atomic():
        job = Job.objects.create(
            action=action,
            arguments=json.dumps(arguments),
            ids=json.dumps(list(ids)),
            total=len(ids),
            user=user,
            why=why,
        )
        do.enqueue(job.pk)
    return job
