"""Make a record again what one of its versions says."""

from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from .. import changes
from ..models import Resource, Step
from .registry import MODELS, linked_fields, row_fields
from .versions import data, keep_state, write


class Restored(NamedTuple):
    record: models.Model
    # Pairs of the label of a field and how many of its terms are not there any more.
    left_out: list
    # Whether the record has kept its present status, as the earlier one is not allowed.
    kept_status: bool


def restore(version, user=None, why="", check=None):
    """
    Give a record the contents of a version, as a new version; return Restored.

    What the version does not know keeps its value, and what the models do not know
    any more is ignored. Terms that are gone are left out. `check(record, before)` may
    refuse what came out. Raises ValidationError if the database could not take it.
    """
    model = version.content_type.model_class()
    values = data(version)
    with transaction.atomic():
        changes.hold()
        keep_state(model, [version.object_id])
        record = current(model, version.object_id)
        before = current(model, version.object_id)
        is_new = record is None
        if is_new:
            record = model()
            record.pk = model._meta.pk.to_python(version.object_id)
        left_out = fill_columns(record, values)
        kept_status = not is_new and keep_allowed_status(record, before)
        if isinstance(record, Resource):
            record.changed_by = user
        record.clean_fields(exclude=lenient(model))
        record.validate_unique()
        record.validate_constraints()
        if check:
            check(record, before)
        record.save(force_insert=is_new)
        left_out += fill_links(record, values)
        for name in MODELS[model].rows:
            left_out += fill_rows(record, name, values.get("rows", {}).get(name))
        write(model, [record.pk], Step.Action.RESTORED, user, why)
    return Restored(record, [one for one in left_out if one[1]], kept_status)


def current(model, pk):
    return model.objects.filter(pk=pk).first()


def lenient(model):
    """Return the fields whose old values may be no longer valid."""
    return [f.name for f in model._meta.concrete_fields if not is_required_link(f)]


def is_required_link(field):
    return isinstance(field, models.ForeignKey) and not field.null


def fill_columns(record, values):
    """Set the columns of a record; return which links had to be left empty."""
    left_out = []
    for field in record._meta.local_concrete_fields:
        if field.name not in values or field.primary_key:
            continue
        value = values[field.name]
        if isinstance(field, models.ForeignKey) and value is not None:
            if not field.related_model.objects.filter(pk=value).exists():
                if not field.null:
                    raise ValidationError({field.name: gone(field)})
                left_out.append((field.verbose_name, 1))
                value = None
        setattr(record, field.attname, field.to_python(value))
    return left_out


def gone(field):
    return ValidationError(
        _("What this version names as its %(field)s is not there any more."),
        code="gone",
        params={"field": field.verbose_name},
    )


def keep_allowed_status(record, before):
    """Keep the present status if the earlier one is not allowed; return whether so."""
    if not isinstance(record, Resource) or record.status in before.next_statuses():
        return False
    record.status = before.status
    record.published_at = before.published_at
    return True


def fill_links(record, values):
    """Set the terms of a record; yield of each link how many are gone."""
    left_out = []
    for field in linked_fields(type(record)):
        if field.name in values:
            there = field.related_model.objects.filter(pk__in=values[field.name])
            getattr(record, field.name).set(there)
            left_out.append((field.verbose_name, len(values[field.name]) - len(there)))
    return left_out


def fill_rows(record, name, rows):
    """Make the rows that belong to a record anew; return how many could not be."""
    if rows is None:
        return []
    relation = record._meta.get_field(name)
    getattr(record, name).all().delete()
    made = []
    for values in rows:
        row = relation.related_model(**{relation.field.name: record})
        try:
            fill_row(row, row_fields(relation), values)
        except ObjectDoesNotExist:
            continue
        made.append(row)
    relation.related_model.objects.bulk_create(made)
    label = relation.related_model._meta.verbose_name_plural
    return [(label, len(rows) - len(made))]


def fill_row(row, fields, values):
    """Raises ObjectDoesNotExist if the row belongs to something that is gone."""
    for field in fields:
        if field.name in values:
            value = field.to_python(values[field.name])
            setattr(row, field.attname, value)
            if isinstance(field, models.ForeignKey) and value is not None:
                field.related_model.objects.get(pk=value)
