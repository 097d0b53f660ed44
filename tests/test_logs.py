"""What is logged, and what never is."""

import json
import logging

import pytest
from django.urls import reverse

from idiaspora.logs import JsonFormatter


@pytest.fixture
def access_log(settings, caplog):
    """Switch the access log on; return its records."""
    settings.ACCESS_LOG = True
    caplog.set_level(logging.INFO, "idiaspora.access")
    return lambda: [
        one.fields for one in caplog.records if one.name == "idiaspora.access"
    ]


def test_requests_are_logged(client, make_resource, access_log):
    record = make_resource().get_absolute_url()
    for path in [record, record, "/nowhere/", "/static/css/base.css"]:
        client.get(path)
    first, second, third, fourth = access_log()
    assert first | {"ms": 0, "bytes": 0} == {
        "method": "GET",
        "path": record,
        "status": 200,
        "bytes": 0,
        "ms": 0,
        "cache": "miss",
        "view": "resources:detail",
    }
    assert first["ms"] > 0 and first["bytes"] > 1000
    assert second["cache"] == "hit" and second["view"] == "resources:detail"
    assert third["status"] == 404 and third["cache"] == "none"
    assert fourth["status"] == 200 and fourth["bytes"] > 100


def test_a_download_is_logged_with_its_size_when_it_is_sent(
    client, make_resource, access_log
):
    make_resource()
    response = client.get("/resources.csv")
    assert access_log() == []
    body = b"".join(response)
    (entry,) = access_log()
    assert entry["bytes"] == len(body) and entry["view"] == "machines:download-set"


def test_a_download_that_breaks_off_is_logged_too(client, make_resource, access_log):
    make_resource()
    response = client.get("/resources.csv")
    next(iter(response))
    response.close()
    assert len(access_log()) == 1


def test_checks_of_health_are_not_logged(client, db, access_log):
    client.get("/health/ready")
    assert access_log() == []


def test_nobody_writes_lines_of_their_own(client, db, access_log):
    client.get("/no%0A2026-01-01%20WARNING%20forged\x1b/")
    (entry,) = access_log()
    assert "\n" not in entry["path"] and "%0A" in entry["path"]


def test_without_the_setting_nothing_is_logged(client, db, caplog):
    caplog.set_level(logging.INFO)
    client.get("/about/")
    assert not [one for one in caplog.records if one.name == "idiaspora.access"]


def test_what_is_secret_is_in_no_log(client, db, access_log, caplog, settings):
    settings.METRICS_TOKEN = "secret-token-of-prometheus"
    caplog.set_level(logging.DEBUG)
    client.cookies["sessionid"] = "secret-cookie"
    headers = {"authorization": "Bearer secret-header"}
    login = reverse("admin:login")
    client.get(f"{login}?next=/admin/&token=secret-query", headers=headers)
    data = {"username": "ada", "password": "secret-password"}
    client.post(f"{login}?key=secret-query", data)
    client.get("/nowhere/?key=secret-query", headers=headers)
    client.get("/metrics", headers=headers)
    text = "\n".join(
        JsonFormatter().format(one)
        for one in caplog.records
        if one.name != "django.db.backends"
    )
    assert "/nowhere/" in text and "secret" not in text


# The form


def test_json_is_one_object_a_line():
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord(
            "name", logging.ERROR, "", 1, "was %s", ("é\n",), (type(error), error, None)
        )
    record.fields = {"status": 200}
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry["message"] == "was é\n" and entry["status"] == 200
    assert entry["level"] == "ERROR" and "two\nlines" in entry["exception"]
    assert entry["time"].endswith("+00:00")
