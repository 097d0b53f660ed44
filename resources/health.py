"""Whether this machine can answer visitors, and how far its index has come."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import Error
from django.utils import timezone

from . import changes, jobs
from .folders import free_bytes
from .models import Change, Resource
from .search import Unusable, store
from .search.index import Replaced

# Bytes; with less, changes and covers may soon not be stored.
LEAST_FREE = 100_000_000
NO_WORKER = "Start one with `systemctl start idiaspora-worker` or `manage.py worker`."


def faults():
    """Return what keeps the site from working, as a dict of short texts by name."""
    found = dict.fromkeys(full_folders(), "nearly full")
    try:
        changes.last()
        if not is_migrated():
            found["migrations"] = "not applied"
        elif changes.wrong_triggers():
            found["triggers"] = "missing or different"
    except Error:
        # The reason, which names hosts and accounts, is in the log of other requests.
        found["database"] = "does not answer"
    return found


def full_folders():
    for name in ["DATA_DIR", "INDEX_DIR", "MEDIA_ROOT"]:
        if free_bytes(Path(getattr(settings, name))) < LEAST_FREE:
            yield name


def is_migrated():
    try:
        call_command("migrate", check_unapplied=True, stdout=StringIO(), verbosity=0)
    except SystemExit:  # so does the command say no
        return False
    return True


def index_state():
    """
    Return whether there is an index, how many changes it lacks, and since when.

    It does not bring the index up to date, which the next visitor does.
    """
    last = changes.last()
    try:
        index = store.current()
        if index.version < last.pk:
            index.reload()
        is_ours = index.belongs_to(last)
    except (Replaced, Unusable):
        is_ours = False
    if not is_ours:
        return {"usable": False}
    rows = Change.objects.filter(index.state.pending(last.pk), is_last=True)
    oldest = rows.order_by("pk").values_list("at", flat=True).first()
    age = (timezone.now() - oldest).total_seconds() if oldest else 0
    return {"usable": True, "pending": rows.count(), "age": round(age)}


def worker_state():
    """Return whether a worker runs, and how many jobs are not finished."""
    state = {"running": jobs.is_working(), "waiting": jobs.waiting()}
    return state if state["running"] else state | {"hint": NO_WORKER}


def catalogue_size():
    return Resource.objects.published().count()
