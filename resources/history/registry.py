"""Of which models versions are kept, and what belongs to each of their records."""

from functools import cache
from typing import NamedTuple

import reversion

from ..models import (
    Contributor,
    Country,
    Equivalents,
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
        rows=("contributions",), exclude=("sort_title", "updated_at", "changed_by")
    ),
    **dict.fromkeys(
        [
            Contributor,
            Programme,
            Theme,
            ResourceType,
            Region,
            Country,
            Equivalents,
        ],
        Options(),
    ),
}


def register():
    """Tell django-reversion; called once, when the app is ready."""
    for model, options in MODELS.items():
        if not reversion.is_registered(model):
            reversion.register(model, exclude=options.exclude, format="record")


@cache
def column_fields(model):
    """Return the columns that a version holds, apart from the primary key."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if field.name not in MODELS[model].exclude and not field.primary_key
    ]


@cache
def linked_fields(model):
    """Return the links to terms; those with a table of ours are rows of the record."""
    return [
        field
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ]


@cache
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
