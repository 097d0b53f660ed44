"""
The format "record" of versions: JSON of Django, and the rows that belong to a record.

So one version holds all of a record: its columns, its terms, and its authors in their
order. Django's deserializer passes over `rows`, and so does django-reversion;
restoring.py reads them.
"""

from django.core.serializers import json

from .registry import row_values

Deserializer = json.Deserializer


class Serializer(json.Serializer):
    def get_dump_object(self, obj):
        data = super().get_dump_object(obj)
        fields = data["fields"]
        for name, value in fields.items():
            if isinstance(value, list):  # the keys of linked terms, in no order
                fields[name] = sorted(value)
        if rows := row_values(obj):
            fields["rows"] = rows
        return data
