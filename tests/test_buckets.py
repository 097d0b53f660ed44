"""Token buckets: exact among processes, and none the worse for a damaged file."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from resources.buckets import SALT, SIZE, Buckets

TAKE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from resources.buckets import Buckets
buckets = Buckets(Path(sys.argv[1]))
had = [buckets.take("192.0.2.1", 1, 1000.0, 1, 60) for _ in range(100)]
print(sum(tokens >= 1 for tokens in had))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "limits"


def test_processes_share_what_an_address_may_take(path, settings):
    command = [sys.executable, "-c", TAKE, str(path), str(settings.BASE_DIR)]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    taken = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(taken) == 60


def test_threads_share_it_too(path):
    buckets = Buckets(path)
    with ThreadPoolExecutor(8) as pool:
        had = list(pool.map(lambda _: buckets.take("a", 1, 1000.0, 1, 60), range(800)))
    assert sum(tokens >= 1 for tokens in had) == 60


def test_a_bucket_fills_with_time(path):
    buckets = Buckets(path)
    assert buckets.take("a", 60, 1000.0, 1, 60) == 60
    assert buckets.take("a", 1, 1000.5, 1, 60) == 0.5
    assert buckets.take("a", 1, 1030.0, 1, 60) == 30
    assert buckets.take("a", 1, 9000.0, 1, 60) == 60
    assert buckets.take("b", 1, 1000.0, 1, 60) == 60


def test_what_is_refused_costs_nothing(path):
    buckets = Buckets(path)
    buckets.take("a", 50, 1000.0, 1, 60)
    assert buckets.take("a", 20, 1000.0, 1, 60) == 10
    assert buckets.take("a", 10, 1000.0, 1, 60) == 10


def test_a_restart_forgets_nothing(path):
    Buckets(path).take("a", 60, 1000.0, 1, 60)
    assert Buckets(path).take("a", 1, 1000.0, 1, 60) == 0


def test_a_clock_that_was_set_back_locks_nobody_out(path):
    buckets = Buckets(path)
    buckets.take("a", 60, 1_000_000.0, 1, 60)
    assert buckets.take("a", 1, 1000.0, 1, 60) == 60


@pytest.mark.parametrize("byte", [b"\0", b"\xff", b"\x7f", b"x"])
def test_a_damaged_file_locks_nobody_out(path, byte):
    path.write_bytes(byte * SIZE)
    assert Buckets(path).take("a", 1, 1000.0, 1, 60) == 60


@pytest.mark.parametrize("size", [0, 1, SIZE // 2, SIZE + 1])
def test_a_file_of_another_size_is_made_anew(path, size):
    path.write_bytes(b"x" * size)
    assert Buckets(path).take("a", 1, 1000.0, 1, 60) == 60
    assert path.stat().st_size == SIZE and path.read_bytes()[:SALT] != b"x" * SALT


def test_only_the_site_may_read_it(path):
    Buckets(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_place_to_write_each_process_counts(tmp_path, caplog):
    folder = tmp_path / "file"
    folder.write_text("")
    with caplog.at_level(logging.WARNING):
        buckets = Buckets(folder / "limits")
    assert "limits requests by itself" in caplog.text
    assert buckets.take("a", 60, 1000.0, 1, 60) == 60
    assert buckets.take("a", 1, 1000.0, 1, 60) == 0
