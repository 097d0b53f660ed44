"""Which pages are cached, for how long, and what a client that has them is told."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from time import time

import pytest
from django.conf import settings as site_settings
from django.core.cache import caches

from idiaspora.release import FILES, FOLDERS, fingerprint
from resources import changes
from resources.models import Change, Programme, Resource, Theme
from resources.search import Unusable, store

Status = Resource.Status


@pytest.fixture
def record(make_resource):
    return make_resource(title="First", programme="MIDA", themes=["Health"])


PATHS = ["/", "/resources/", "/programmes/mida/", "/themes/", "/about/", "/fr/"]


def test_a_cached_page_costs_one_query(client, record, django_assert_num_queries):
    for path in [*PATHS, record.get_absolute_url()]:
        first = client.get(path)
        with django_assert_num_queries(1):  # the version
            second = client.get(path)
        assert second.content == first.content
        assert second.headers == first.headers


def test_etag_spares_the_page(client, record, django_assert_num_queries):
    for path in PATHS:
        response = client.get(path)
        assert "max-age=0" in response["Cache-Control"]
        with django_assert_num_queries(1):
            again = client.get(path, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304 and not again.content
        assert again["ETag"] == response["ETag"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Resource.objects.update(title="Second"),
        lambda: Programme.objects.update(name="Second"),
        lambda: Theme.objects.update(name="Second"),
    ],
)
def test_any_change_shows_at_once(client, record, change):
    before = {path: client.get(path)["ETag"] for path in ["/", "/resources/"]}
    change()
    for path, etag in before.items():
        response = client.get(path, headers={"if-none-match": etag})
        assert response.status_code == 200 and "Second" in response.text, path


def test_withdrawn_is_gone_at_once(client, record):
    address = record.get_absolute_url()
    assert client.get(address).status_code == 200
    record.status, record.withdrawn_reason = Status.WITHDRAWN, "Gone"
    record.save()
    assert client.get(address).status_code == 410


def test_each_language_has_its_own(client, record):
    assert 'lang="en"' in client.get("/resources/").text
    assert 'lang="ar"' in client.get("/ar/resources/").text
    assert 'lang="en"' in client.get("/resources/").text


def test_compressed_and_plain_are_stored_apart(client, make_resource):
    for _ in range(5):
        make_resource()
    packed = client.get("/resources/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    plain = client.get("/resources/")
    assert "Content-Encoding" not in plain and "<main" in plain.text
    again = client.get("/resources/", headers={"accept-encoding": "gzip"})
    assert again.content == packed.content


@pytest.mark.parametrize(
    "accepted, is_packed",
    [
        ("gzip", True),
        ("br, GZIP ; q=0.5", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000", False),
        ("xgzip", False),
        ("x-gzipped, br", False),
        ("identity", False),
        ("", False),
    ],
)
def test_only_who_accepts_gzip_gets_it(client, make_resource, accepted, is_packed):
    for _ in range(5):
        make_resource()
    client.get("/resources/", headers={"accept-encoding": "gzip"})
    client.get("/resources/")
    for _ in range(2):
        response = client.get("/resources/", headers={"accept-encoding": accepted})
        assert response.has_header("Content-Encoding") == is_packed
        assert response["Vary"] == "Accept-Encoding"


def test_errors_and_staff_pages_are_not_kept(client, admin_client, record):
    for path in ["/nowhere/", "/resources/?page=9"]:
        assert client.get(path).status_code == 404
        assert "ETag" not in client.get(path)
    page = admin_client.get("/admin/")
    assert "ETag" not in page and "no-store" in page.get("Cache-Control", "no-store")
    # Whoever is signed in gets the page that everybody gets.
    assert admin_client.get("/resources/").content == client.get("/resources/").content


def test_other_hosts_get_their_own_links(client, record, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in settings.ALLOWED_HOSTS:
        text = client.get("/resources/", headers={"host": host}).text
        assert f"http://{host}/fr/resources/" in text


def test_an_answer_of_an_index_that_lags_is_not_kept(client, record, monkeypatch):
    client.get("/resources/")
    monkeypatch.setattr(store, "refresh", lambda *args: None)
    Resource.objects.update(title="Second")
    assert "ETag" not in client.get("/resources/")
    monkeypatch.undo()
    assert "Second" in client.get("/resources/").text


def test_an_answer_without_an_index_is_not_kept(client, record, monkeypatch):
    def fail(*args):
        raise Unusable("it is being made")

    monkeypatch.setattr(store, "up_to_date", fail)
    for path in ["/resources/", "/", record.get_absolute_url()]:
        response = client.get(path)
        assert response.status_code == 200
        # Nobody else may keep it, or ask whether it is still true.
        assert response["Cache-Control"] == "no-store" and "ETag" not in response
    assert "is being built" in client.get("/resources/").text
    monkeypatch.undo()
    assert "is being built" not in client.get("/resources/").text


def test_it_can_be_switched_off(client, record, settings, monkeypatch):
    settings.PAGE_CACHE = False

    def refuse(*args, **kwargs):
        raise AssertionError("The page cache was used.")

    monkeypatch.setattr(caches["pages"], "get", refuse)
    monkeypatch.setattr(caches["pages"], "set", refuse)
    assert client.get("/resources/").status_code == 200


def test_last_modified_spares_the_page(client, record, freeze):
    freeze(10)
    for path in PATHS:
        response = client.get(path)
        since = {"if-modified-since": response["Last-Modified"]}
        assert client.get(path, headers=since).status_code == 304
        # Who sends an ETag is answered by that.
        assert client.get(path, headers=since | {"if-none-match": '"x"'}).text


def test_two_changes_in_one_second_are_not_taken_for_one(client, record, monkeypatch):
    monkeypatch.setattr("idiaspora.page_cache.time", lambda: 0.0)
    since = {"if-modified-since": client.get("/")["Last-Modified"]}
    assert client.get("/", headers=since).status_code == 200


def test_a_change_shows_though_the_clock_was_set_back(
    client, record, freeze, monkeypatch
):
    freeze(10)
    day_before = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr("idiaspora.page_cache.STARTED_AT", day_before)
    since = {"if-modified-since": client.get("/resources/")["Last-Modified"]}
    assert client.get("/resources/", headers=since).status_code == 304
    Resource.objects.update(title="Renamed")
    Change.objects.filter(pk=changes.version()).update(
        at=datetime.now(UTC) - timedelta(hours=1)
    )
    assert "Renamed" in client.get("/resources/", headers=since).text


def test_nonsense_dates_are_ignored(client, record):
    for text in ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", "0"]:
        headers = {"if-modified-since": text}
        assert client.get("/", headers=headers).status_code == 200


# Conditional requests: https://www.rfc-editor.org/rfc/rfc9110#section-13


@pytest.mark.parametrize(
    "form, status",
    [
        ("*", 304),
        ("{}", 304),
        ('"other", {} , W/"third"', 304),
        ("{strong}", 304),  # the comparison is weak
        ('W/"other"', 200),
        ('"a,b"', 200),
        ("nonsense", 200),
    ],
)
def test_if_none_match(client, record, form, status):
    etag = client.get("/resources/")["ETag"]
    value = form.format(etag, strong=etag.removeprefix("W/"))
    for method in [client.get, client.head]:
        response = method("/resources/", headers={"if-none-match": value})
        assert response.status_code == status
        if status == 304:
            assert response["ETag"] == etag and not response.content
            assert response["Vary"] == "Accept-Encoding"
            assert "max-age=0" in response["Cache-Control"]


@pytest.mark.parametrize("is_cached", [True, False])
def test_a_client_that_has_a_page_gets_304_without_a_cache_too(
    client, record, settings, is_cached
):
    settings.PAGE_CACHE = is_cached
    for path in [*PATHS, "/resources.csv", "/oai?verb=Identify"]:
        etag = client.get(path)["ETag"]
        response = client.get(path, headers={"if-none-match": etag})
        assert response.status_code == 304, path


def test_what_does_not_exist_is_never_answered_with_304(client, record, freeze):
    freeze(10)
    page = client.get("/")
    Resource.objects.create(
        title="Gone",
        summary="…",
        language="en",
        type=record.type,
        status=Status.WITHDRAWN,
        withdrawn_reason="Gone",
    )
    page = client.get("/")
    gone = Resource.objects.get(title="Gone").permanent_path
    conditions = [
        {"if-none-match": page["ETag"]},
        {"if-none-match": "*"},
        {"if-modified-since": page["Last-Modified"]},
    ]
    expected = {"/nowhere/": 404, "/resources/?page=9": 404, gone: 410, "/fr": 301}
    for path, status in expected.items():
        for headers in conditions:
            assert client.get(path, headers=headers).status_code == status, path


# The version


def test_a_new_epoch_makes_new_etags_though_the_log_ends_alike(client, record):
    """As after a restore, when ids of the log are given out a second time."""
    old, version = client.get("/resources/"), changes.version()
    changes.renew_epoch()
    Change.objects.filter(pk__gt=version).delete()
    assert changes.version() == version
    headers = {"if-none-match": old["ETag"]}
    response = client.get("/resources/", headers=headers)
    assert response.status_code == 200 and response["ETag"] != old["ETag"]


def test_a_new_epoch_moves_last_modified_too(client, record, monkeypatch):
    monkeypatch.setattr("idiaspora.page_cache.time", lambda: 0.0)
    since = {"if-modified-since": client.get("/resources/")["Last-Modified"]}
    changes.renew_epoch()
    assert client.get("/resources/", headers=since).status_code == 200


@pytest.fixture
def checkout(tmp_path):
    """Make copies of the site, with all files written at one time."""

    def checkout(name, written_at):
        folder = tmp_path / name
        for part in FOLDERS:
            ignored = shutil.ignore_patterns("__pycache__", "migrations")
            shutil.copytree(
                site_settings.BASE_DIR / part, folder / part, ignore=ignored
            )
        for part in FILES:
            shutil.copy(site_settings.BASE_DIR / part, folder / part)
        for path in folder.rglob("*"):
            os.utime(path, (written_at, written_at))
        return folder

    return checkout


def test_two_machines_with_the_same_release_send_the_same_etag(checkout):
    one, other = checkout("one", 1_000_000_000), checkout("other", 1_700_000_000)
    (other / "resources" / "__pycache__").mkdir()
    (other / "resources" / "__pycache__" / "apps.pyc").write_bytes(b"x")
    assert fingerprint(one, "Library") == fingerprint(other, "Library")
    assert fingerprint(one, "Library") != fingerprint(one, "Another name")


@pytest.mark.parametrize(
    "name",
    [
        "resources/apps.py",
        "templates/404.html",
        "static/new.css",
        "idiaspora/locale/fr/LC_MESSAGES/django.mo",
        "requirements.txt",
    ],
)
def test_another_release_sends_another_etag(checkout, name):
    folder = checkout("one", 1_000_000_000)
    before = fingerprint(folder)
    with (folder / name).open("ab") as file:
        file.write(b" ")
    os.utime(folder / name, (1_000_000_000, 1_000_000_000))
    assert fingerprint(folder) != before


@pytest.fixture
def freeze(monkeypatch):
    def later(seconds):
        now = time()
        monkeypatch.setattr("idiaspora.page_cache.time", lambda: now + seconds)

    return later
