"""A record of which every text in the database is hostile."""

from django.db import models

from resources.models import (
    Contributor,
    Country,
    Programme,
    Region,
    Resource,
    ResourceType,
    Theme,
)

from ..factories import HOSTILE, cover, make_resource

# Those of the factories, and some that only file names and attributes have to fear.
TEXTS = [*HOSTILE, "a\"b'c<d>&e?f#g%h;i", "../../etc/passwd", "\" onload='x' "]
# What the catalogue itself decides between, and what is private.
NOT_TEXTS = {"status", "kind", "withdrawn_reason", "sort_title"}
# What stands in addresses; the database takes nothing with a slash there.
IN_ADDRESSES = {"slug", "language"}
LINKS = {"source_url", "url"}


def make_record_of(text):
    """Return a published resource whose columns all hold this text, file names too."""
    region = Region.objects.create(code="001", slug="a-region", name="Region")
    country = Country.objects.create(code="XY", name="Country", region=region)
    resource = make_resource(
        authors=["Author", "Organisation"],
        themes=["Theme"],
        programme="Programme",
        publisher="Publisher",
        regions=[region],
        countries_of_origin=[country],
        countries_of_residence=[country],
        year=2020,
        **cover("Cover"),
    )
    Contributor.objects.filter(name="Organisation").update(kind="organisation")
    for model in [Region, Country, Programme, Theme, ResourceType, Resource]:
        model.objects.update(**columns(model, text))
    for number, contributor in enumerate(Contributor.objects.all()):
        # Their names are unique.
        values = columns(Contributor, text)
        values["name"] = f"{values['name'][:290]} {number}"
        Contributor.objects.filter(pk=contributor.pk).update(**values)
    return resource


def is_web_address(text):
    """Whether the database takes a text as a link; pages look closer."""
    return text.lower().startswith(("http://", "https://"))


def columns(model, text):
    """Return this text for each column of a model that can hold it."""
    values = {}
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        is_text = is_text and not field.choices
        if isinstance(field, models.ImageField):
            # Named as covers are, in a folder and with the width at the end.
            values[field.name] = f"covers/{text[:150]}-960.webp"
        elif is_text and not field.primary_key and field.name not in NOT_TEXTS:
            if field.name in IN_ADDRESSES:
                value = text.replace("/", "")
            elif field.name in LINKS:
                value = text if is_web_address(text) else f"http://{text}"
            else:
                value = text
            values[field.name] = value[: field.max_length]
    return values
