import os
from functools import cache

import pytest
from django.core.cache import caches
from django.core.management import call_command

from resources import buckets, facets
from resources.documents import vocabularies as snapshots
from resources.models import Country, Region
from resources.search import index_store

from . import factories


@pytest.fixture
def make_resource(db):
    return factories.make_resource


@pytest.fixture
def vocabularies(db):
    call_command("loaddata", "vocabularies", verbosity=0)


@pytest.fixture
def sample(vocabularies):
    call_command("loaddata", "sample", verbosity=0)


@pytest.fixture
def geography(db):
    """A few regions, by the words of their addresses, and countries, by their codes."""
    africa = Region.objects.create(code="002", slug="africa", name="Africa")
    east = Region.objects.create(
        code="014", slug="eastern-africa", name="Eastern Africa", parent=africa
    )
    europe = Region.objects.create(code="150", slug="europe", name="Europe")
    countries = [
        Country.objects.create(code=code, name=name, region=region)
        for (code, name), region in zip(
            factories.COUNTRIES.items(), [east, europe, africa], strict=True
        )
    ]
    regions = {region.slug: region for region in [africa, east, europe]}
    return regions | {country.code: country for country in countries}


@pytest.fixture
def hostile(db):
    factories.make_hostile_resources()


@pytest.fixture
def planted(db):
    """A public resource among others that nobody may see, and which say so."""
    return factories.make_hidden_resources()


@pytest.fixture(params=["sample", "hostile"])
def catalogue(request):
    """Each test with it runs on ordinary records and on hostile ones."""
    request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path_factory):
    """Covers that a test makes go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def own_buckets(monkeypatch):
    """What one test asks for is not counted in the next."""
    monkeypatch.setattr(buckets, "shared", cache(lambda path: buckets.Buckets()))


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Tests that are rolled back use the same versions of the catalogue again."""
    facets.names_at.cache_clear()
    snapshots.snapshot_of.cache_clear()
    index_store.maker_at.cache_clear()
    for one in caches.all(initialized_only=True):
        one.clear()


def pytest_sessionfinish(session, exitstatus):
    """With REFUSE_SKIPS, as in CI, a test that did not run is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("REFUSE_SKIPS") and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} skipped, and none may be.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
