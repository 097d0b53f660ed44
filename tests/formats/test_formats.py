"""What all formats have in common."""

from itertools import islice

import pytest
from django.utils.translation import override
from lxml import etree

from resources.formats import FORMATS, bibtex, csl, csv, dublin_core, json, mods, ris
from resources.formats import spreadsheet as excel

from .parsing import ORIGIN, all_documents, strict_json, text_of

MODULES = [*FORMATS.values(), mods]
every_format = pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)


def test_formats_are_all_alike():
    assert set(FORMATS) == {
        *["ris", "bib", "csl.json", "csv", "excel.csv", "json", "xml"]
    }
    for extension, module in FORMATS.items():
        assert module.EXTENSION == extension
    for module in MODULES:
        assert module.NAME and module.EXTENSION and "/" in module.CONTENT_TYPE


@every_format
def test_formats_stream(sample, module):
    """The beginning is there before the end of the catalogue is read."""

    def first_and_then_failing():
        yield from islice(all_documents(), 3)
        raise AssertionError("read too far")

    pieces = module.render(first_and_then_failing(), ORIGIN)
    assert len("".join(islice(pieces, 3))) > 100


@every_format
def test_formats_take_an_empty_result(db, module):
    text = text_of(module)
    if module in {json, csl}:
        assert strict_json(text) == []
    elif module in {dublin_core, mods}:
        assert len(etree.fromstring(text.encode())) == 0
    elif module is csv:
        assert list(csv.read([text])) == []
    elif module is excel:
        assert text.strip("\ufeff\r\n").split(";") == excel.COLUMNS
    else:
        assert text == ""


@every_format
def test_formats_are_in_no_language(sample, module):
    with override("ar"):
        arabic = text_of(module)
    assert arabic == text_of(module)


@every_format
def test_no_control_characters_are_left(hostile, module):
    text = text_of(module)
    for character in "\x08\x0b\x0c\x1b\x7f\ufffe":
        assert character not in text
    # Where every value is one line.
    if module in {ris, bibtex, csl, dublin_core}:
        assert "\x85" not in text and "\u2028" not in text
