"""Requests to OAI-PMH, every answer checked."""

import re
from urllib.parse import urlencode

import pytest
from lxml import etree

from resources.documents import vocabularies
from resources.machines.oai import lists, sets

from .rules import OAI, check, post


@pytest.fixture(autouse=True)
def nothing_cached():
    sets.names_of.cache_clear()
    vocabularies.snapshot_of.cache_clear()


@pytest.fixture
def ask(client):
    """The checked answer to a question: GET and POST must give the same."""

    def ask(verb=None, **arguments):
        data = {"verb": verb} if verb else {}
        # "from" is a word of Python.
        data |= {name.rstrip("_"): value for name, value in arguments.items()}
        got = client.get(f"/oai?{urlencode(data, doseq=True)}")
        posted = post(client, data)
        for response in [got, posted]:
            assert response.status_code == 200
            assert response["Content-Type"].startswith("text/xml")
            check(response.content)
        now = re.compile(rb"<(responseDate|earliestDatestamp)>[^<]*")
        assert now.sub(b"", got.content) == now.sub(b"", posted.content)
        root = etree.fromstring(got.content)
        declared = {
            spec.text
            for spec in etree.fromstring(client.get("/oai?verb=ListSets").content).iter(
                f"{OAI}setSpec"
            )
        }
        assert {spec.text for spec in root.iter(f"{OAI}setSpec")} <= declared
        return root

    return ask


@pytest.fixture
def pages_of_three(monkeypatch):
    monkeypatch.setattr(lists, "PER_PAGE", 3)
