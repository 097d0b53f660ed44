"""CSV, read back without loss."""

import csv as stdlib_csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.formats import csv

from .parsing import ORIGIN, all_documents, text_of


def test_csv_is_read_back_without_loss(catalogue):
    text = text_of(csv)
    assert text.startswith("\ufeffid,url,")
    found = list(csv.read(io.StringIO(text, newline="")))
    assert found == [csv.row(document, ORIGIN) for document in all_documents()]
    # The same after the way through a file.
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8-sig", newline="")
    assert list(csv.read(lines)) == found


def test_csv_rows_end_as_rfc_4180_says_and_are_equally_long(catalogue):
    text = text_of(csv)
    assert text.endswith("\r\n")
    lengths = {len(row) for row in stdlib_csv.reader(io.StringIO(text, newline=""))}
    assert lengths == {len(csv.COLUMNS)}


def test_csv_cells_are_not_calculated(hostile):
    for row in stdlib_csv.reader(io.StringIO(text_of(csv), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_csv_reads_fields_of_any_length(make_resource):
    resource = make_resource(description="word " * 60_000)
    [row] = csv.read(io.StringIO(text_of(csv), newline=""))
    assert row["description"] == resource.description


def test_csv_says_when_a_row_does_not_fit():
    with pytest.raises(ValueError):
        list(csv.read(["id,title\r\n", "1\r\n"]))
    with pytest.raises(stdlib_csv.Error):
        list(csv.read(["id,title\r\n", '1,"open\r\n']))


@given(st.text(alphabet="='+-@\t\r\n|\\ a,\"＝", max_size=12))
def test_csv_cells_can_be_undone(text):
    assert csv.original("title", csv.cell(text)) == text


@given(st.lists(st.text(alphabet="='|\\ a\n", min_size=1, max_size=6), max_size=4))
def test_csv_lists_can_be_undone(items):
    assert csv.original("themes", csv.cell(items)) == items
