"""MODS."""

import pytest
from lxml import etree

from resources.formats import mods
from resources.formats.values import line
from resources.models import ROLES, Contributor

from ..factories import make_contributor
from .parsing import all_documents, document_of, text_of

MODS = f"{{{mods.NAMESPACE}}}"


def test_mods_is_read_back(catalogue):
    root = etree.fromstring(text_of(mods).encode())
    assert root.tag == f"{MODS}modsCollection"
    for record, document in zip(root, all_documents(), strict=True):
        assert record.tag == f"{MODS}mods"
        title = record.findtext(f"{MODS}titleInfo/{MODS}title")
        assert title == line(document.title)
        parts = document.with_role(*ROLES)
        assert len(record.findall(f"{MODS}name")) == len(parts)


def test_mods_of_one_resource_has_no_wrapper(make_resource):
    file = text_of(mods, [document_of(make_resource())])
    root = etree.fromstring(file.encode())
    assert root.tag == f"{MODS}mods" and root.get("version") == "3.7"


def mods_of(resource):
    return etree.fromstring(text_of(mods, [document_of(resource)]).encode())


@pytest.mark.parametrize(
    ("type", "genres"),
    [
        ("Journal article", [("marcgt", "article"), ("local", "Journal article")]),
        ("Handbook", [("marcgt", "handbook"), ("local", "Handbook")]),
        ("Study", [("local", "Study")]),
    ],
)
def test_mods_genres_have_an_authority(make_resource, type, genres):
    found = mods_of(make_resource(type=type)).findall(f"{MODS}genre")
    assert [(one.get("authority"), one.text) for one in found] == genres


def test_mods_names(make_resource):
    make_contributor("Ministry of Health, Finland", Contributor.Kind.ORGANISATION)
    resource = make_resource(
        authors=["Ministry of Health, Finland", "Samuel Adams Cole, Jr."]
    )
    organisation, person = mods_of(resource).findall(f"{MODS}name")
    assert organisation.get("type") == "corporate"
    parts = organisation.findall(f"{MODS}namePart")
    assert [part.text for part in parts] == ["Ministry of Health, Finland"]
    parts = person.findall(f"{MODS}namePart")
    assert [(part.get("type"), part.text) for part in parts] == [
        ("family", "Cole"),
        ("given", "Samuel Adams"),
        ("termsOfAddress", "Jr."),
    ]
