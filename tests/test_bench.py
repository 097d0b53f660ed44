"""The bench: its records, the same for the same seed, and that it runs."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
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


def test_a_small_bench_runs(tmp_path):
    """As docs/bench.md says, on a few records, so that it cannot rot."""
    if not shutil.which("wrk"):
        pytest.skip("needs wrk (apt install wrk)")

    def run(*command):
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith("PYTEST")
        }
        environment.pop("DATABASE_URL", None)
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "60 records loaded" in run("bench.generate", "60", "--data-dir", tmp_path)
    told = run("bench.measure", tmp_path, "--seconds", "1")
    for row in ["floor", "list, last page", "a broad filter", "search", "record"]:
        assert f"| {row} |" in told
    assert "of private memory" in told and "page of the admin" in told
