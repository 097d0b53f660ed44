"""The generator of the bench: realistic, and the same for the same seed."""

from django.db import transaction

from bench.generate import Generator
from resources.models import Resource
from resources.search import Search


def test_the_bench_makes_records_that_can_be_found(vocabularies):
    Generator(60, seed=7).run()
    assert Resource.objects.published().count() == 60
    found = Search().find(size=60)
    assert found.total == 60
    assert sum(found.counts["language"].values()) == 60
    title = Resource.objects.published().newest_first().first().title
    assert found.ids[0] in Search().find(text=title).ids


def test_the_same_seed_makes_the_same_records(vocabularies):
    one, other = [], []
    for titles in [one, other]:
        with transaction.atomic():
            Generator(5, seed=3).run()
            made = Resource.objects.order_by("-pk")[:5]
            titles += [resource.title for resource in made]
            transaction.set_rollback(True)
    assert one == other
