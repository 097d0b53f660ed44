"""The service as gunicorn runs it: what it says when it starts, and what it counts."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings as site_settings

from .on_postgresql import free_port

TOKEN = "secret-token-of-prometheus"
# One of each kind that does not exist.
ABSENT = [
    "/nowhere/",
    "/ar/nowhere/",
    "/no%00where/",
    "/themes/nothing/",
    "/resources/?page=99",
    "/resources/99/",
    "/resources/99.ris",
    "/covers/99/cover-240.webp",
    "/static/nothing.css",
    "/api/nothing/",
    "/api/resources/99/",
    "/unapi?id=99&format=ris",
    "/oembed?url=http://127.0.0.1/resources/99/",
    "/sitemap-99.xml",
]
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "idiaspora/gunicorn.py"]


def environment(folder, **variables):
    return {
        "PATH": os.environ["PATH"],
        "LOCAL": "1",
        "DATA_DIR": str(folder),
        "PORT": str(free_port()),
    } | variables


def get(url, **headers):
    try:
        with urlopen(Request(url, headers=headers), timeout=30) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def wait_for(url):
    for _attempt in range(200):
        try:
            return get(url)
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn did not start")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    """A folder as a new site has it after installing."""
    folder = tmp_path_factory.mktemp("service")
    for command in [["migrate"], ["collectstatic", "--noinput"]]:
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity=0"],
            cwd=site_settings.BASE_DIR,
            env=environment(folder),
            check=True,
        )
    return folder


@pytest.fixture
def serve(data_dir, tmp_path):
    """Start gunicorn; return its address, its log and its process."""
    running = []

    def serve(**variables):
        log = tmp_path / "log"
        env = environment(data_dir, **variables)
        with log.open("w") as output:
            process = subprocess.Popen(
                GUNICORN,
                cwd=site_settings.BASE_DIR,
                env=env,
                stdout=output,
                stderr=output,
            )
        running.append(process)
        url = f"http://127.0.0.1:{env['PORT']}"
        wait_for(f"{url}/health/live")
        return url, log, process

    yield serve
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_a_new_site_says_nothing_but_where_it_is(serve):
    url, log, process = serve()
    assert get(f"{url}/resources/")[0] == 200
    for path in ABSENT:
        assert get(f"{url}{path}")[0] == 404, path
    assert get(f"{url}/health/ready")[0] == 200
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    assert log.read_text() == f"Serving on {url}/\n"


def test_all_processes_count_together_and_log_in_json(serve, tmp_path):
    url, log, process = serve(
        METRICS_TOKEN=TOKEN,
        ACCESS_LOG="1",
        LOG_FORMAT="json",
        LOG_LEVEL="info",
        WEB_CONCURRENCY="2",
        TMPDIR=str(tmp_path),
    )
    for _ in range(20):
        assert get(f"{url}/nowhere/?key=secret")[0] == 404
    assert get(f"{url}/metrics")[0] == 401
    for _ in range(5):
        status, text = get(f"{url}/metrics", Authorization=f"Bearer {TOKEN}")
        found = re.search(r'requests_total{.*status="404".*} (\S+)', text)
        assert status == 200 and float(found[1]) == 20
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert len([one for one in entries if one.get("status") == 404]) == 20
    assert any(one["logger"] == "gunicorn.error" for one in entries)
    assert "secret" not in log.read_text()
    assert not list(tmp_path.glob("idiaspora-metrics-*"))


def test_passwords_are_in_no_error(data_dir, tmp_path):
    env = environment(
        data_dir,
        DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:1/library",
        CACHE_URL="redis://ada:hunter2@127.0.0.1:1/0",
    )
    failed = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=site_settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert failed.returncode != 0 and "refused" in failed.stderr
    assert "hunter2" not in failed.stderr + failed.stdout


def test_a_reload_reads_the_file_of_settings_again(serve, tmp_path):
    file = tmp_path / "site.env"
    file.write_text("SITE_NAME=Before")
    url, _log, process = serve(IDIASPORA_ENV=str(file), WEB_CONCURRENCY="1")
    assert "Before" in get(f"{url}/about/")[1]
    file.write_text("SITE_NAME=Afterwards")
    process.send_signal(signal.SIGHUP)
    for _attempt in range(100):
        if "Afterwards" in get(f"{url}/about/")[1]:
            return
        time.sleep(0.1)
    pytest.fail("The file was not read again.")
