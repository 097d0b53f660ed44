"""The description of the API: that it tells all there is, and nothing else."""

import json
from itertools import count

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from jsonschema_rs import validator_for

from resources import limits
from resources.machines.api import openapi
from resources.machines.api.filters import ApiFilter
from resources.machines.api.parameters import PARAMETERS
from resources.models import Resource
from resources.search import Search

from .client import get

Status = Resource.Status
OTHERS = {"size", "after", "facets", "fields", "changed_since"}

application = get_wsgi_application()


def uncompressed(environ, start_response):
    # What calls it here does not unpack.
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


description = schemathesis.openapi.from_dict(openapi.document("http://localhost"))
description.app = uncompressed


@pytest.fixture
def values(client, sample):
    """A value that there is, for each facet."""
    facets = get(client, facets=1, size=1)["facets"]
    return {name: [found[0]["value"]] for name, found in facets.items()} | {
        "doi": "doi:10.1000/182",
        "isbn": "0-306-40615-2",
        "source_url": "https://example.org/",
    }


@pytest.fixture
def one_connection(values):
    """
    Requests leave the connection of the test alone, as those of `client` do.

    Only from now on: `client` puts back what it took away.
    """
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@description.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_it_does_what_its_description_says(case, values, one_connection):
    if case.meta.generation.mode.is_positive:
        # Only the catalogue knows which values there are, and which order a key is of.
        if "changed_since" in case.query:
            names = case.query.keys() & {"size", "fields"}
            case.query = {name: case.query[name] for name in names}
            values["changed_since"] = "2020-02-29T08:00:00+01:00"
            case.query["changed_since"] = ""
        case.query.update({k: v for k, v in values.items() if k in case.query})
        if "after" in case.query:
            case.query.pop("q", None)
            order = case.query.get("sort", "newest").replace("best", "newest")
            case.query["after"] = f"{order}-5"
    case.call_and_validate()


def test_the_description_is_valid(client, db):
    document = get(client, "/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    description.validate()
    assert document["servers"] == [{"url": "http://testserver"}]
    text = json.dumps(document)
    for kind, parts in document["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text, f"{kind}/{name} is not used"


def test_each_filter_is_described(client):
    names = set(ApiFilter.base_filters)
    assert set(PARAMETERS) == names | OTHERS
    for one in PARAMETERS.values():
        assert one["description"]


def test_each_key_is_described(client, sample):
    schemas = openapi.SCHEMAS
    found = get(client, facets=1)
    changed = get(client, changed_since="2000-01-01")
    described = schemas["List"]["properties"].keys()
    assert found.keys() | changed.keys() == described
    result = found["results"][0]
    assert [*result] == schemas["Resource"]["required"]
    validator = validator_for(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": "#/components/schemas/List",
            "components": {"schemas": schemas},
        },
        validate_formats=True,
    )
    validator.validate(found)
    result["title"] = None
    assert not validator.is_valid(found)


def too_much(request, cost=1):
    raise limits.TooMany(3)


def test_each_described_problem_is_a_real_one(client, make_resource, monkeypatch):
    """And the other way round; see test_it_does_what_its_description_says."""
    paths = openapi.document("")["paths"]
    there = make_resource()
    gone = make_resource(status=Status.WITHDRAWN, withdrawn_reason="Out of date.")
    numbers = count(1)
    for path, item in paths.items():
        filled = path.replace("{id}", str(there.pk)).replace("{name}", "theme")
        seen = {
            str(client.get(address, headers=headers).status_code)
            for address, headers in [
                (filled, {}),
                (f"{filled}?x={next(numbers)}", {}),
                (filled, {"accept": "text/html"}),
                (path.replace("{id}", "999").replace("{name}", "x"), {}),
                (path.replace("{id}", str(gone.pk)), {}),
            ]
        }
        with monkeypatch.context() as patch:
            patch.setattr(Search, "is_usable", False)
            seen.add(str(client.get(f"{filled}?q=a").status_code))
        with monkeypatch.context() as patch:
            patch.setattr(limits, "spend", too_much)
            seen.add(str(client.get(f"{filled}?size=2").status_code))
            # The dump takes no parameters, and is not kept.
            seen.add(str(client.get(filled).status_code))
        described = set(item["get"]["responses"])
        assert seen <= described
        # What is kept is sent without a look at Accept.
        assert described - seen <= {"406"}
