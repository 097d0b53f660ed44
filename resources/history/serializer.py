"""
The format "record" of versions: JSON of Django, and the rows that belong to a record.

So one version holds all of a record: its columns, its terms, and its authors in their
order. Django's deserializer passes over `rows`, and so does django-reversion;
restoring.py reads them.
"""

import json

from django.core.serializers.json import Deserializer, DjangoJSONEncoder
from django.core.serializers.json import Serializer as JSONSerializer
from django.db.models import FileField

from .registry import column_fields, linked_fields, row_values

__all__ = ["Deserializer", "Serializer", "dumps"]


class Serializer(JSONSerializer):
    """What django-reversion asks when something is saved past our own functions."""

    def get_dump_object(self, obj):
        return as_dict(obj)


def dumps(record):
    """Return a record as text; five times as quick as going through a serializer."""
    return json.dumps([as_dict(record)], cls=DjangoJSONEncoder, ensure_ascii=False)


def as_dict(record):
    model = type(record)
    fields = {field.name: value(field, record) for field in column_fields(model)}
    for field in linked_fields(model):
        # Links have no order.
        fields[field.name] = sorted(one.pk for one in getattr(record, field.name).all())
    if rows := row_values(record):
        fields["rows"] = rows
    return {"model": model._meta.label_lower, "pk": record.pk, "fields": fields}


def value(field, record):
    found = field.value_from_object(record)
    return found.name or "" if isinstance(field, FileField) else found
