"""The catalogue as harvesters see it: OAI-PMH 2.0."""

import pytest


def test_first(client, make_resource):
    make_resource(programme="MIDA", themes=["Health"], authors=["Ada"])
    for q in [
        "verb=Identify",
        "verb=ListSets",
        "verb=ListMetadataFormats",
        "verb=ListRecords&metadataPrefix=mods",
        "verb=ListIdentifiers&metadataPrefix=oai_dc",
        "verb=x",
    ]:
        r = client.get("/oai?" + q)
        print(r.text)
        assert r.status_code == 200
