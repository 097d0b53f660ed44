"""A page cache in Redis: there, gone, silent, back again, or full of nonsense."""

import pickle
import shutil
import signal
import subprocess
import time

import pytest
import redis
from django.core.cache import caches
from django.test import Client

from idiaspora import cache as cache_module

PROGRAM = shutil.which("redis-server")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not PROGRAM:
        pytest.skip("redis-server is not installed (apt-get install redis-server)")
    # The path of a socket has to be short.
    return tmp_path_factory.mktemp("r")


class Server:
    def __init__(self, folder):
        self.socket, self.process = folder / "s", None
        self.url = f"unix://{self.socket}"

    def start(self):
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self.process = subprocess.Popen(
            [PROGRAM, *options, "--dir", str(self.socket.parent)],
            stdout=subprocess.DEVNULL,
        )
        for _attempt in range(100):
            try:
                return self.client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
        pytest.fail("redis-server did not start")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def hang(self):
        self.process.send_signal(signal.SIGSTOP)

    @property
    def client(self):
        return redis.Redis(unix_socket_path=str(self.socket))


@pytest.fixture
def server(folder):
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def use(settings):
    """Let the site use the Redis at an address; return a client of that site."""

    def use(url):
        one = {
            "BACKEND": "idiaspora.cache.Redis",
            "LOCATION": [url],
            "OPTIONS": cache_module.OPTIONS,
        }
        settings.CACHES = {"default": one}
        # The page cache of another client holds the cache it was made with.
        return Client()

    cache_module.outages.clear()
    yield use
    cache_module.outages.clear()


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(cache_module, "PAUSE", 0)


PATHS = ["/", "/resources/", "/fr/about/", "/resources/?q=health", "/resources.csv"]


def assert_all_answer(client):
    started_at = time.monotonic()
    for path in PATHS * 2:
        response = client.get(path)
        assert response.status_code == 200, path
        if response.streaming:
            b"".join(response)
    return time.monotonic() - started_at


@pytest.fixture
def library(client, make_resource):
    """A resource and its index."""
    make_resource(title="Health")
    client.get("/resources/?q=health")


def test_pages_are_kept_in_redis(server, use, library, django_assert_num_queries):
    site = use(server.url)
    site.get("/resources/")
    with django_assert_num_queries(1):
        assert site.get("/resources/").status_code == 200
    assert server.client.dbsize() >= 1


def test_without_a_server_every_page_answers(tmp_path, use, library, caplog):
    site = use(f"unix://{tmp_path / 'nobody'}")
    assert_all_answer(site)
    warnings = [one for one in caplog.records if one.name == "idiaspora.cache"]
    assert len(warnings) == 1 and warnings[0].levelname == "WARNING"


def test_a_server_that_ends_and_comes_back(server, use, library, no_pause):
    site = use(server.url)
    assert_all_answer(site)
    server.stop()
    assert_all_answer(site)
    server.start()
    assert_all_answer(site)
    assert server.client.dbsize() >= 1


def test_a_server_that_hangs_costs_half_a_second_once(server, use, library):
    site = use(server.url)
    assert_all_answer(site)
    server.hang()
    assert assert_all_answer(site) < 4 * cache_module.WAIT


def test_a_message_a_minute(tmp_path, use, library, no_pause, monkeypatch, caplog):
    use(f"unix://{tmp_path / 'nobody'}")
    for seconds in [0, 30, 59, 61]:
        now = 1000 + seconds
        monkeypatch.setattr(cache_module.time, "monotonic", lambda now=now: now)
        caches["default"].get("x")
    assert len([one for one in caplog.records if one.levelname == "WARNING"]) == 2


@pytest.mark.parametrize(
    "value",
    [
        b"nonsense",
        b"",
        b"5",
        pickle.dumps(None),
        pickle.dumps(["a", "list"]),
        pickle.dumps((1, 2, 3)),
        pickle.dumps({"status": 200}),
        pickle.dumps(("a", "b")),
        b"cnowhere\nnothing\n.",
    ],
)
def test_values_that_are_not_ours(server, use, library, value):
    site = use(server.url)
    assert_all_answer(site)
    for key in server.client.keys():
        server.client.set(key, value)
    assert_all_answer(site)


def test_a_value_of_another_kind(server, use, library):
    site = use(server.url)
    assert_all_answer(site)
    for key in server.client.keys():
        server.client.delete(key)
        server.client.lpush(key, "x")
    assert_all_answer(site)


def test_every_method_does_without_a_server(tmp_path, use):
    use(f"unix://{tmp_path / 'nobody'}")
    cache = caches["default"]
    assert cache.get("a", "otherwise") == "otherwise"
    assert cache.get_many(["a"]) == {} and cache.get_or_set("a", 3) == 3
    assert cache.set("a", 1) is None and cache.set_many({"a": 1}) == ["a"]
    assert not cache.add("a", 1) and not cache.touch("a") and not cache.delete("a")
    assert "a" not in cache and cache.delete_many(["a"]) is None and not cache.clear()
