"""A small catalogue with all kinds of values."""

import random
from datetime import timedelta

import pytest

from resources.models import Country, Region
from resources.search import Search

from .. import factories
from .examples import AUTHORS, BEGINNING, PUBLISHERS, THEMES, WORDS, Status, some


@pytest.fixture
def no_index(monkeypatch):
    monkeypatch.setattr(Search, "is_usable", False)


@pytest.fixture
def catalogue(make_resource, geography):
    """Forty resources that share values in every way, and drafts that do too."""
    rnd = random.Random(13)
    for n in range(48):
        is_public = n % 6
        make_resource(
            title=" ".join(rnd.choices(WORDS, k=2)),
            summary=" ".join(rnd.choices(WORDS, k=2)),
            status=Status.PUBLISHED if is_public else Status.DRAFT,
            themes=some(rnd, THEMES if is_public else [*THEMES, "Secret"]),
            type=rnd.choice(["Report", "Toolkit"]),
            language=rnd.choice(["en", "fr", "pt-BR"]),
            year=rnd.choice([None, 2001, 2010, 2020]),
            programme=rnd.choice([None, "MIDA", "RQA"]),
            publisher=rnd.choice([None, *PUBLISHERS]),
            authors=some(rnd, AUTHORS),
            editors=some(rnd, AUTHORS)[:1],
            shared_by=some(rnd, AUTHORS)[:2],
            regions=Region.objects.filter(pk__in=some(rnd, ["002", "014", "150"])[:1]),
            countries_of_origin=Country.objects.filter(
                pk__in=some(rnd, list(factories.COUNTRIES))[:1]
            ),
            countries_of_residence=Country.objects.filter(
                pk__in=some(rnd, list(factories.COUNTRIES))[:1]
            ),
            # Many at the same time, as after an import.
            published_at=BEGINNING + timedelta(days=rnd.randint(0, 5)),
        )
