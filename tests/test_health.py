"""What load balancers, containers and Prometheus ask."""

import pytest
from django.db import DatabaseError, connection

from resources import changes, health
from resources.models import Theme
from resources.search import store

PATHS = ["/health/", "/health/ready", "/health/live"]


def test_all_is_well(client, make_resource):
    make_resource()
    client.get("/resources/")
    for path in PATHS:
        response = client.get(path)
        assert response.status_code == 200 and response.json()["status"] == "ok"
        assert response["Cache-Control"] == "no-store"
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405
    index = client.get("/health/").json()["index"]
    assert index == {"usable": True, "pending": 0, "age": 0}


def test_whoever_asks_by_whatever_name_gets_an_answer(client, db, settings):
    """As a container's own check does: http://127.0.0.1:8000/health/ready."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["a.example"], True
    for path in PATHS:
        response = client.get(path, headers={"host": "10.0.0.7:8000"})
        assert response.status_code == 200
    assert client.get("/health/other").status_code == 400


def test_live_needs_no_database(client):
    """Without the fixture `db`, a query is an error."""
    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_database_that_does_not_answer(client, db, monkeypatch):
    def fail():
        raise DatabaseError("no route to host db.internal, user ada, password secret")

    monkeypatch.setattr(changes, "last", fail)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "faults": {"database": "does not answer"},
    }
    assert client.get("/health/live").status_code == 200


def test_migrations_that_are_not_applied(client, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'resources' AND id = "
            "(SELECT max(id) FROM django_migrations WHERE app = 'resources')"
        )
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["faults"] == {"migrations": "not applied"}


def test_triggers_that_are_missing(client, db):
    changes.drop_triggers()
    response = client.get("/health/ready")
    assert response.status_code == 503 and "triggers" in response.json()["faults"]


def test_a_full_disk(client, db, monkeypatch):
    monkeypatch.setattr(health, "free_bytes", lambda folder: 99_000_000)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["faults"]["DATA_DIR"] == "nearly full"


def test_how_far_the_index_has_come(client, make_resource):
    make_resource(themes=["Health"])
    client.get("/resources/")
    Theme.objects.update(name="Well-being")
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["index"]["pending"] == 1
    client.get("/resources/")
    assert client.get("/health/ready").json()["index"]["pending"] == 0


def test_a_site_without_an_index_is_ready(client, make_resource, monkeypatch, tmp_path):
    make_resource()
    monkeypatch.setattr(store, "folder", tmp_path)
    monkeypatch.setattr(store, "pointer", (None, None))
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["index"] == {"usable": False}


def test_a_check_is_cheap(client, make_resource, django_assert_max_num_queries):
    make_resource()
    client.get("/resources/")
    client.get("/health/ready")
    with django_assert_max_num_queries(12):
        client.get("/health/ready")


# Metrics


def test_without_a_token_there_are_no_metrics(client, db):
    assert client.get("/metrics").status_code == 404


@pytest.fixture
def metrics(settings, client):
    settings.METRICS_TOKEN = "a-token-of-some-length"
    authorization = {"authorization": f"Bearer {settings.METRICS_TOKEN}"}
    return lambda: client.get("/metrics", headers=authorization).text


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer x", "a-token-of-some-length", "Bearer é"]
)
def test_metrics_are_for_who_knows_the_token(client, db, metrics, header):
    headers = {} if header is None else {"authorization": header}
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 401 and "idiaspora_" not in response.text


def test_requests_are_counted_by_view_status_and_cache(client, make_resource, metrics):
    make_resource()
    before = metrics()
    for path in ["/about/", "/about/", "/nowhere/", "/resources/?page=9"]:
        client.get(path)
    after = metrics()

    def counted(view, status, cache):
        labels = f'cache="{cache}",status="{status}",view="{view}"'
        lines = [
            float(line.split()[-1])
            for text in [before, after]
            for line in text.splitlines()
            if line.startswith(f"idiaspora_requests_total{{{labels}}}")
        ]
        return lines[-1] - (lines[0] if len(lines) > 1 else 0) if lines else 0

    assert counted("resources:about", 200, "miss") == 1
    assert counted("resources:about", 200, "hit") == 1
    assert counted("none", 404, "none") == 1
    assert counted("resources:list", 404, "none") == 1
    assert "idiaspora_request_seconds_bucket" in after


def test_the_catalogue_is_measured(client, make_resource, metrics):
    make_resource()
    client.get("/resources/")
    text = metrics()
    assert "idiaspora_resources 1.0" in text and "idiaspora_index_pending 0.0" in text
