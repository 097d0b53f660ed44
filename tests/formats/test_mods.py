"""MODS."""

from lxml import etree

from resources.formats import mods
from resources.formats.values import line

from .parsing import all_documents, document_of, text_of

MODS = f"{{{mods.NAMESPACE}}}"


def test_mods_is_read_back(catalogue):
    root = etree.fromstring(text_of(mods).encode())
    assert root.tag == f"{MODS}modsCollection"
    for record, document in zip(root, all_documents(), strict=True):
        assert record.tag == f"{MODS}mods"
        title = record.findtext(f"{MODS}titleInfo/{MODS}title")
        assert title == line(document.title)
        assert len(record.findall(f"{MODS}name")) == len(document.authors)


def test_mods_of_one_resource_has_no_wrapper(make_resource):
    file = text_of(mods, [document_of(make_resource())])
    root = etree.fromstring(file.encode())
    assert root.tag == f"{MODS}mods" and root.get("version") == "3.7"
