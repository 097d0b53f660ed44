"""What Identify says about the repository, and how long lists are."""

import re

import pytest

from .rules import OAI, check, token

IDENTIFIER = "{http://www.openarchives.org/OAI/2.0/oai-identifier}"
EPRINTS = "{http://www.openarchives.org/OAI/1.1/eprints}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
# As oai-identifier.xsd has them.
REPOSITORY = r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+"
SAMPLE = rf"oai:{REPOSITORY}:[a-zA-Z0-9\-_\.!~\*'\(\);/\?:@&=\+$,%]+"


def described(client, host="testserver"):
    response = client.get("/oai?verb=Identify", headers={"host": host})
    return {
        child.tag: child
        for description in check(response.content).iter(f"{OAI}description")
        for child in description
    }


def test_identifiers_are_described(client, make_resource, settings):
    make_resource()
    settings.ALLOWED_HOSTS = ["*"]
    found = described(client, "library.example.org")[f"{IDENTIFIER}oai-identifier"]
    namespace, schema = found.get(XSI).split()
    assert f"{{{namespace}}}" == IDENTIFIER and schema == f"{namespace}.xsd"
    values = [(child.tag.removeprefix(IDENTIFIER), child.text) for child in found]
    assert [name for name, _value in values] == [
        *["scheme", "repositoryIdentifier", "delimiter", "sampleIdentifier"]
    ]
    _scheme, (_, host), _delimiter, (_, sample) = values
    assert re.fullmatch(REPOSITORY, host) and re.fullmatch(SAMPLE, sample)
    assert sample == f"oai:{host}:1"


@pytest.mark.parametrize("host", ["testserver", "127.0.0.1", "a.1x.org"])
def test_a_name_that_the_schema_does_not_take_is_not_described(
    client, make_resource, settings, host
):
    make_resource()
    settings.ALLOWED_HOSTS = ["*"]
    assert [*described(client, host)] == [f"{EPRINTS}eprints"]


def test_what_is_here_and_may_be_done_with_it(client, make_resource):
    make_resource()
    found = described(client)[f"{EPRINTS}eprints"]
    assert found.get(XSI).split()[0] == EPRINTS[1:-1]
    names = [child.tag.removeprefix(EPRINTS) for child in found]
    assert names == ["content", "metadataPolicy", "dataPolicy"]
    for policy in found:
        kinds = {child.tag.removeprefix(EPRINTS) for child in policy}
        assert kinds <= {"URL", "text"} and all(child.text for child in policy)


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_long_list_tells_its_length(ask, make_resource, pages_of_three, verb):
    for _ in range(7):
        make_resource()
    root, sizes = ask(verb, metadataPrefix="oai_dc"), []
    while True:
        sizes.append(root.find(f".//{OAI}resumptionToken").get("completeListSize"))
        if not token(root):
            break
        root = ask(verb, resumptionToken=token(root))
    assert sizes == ["7", "7", "7"]
