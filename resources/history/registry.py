"""Of which models versions are kept, and what belongs to each of their records."""

from typing import NamedTuple

import reversion

from ..models import (
    Contributor,
    Country,
    Programme,
    Region,
    Resource,
    ResourceType,
    Theme,
)


class Options(NamedTuple):
    # Relations of which the rows belong to the record.
    rows: tuple = ()
    # Columns that change with every save, or follow from others.
    exclude: tuple = ()


MODELS = {
    Resource: Options(
        rows=("authorships",), exclude=("sort_title", "updated_at", "changed_by")
    ),
    **dict.fromkeys(
        [Contributor, Programme, Theme, ResourceType, Region, Country], Options()
    ),
}


def register():
    """Tell django-reversion; called once, when the app is ready."""
    for model, options in MODELS.items():
        if not reversion.is_registered(model):
            reversion.register(model, exclude=options.exclude, format="record")


def field_names(model):
    """Return the names of the columns and links that a version holds."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [f.name for f in fields if f.name not in MODELS[model].exclude]


def row_fields(relation):
    """Return the fields of a row that belongs to a record, without these two."""
    return [
        field
        for field in relation.related_model._meta.concrete_fields
        if field != relation.field and not field.primary_key
    ]


def row_values(record):
    """Return the rows that belong to a record, by the name of the relation."""
    return {
        name: [
            {
                field.name: field.value_from_object(row)
                for field in row_fields(record._meta.get_field(name))
            }
            for row in getattr(record, name).all()
        ]
        for name in MODELS[type(record)].rows
    }
