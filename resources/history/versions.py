"""Write and read versions: one of each record that a step changes."""

import json

from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction
from django.db.models import Max, Prefetch
from django.utils import timezone
from reversion.models import Revision, Version

from ..models import Role, Step
from .registry import MODELS, linked_fields
from .serializer import dumps

BATCH = 500


def write(model, ids, action, user=None, why="", job=None):
    """
    Write a version of each record as it is now, in one revision; return the revision.

    None is written of a record that is as its last version says, unless the action is
    a removal. Returns None if there is nothing to write.
    """
    is_removal = action == Step.Action.REMOVED
    versions = changed_versions(model, ids, keep_equal=is_removal)
    first = next(versions, None)
    if first is None:
        return None
    with transaction.atomic():
        revision = Revision.objects.create(
            date_created=timezone.now(), user=user, comment=why
        )
        Step.objects.create(revision=revision, action=action, job=job)
        batch = [first]
        for version in versions:
            batch.append(version)
            if len(batch) == BATCH:
                save(batch, revision)
                batch = []
        save(batch, revision)
    return revision


def save(versions, revision):
    for version in versions:
        version.revision = revision
    Version.objects.bulk_create(versions)


def keep_state(model, ids):
    """
    Make sure that the state of these records is in the history, before it is changed.

    So records whose history has not begun yet can be restored too, and what was
    changed past the history, by SQL for example, is not put down to somebody else.
    """
    write(model, ids, Step.Action.BASELINE)


def changed_versions(model, ids, keep_equal=False):
    """Yield an unsaved version of each record that differs from its last one."""
    ids = list(ids)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        last = last_versions(model, part)
        for version in present(model, part):
            before = last.get(version.object_id)
            if keep_equal or before is None or data(before) != data(version):
                yield version


def present(model, ids):
    """Yield an unsaved version of each of these records as it is now."""
    # Of terms only the keys are needed.
    links = [
        Prefetch(field.name, field.related_model.objects.order_by().only("pk"))
        for field in linked_fields(model)
    ]
    records = model.objects.filter(pk__in=ids).order_by("pk")
    content_type = ContentType.objects.get_for_model(model)
    db = router.db_for_write(model)
    for record in records.prefetch_related(*links, *MODELS[model].rows):
        yield Version(
            object_id=str(record.pk),
            content_type=content_type,
            db=db,
            format="record",
            serialized_data=dumps(record),
            object_repr=str(record),
        )


def last_versions(model, ids):
    """Return the last version of each of these records, by its id as text."""
    rows = of(model).filter(object_id__in=[str(pk) for pk in ids])
    newest = rows.order_by().values("object_id").annotate(last=Max("pk"))
    found = Version.objects.filter(pk__in=[one["last"] for one in newest])
    return {version.object_id: version for version in found}


def of(model):
    """Return the versions of all records of a model."""
    return Version.objects.get_for_model(model, model_db=router.db_for_write(model))


def of_record(model, pk):
    """Return the versions of one record, the newest first, with who and how."""
    return (
        of(model)
        .filter(object_id=str(pk))
        .select_related("revision__user", "revision__step__job")
        .order_by("-pk")
    )


def data(version):
    """Return what a version holds, by the names of fields; `rows` among them."""
    [record] = json.loads(version.serialized_data)
    fields = record["fields"]
    # What releases before contributors had roles wrote.
    if authors := fields.get("rows", {}).pop("authorships", None):
        fields["rows"]["contributions"] = [
            {**row, "role": Role.AUTHOR.value} for row in authors
        ]
    return fields


def removed(model):
    """Return the last versions of records that were removed, the newest first."""
    rows = of(model).filter(revision__step__action=Step.Action.REMOVED)
    return rows.select_related("revision__user").order_by("-pk")
