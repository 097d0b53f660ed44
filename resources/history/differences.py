"""What differs between two versions of a record, in a form that a page can show."""

import difflib
import re
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from .registry import MODELS, linked_fields, row_fields
from .versions import data

TOKEN = re.compile(r"\w+\s*|[^\w\s]+\s*|\s+")
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+")
# More pairs of words than this take too long to compare; sentences are compared then.
MOST_PAIRS = 4_000_000


class Difference(NamedTuple):
    """One field; `kind` says which of the others are set."""

    name: str
    label: str
    # "text": parts; "value": before, after; "terms": added, removed, is_reordered;
    # "picture": before, after (names of files).
    kind: str
    parts: list = []
    before: object = None
    after: object = None
    added: list = []
    removed: list = []
    is_reordered: bool = False


class Part(NamedTuple):
    """A piece of a text: "same", "added" or "removed"."""

    kind: str
    text: str


def changed_fields(before, after):
    """Return the labels of the fields that differ between two versions."""
    model = after.content_type.model_class()
    old, new = flat(before), flat(after)
    return [
        label(model, name)
        for name in ordered_names(model, old, new)
        if old.get(name) != new.get(name) and name not in SILENT
    ]


# Of these a first version is not told.
EMPTY = [None, "", []]
# They change with the cover.
SILENT = {"cover_width", "cover_height"}


def differences(before, after):
    """Return the fields that differ between two versions; `before` may be None."""
    model = after.content_type.model_class()
    old, new = flat(before), flat(after)
    names = [
        name
        for name in ordered_names(model, old, new)
        if old.get(name) != new.get(name) and name not in SILENT
    ]
    if before is None:
        names = [name for name in names if new[name] not in EMPTY]
    titles = Titles(model, [old, new])
    return [
        difference(model, name, old.get(name), new.get(name), titles) for name in names
    ]


def flat(version):
    """Return what a version holds, with the rows that belong to the record."""
    if version is None:
        return {}
    values = data(version)
    return values | values.pop("rows", {})


def ordered_names(model, *versions):
    """Return the names of fields in the order of the model; those gone are left out."""
    known = [field.name for field in model._meta.get_fields()]
    own = [*MODELS[model].rows, *(f.name for f in model._meta.local_fields)]
    own += [f.name for f in linked_fields(model)]
    found = {name for values in versions for name in values}
    return [n for n in sorted({*own}, key=known.index) if n in found]


def label(model, name):
    field = model._meta.get_field(name)
    if name in MODELS[model].rows:
        return capfirst(field.related_model._meta.verbose_name_plural)
    return capfirst(field.verbose_name)


def difference(model, name, old, new, titles):
    title = label(model, name)
    field = model._meta.get_field(name)
    if name in MODELS[model].rows:
        fields = row_fields(field)
        return terms(
            name,
            title,
            [titles.of_row(fields, one) for one in old or []],
            [titles.of_row(fields, one) for one in new or []],
        )
    if field.many_to_many:
        get = titles.getter(field.related_model)
        return terms(
            name, title, [get(pk) for pk in old or []], [get(pk) for pk in new or []]
        )
    if isinstance(field, models.ForeignKey):
        get = titles.getter(field.related_model)
        return Difference(name, title, "value", before=get(old), after=get(new))
    if isinstance(field, models.ImageField):
        return Difference(name, title, "picture", before=old, after=new)
    if field.choices:
        names = dict(field.flatchoices)
        return Difference(
            name, title, "value", before=names.get(old, old), after=names.get(new, new)
        )
    if isinstance(field, models.CharField | models.TextField):
        return Difference(name, title, "text", parts=compare(old or "", new or ""))
    return Difference(
        name, title, "value", before=field.to_python(old), after=field.to_python(new)
    )


def terms(name, title, old, new):
    return Difference(
        name,
        title,
        "terms",
        added=[one for one in new if one not in old],
        removed=[one for one in old if one not in new],
        is_reordered=[o for o in old if o in new] != [n for n in new if n in old],
    )


def compare(old, new):
    """Return the parts of two texts, word by word; of very long ones by sentence."""
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    if len(a) * len(b) > MOST_PAIRS:
        a, b = SENTENCE.findall(old), SENTENCE.findall(new)
    if len(a) * len(b) > MOST_PAIRS:
        a, b = [old], [new]
    parts = []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            parts.append(Part("removed", "".join(a[a1:a2])))
        if b2 > b1:
            parts.append(Part("added", "".join(b[b1:b2])))
    return parts


class Titles:
    """The names of what versions refer to, with one query for each model."""

    def __init__(self, model, versions):
        wanted = {}
        for values in versions:
            for related, pks in references(model, values):
                wanted.setdefault(related, set()).update(pks)
        self.names = {
            related: {
                pk: str(one) for pk, one in related.objects.in_bulk(list(pks)).items()
            }
            for related, pks in wanted.items()
        }

    def getter(self, model):
        """Return a function from a primary key to a name; what is gone is a number."""
        names = self.names.get(model, {})
        return lambda pk: None if pk is None else names.get(pk, f"({pk})")

    def of_row(self, fields, values):
        """Return a row in words: what it links to, and what else it holds."""
        words = []
        for field in fields:
            value = values.get(field.name)
            if isinstance(field, models.ForeignKey):
                words.append(self.getter(field.related_model)(value))
            elif value not in {None, ""} and field.name != "position":
                words.append(str(dict(field.flatchoices or []).get(value, value)))
        return " · ".join(word for word in words if word)


def references(model, values):
    """Yield of each link that a version holds the model and the primary keys."""
    for name, value in values.items():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if name in MODELS[model].rows:
            for linked in row_fields(field):
                if isinstance(linked, models.ForeignKey):
                    pks = {row.get(linked.name) for row in value} - {None}
                    yield linked.related_model, pks
        elif field.many_to_many:
            yield field.related_model, set(value)
        elif isinstance(field, models.ForeignKey) and value is not None:
            yield field.related_model, {value}
