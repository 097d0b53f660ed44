"""What `manage.py loaddata` may not do: write over what is in the catalogue."""

from django.core.management.base import CommandError

from .models import (
    Contribution,
    Contributor,
    Equivalents,
    Programme,
    Resource,
    ResourceType,
    Theme,
)

RECORDS = Resource, Contributor, Contribution
# Their keys are numbers, which curators' own terms have as well.
TERMS = Programme, ResourceType, Theme


def refuse_to_replace(sender, instance, raw, using, **options):
    """
    Stop a fixture that would replace a record, or a term by another one.

    Raises CommandError; loaddata then undoes what it has loaded. Fixtures name rows
    by their keys, which mean something else in every catalogue.
    """
    if not raw or sender not in (*RECORDS, *TERMS, Equivalents):
        return
    present = sender.objects.using(using).filter(pk=instance.pk)
    if sender in TERMS:
        present = present.exclude(slug=instance.slug)
    elif sender is Equivalents:
        present = present.exclude(words__startswith=instance.phrases[0])
    if replaced := present.first():
        raise CommandError(
            f"This catalogue has another {sender._meta.verbose_name} with the number "
            f"{instance.pk}, “{replaced}”, which the fixture would replace. Nothing "
            "was loaded. Demonstration data can be loaded into an empty catalogue only."
        )
