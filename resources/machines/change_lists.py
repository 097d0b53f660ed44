"""
The last change of each resource that is or was public, in the order of the changes.

OAI-PMH and the API list these. A record that changes while somebody harvests moves to
the end and is met there again, so nothing is lost. A page ends with a change, whose row
stays in the log for ever: the next page starts behind it, whatever has changed, at the
same cost as the first.

A change is dated before its transaction ends. A harvester that came between the two,
and comes back later for all changes since then, would miss it. But all changes that
are yet to appear have dates after those in the log (see changes.py). Hence
complete_until(), the time from which harvesters continue: that of the last change in
the log or, when that is long ago, ten minutes before now: no transaction takes longer.
"""

from datetime import timedelta

from django.utils import timezone

from .. import documents
from ..models import Change

LONGEST_TRANSACTION = timedelta(minutes=10)
# Changes that are counted for whoever wants to know how long a list is. Counting
# 100,000 took three times as long as all the rest of the first page of OAI-PMH.
MOST_COUNTED = 10_000


def last_changes():
    """Return id, time and resource of the last change of each public resource."""
    rows = Change.objects.filter(is_last=True).order_by("at", "pk")
    return rows.values_list("pk", "at", "resource_id", named=True)


def page(changes, after, size):
    """
    Return so many of some changes, and whether there are more.

    They are those behind the change with this id; the first ones if it is 0.
    """
    # One more than is shown: whether there is one tells whether this is the end.
    if after:
        rows = changes_after(changes, after, size + 1)
    else:
        rows = list(changes[: size + 1])
    return rows[:size], len(rows) > size


def changes_after(changes, pk, count):
    """
    Return at most so many changes of a list, from behind the one with this id on.

    In two steps, since many may be of one moment: a condition on both columns with
    an "or" would pass over all of these again for every page.
    """
    at = Change.objects.filter(pk=pk).values("at")[:1]
    rows = list(changes.filter(at=at, pk__gt=pk)[:count])
    if len(rows) < count:
        rows += changes.filter(at__gt=at)[: count - len(rows)]
    return rows


def count(changes):
    """Return the number of some changes, or None where counting would take long."""
    number = changes.order_by()[: MOST_COUNTED + 1].count()
    return number if number <= MOST_COUNTED else None


def is_known(pk):
    """Whether there is such a change; in a database with another past it may not be."""
    return Change.objects.filter(pk=pk).exists()


def documents_of(rows, search, version):
    """
    Return the documents of changed resources by id, as new as the changes.

    The log may have grown since the request began, at this version. What changed since
    is read from the database: it is listed with its new date, and would not be
    requested again.
    """
    known = [row.resource_id for row in rows if row.pk <= version]
    newer = [row.resource_id for row in rows if row.pk > version]
    by_id = {document.id: document for document in search.documents(known)}
    return by_id | (documents.published(newer) if newer else {})


def complete_until(last):
    """Return a time after which all changes yet to appear are dated; see above."""
    now = timezone.now()
    return min(now, max(last.at, now - LONGEST_TRANSACTION))
