"""Pages that are kept, and when they are not."""

from time import time

import pytest
from django.db import connection

from resources.models import Programme, Resource, Theme
from resources.search import Unusable, store

Status = Resource.Status


@pytest.fixture
def shelf(make_resource):
    return make_resource(title="First", programme="MIDA", themes=["Health"])


PATHS = ["/", "/resources/", "/programmes/mida/", "/themes/", "/about/", "/fr/"]


def test_a_kept_page_costs_one_query(client, shelf, django_assert_num_queries):
    for path in [*PATHS, shelf.get_absolute_url()]:
        first = client.get(path)
        with django_assert_num_queries(1):  # the version
            second = client.get(path)
        assert second.content == first.content
        assert second.headers == first.headers


def test_etag_spares_the_page(client, shelf, django_assert_num_queries):
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
def test_any_change_shows_at_once(client, shelf, change):
    before = {path: client.get(path)["ETag"] for path in ["/", "/resources/"]}
    change()
    for path, etag in before.items():
        response = client.get(path, headers={"if-none-match": etag})
        assert response.status_code == 200 and "Second" in response.text, path


def test_withdrawn_is_gone_at_once(client, shelf):
    address = shelf.get_absolute_url()
    assert client.get(address).status_code == 200
    shelf.status, shelf.withdrawn_reason = Status.WITHDRAWN, "Gone"
    shelf.save()
    assert client.get(address).status_code == 410


def test_each_language_has_its_own(client, shelf):
    assert 'lang="en"' in client.get("/resources/").text
    assert 'lang="ar"' in client.get("/ar/resources/").text
    assert 'lang="en"' in client.get("/resources/").text


def test_compressed_and_plain_are_kept_apart(client, make_resource):
    for _ in range(5):
        make_resource()
    packed = client.get("/resources/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    plain = client.get("/resources/")
    assert "Content-Encoding" not in plain and "<main" in plain.text
    again = client.get("/resources/", headers={"accept-encoding": "gzip"})
    assert again.content == packed.content


def test_errors_and_staff_pages_are_not_kept(client, admin_client, shelf):
    for path in ["/nowhere/", "/resources/?page=9"]:
        assert client.get(path).status_code == 404
        assert "ETag" not in client.get(path)
    page = admin_client.get("/admin/")
    assert "ETag" not in page and "no-store" in page.get("Cache-Control", "no-store")
    # Whoever is signed in gets the page that everybody gets.
    assert admin_client.get("/resources/").content == client.get("/resources/").content


def test_other_hosts_get_their_own_links(client, shelf, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in settings.ALLOWED_HOSTS:
        text = client.get("/resources/", headers={"host": host}).text
        assert f"http://{host}/fr/resources/" in text


def test_an_answer_of_an_index_that_lags_is_not_kept(client, shelf, monkeypatch):
    client.get("/resources/")
    monkeypatch.setattr(store, "refresh", lambda *args: None)
    Resource.objects.update(title="Second")
    assert "ETag" not in client.get("/resources/")
    monkeypatch.undo()
    assert "Second" in client.get("/resources/").text


def test_an_answer_without_an_index_is_not_kept(client, shelf, monkeypatch):
    def fail(*args):
        raise Unusable("it is being made")

    monkeypatch.setattr(store, "up_to_date", fail)
    for path in ["/resources/", "/", shelf.get_absolute_url()]:
        response = client.get(path)
        assert response.status_code == 200
        # Nobody else may keep it, or ask whether it is still true.
        assert response["Cache-Control"] == "no-store" and "ETag" not in response
    assert "is being made" in client.get("/resources/").text
    monkeypatch.undo()
    assert "is being made" not in client.get("/resources/").text


def test_it_can_be_switched_off(client, shelf, settings):
    settings.PAGE_CACHE = False
    client.get("/resources/")
    with connection.execute_wrapper(lambda run, *args: run(*args)):
        assert client.get("/resources/").status_code == 200
    from django.core.cache import caches

    assert not caches["pages"]._cache


def test_last_modified_spares_the_page(client, shelf, freeze):
    freeze(10)
    for path in PATHS:
        response = client.get(path)
        since = {"if-modified-since": response["Last-Modified"]}
        assert client.get(path, headers=since).status_code == 304
        # Who sends an ETag is answered by that.
        assert client.get(path, headers=since | {"if-none-match": '"x"'}).text


def test_two_changes_in_one_second_are_not_taken_for_one(client, shelf, monkeypatch):
    monkeypatch.setattr("idiaspora.page_cache.time", lambda: 0.0)
    since = {"if-modified-since": client.get("/")["Last-Modified"]}
    assert client.get("/", headers=since).status_code == 200


def test_nonsense_dates_are_ignored(client, shelf):
    for text in ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", "0"]:
        headers = {"if-modified-since": text}
        assert client.get("/", headers=headers).status_code == 200


@pytest.fixture
def freeze(monkeypatch):
    def later(seconds):
        now = time()
        monkeypatch.setattr("idiaspora.page_cache.time", lambda: now + seconds)

    return later
