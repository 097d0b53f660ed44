"""Which versions are old enough to go, and which files versions still need."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from reversion.models import Revision, Version

from ..files import covers
from ..models import Resource
from .versions import BATCH, data, of


def old(before):
    """
    Return the versions that are older than this and not the last of their record.

    The last version of what was removed stays, so it can always come back.
    """
    newer = Version.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        db=OuterRef("db"),
        pk__gt=OuterRef("pk"),
    )
    return Version.objects.filter(Exists(newer), revision__date_created__lt=before)


def prune(before):
    """Delete old versions, and revisions that have none left; return how many."""
    number = 0
    while pks := list(old(before).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Version.objects.filter(pk__in=pks).delete()
        number += len(pks)
    with transaction.atomic():
        Revision.objects.filter(version__isnull=True, date_created__lt=before).delete()
    return number


def cover_names(other_than=()):
    """
    Yield the names of all files of covers that versions refer to, each once.

    `other_than` are names of the widest files of covers that are passed over.
    """
    seen = set(other_than)
    rows = of(Resource).filter(serialized_data__contains=f'"cover": "{covers.FOLDER}/')
    for version in rows.order_by("pk").iterator(chunk_size=BATCH):
        values = data(version)
        widest = values["cover"]
        if widest not in seen:
            seen.add(widest)
            size = values["cover_width"], values["cover_height"]
            for rendition in covers.renditions(widest, *size):
                yield rendition.name
