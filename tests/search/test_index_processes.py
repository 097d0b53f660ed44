"""Several processes that read and write one index."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

# Other processes

PRELUDE = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "idiaspora.settings"
import django; django.setup()
from resources.models import Resource, ResourceType
from resources.search import Search, Unusable, index, store
from resources.search.index import Index, State
"""
WORK = """
for number in range({count}):
    Resource.objects.create(
        title="{name} %d" % number, summary="x", language="en",
        type=ResourceType.objects.get(), status="published",
    )
    Search()
"""


@pytest.fixture
def elsewhere(tmp_path):
    """Start Python in processes that share a database and an index of their own."""
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "postgresql":
        # A database beside the one of the tests, which others may be using.
        base, _slash, rest = url.rpartition("/")
        name = f"index_{os.getpid()}"
        options = "?" + rest.partition("?")[2] if "?" in rest else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
        url = f"{base}/{name}{options}"
    environment = os.environ | {
        "LOCAL": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": url,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    running = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(code)],
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    def run(code):
        process = start(code)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        return out

    run(
        """
        from django.core.management import call_command
        call_command("migrate", verbosity=0)
        ResourceType.objects.create(name="Report", slug="report")
        """
    )
    start.run = run
    yield start
    for process in running:
        process.kill()
        process.communicate()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


TOTAL = "s = Search(); print(s.find().total, s.version)"


@pytest.mark.django_db(transaction=True)
def test_several_processes_writing_lose_nothing(elsewhere):
    writers = [
        elsewhere(WORK.format(count=8, name=name)) for name in ["One", "Two", "Three"]
    ]
    for writer in writers:
        _out, errors = writer.communicate(timeout=90)
        assert writer.returncode == 0, errors
    total, version = map(int, elsewhere.run(TOTAL).split())
    assert total == 24
    assert version == int(
        elsewhere.run("from resources import changes; print(changes.version())")
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["refresh", "rebuild", "commit"])
def test_killed_at_any_moment(elsewhere, moment, tmp_path):
    elsewhere.run(WORK.format(count=3, name="Before"))
    elsewhere.run(WORK.format(count=2, name="After").replace("    Search()\n", ""))
    slow = {
        "refresh": """
            reindex = Index.reindex
            def stop(self, writer, *args):
                reindex(self, writer, *args)
                print("now", flush=True); time.sleep(60)
            Index.reindex = stop
            Search()
            """,
        # The index has been written, but not up to which version.
        "commit": """
            def stop(*args):
                print("now", flush=True); time.sleep(60)
            State.write = stop
            Search()
            """,
        "rebuild": """
            from resources.search.bitmaps import Builder
            write = Builder.write
            def stop(builder, *args):
                if builder.ids:
                    print("now", flush=True); time.sleep(60)
                write(builder, *args)
            Builder.write = stop
            store.rebuild()
            """,
    }[moment]
    process = elsewhere(slow)
    assert process.stdout.readline().strip() == "now", process.communicate()[1]
    # Meanwhile the others answer, if with what was true before.
    started = time.monotonic()
    total = int(elsewhere.run(TOTAL).split()[0])
    assert total in {3, 5} and time.monotonic() - started < 20
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert elsewhere.run(TOTAL).split()[0] == "5"
    folders = [p for p in (tmp_path / "index").iterdir() if p.is_dir()]
    if moment == "rebuild":
        elsewhere.run("store.rebuild()")
        folders = [p for p in (tmp_path / "index").iterdir() if p.is_dir()]
    assert len(folders) == 1, "what was left half done has been removed"


SHARED = """
from django.core.management import call_command
from resources.management.commands import index
index.MANY = 0
os.cpu_count = lambda: 2
"""


@pytest.mark.django_db(transaction=True)
def test_other_processes_take_part_in_making_a_large_one(elsewhere):
    elsewhere.run(WORK.format(count=30, name="Work"))
    told = elsewhere.run(
        SHARED + "import resources.search.index_store as made; made.BATCH = 7\n"
        "call_command('index', '--rebuild')"
    )
    assert "Rebuilt: 30 resources." in told
    assert elsewhere.run(TOTAL).split()[0] == "30"
    in_order = elsewhere.run(
        """
        found = Search().find("work", sort="newest", size=50).ids
        wanted = Resource.objects.newest_first().values_list("pk", flat=True)
        print(found == list(wanted))
        """
    )
    assert in_order.strip() == "True"


@pytest.mark.django_db(transaction=True)
def test_helpers_end_with_the_process_that_was_killed(elsewhere):
    elsewhere.run(WORK.format(count=1, name="Work"))
    process = elsewhere(
        SHARED
        + """
def wait(*_given):
    print("now", flush=True); time.sleep(60)
from resources.search.bitmaps import Builder
Builder.add = wait
call_command("index", "--rebuild")
"""
    )
    assert process.stdout.readline().strip() == "now", process.communicate()[1]
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    helpers = [Path(f"/proc/{pid}") for pid in children.read_text().split()]
    assert helpers
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while any(one.exists() for one in helpers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [one for one in helpers if one.exists()]


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_an_edit_within_a_second(elsewhere):
    elsewhere.run(WORK.format(count=1, name="First"))
    reader = elsewhere(
        """
        print(Search().find("zanzibar").total, flush=True)
        start = time.monotonic()
        input_ = sys.stdin
        while not Search().find("zanzibar").total:
            if time.monotonic() - start > 30: sys.exit("not seen")
            time.sleep(0.02)
        print(time.time(), flush=True)
        """
    )
    assert reader.stdout.readline().strip() == "0"
    edited = float(
        elsewhere.run(
            """
            Resource.objects.update(title="Zanzibar")
            print(time.time())
            """
        )
    )
    seen = float(reader.communicate(timeout=30)[0])
    assert seen - edited < 1
