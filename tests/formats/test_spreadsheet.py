"""CSV for spreadsheets: what Excel and LibreOffice make of it."""

import csv
import re

import pytest
from lxml import html

from resources.formats import spreadsheet
from resources.formats.csv import DANGEROUS

from .parsing import all_documents, document_of, text_of


def rows(text, delimiter=";"):
    return list(
        csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=delimiter)
    )


def test_it_is_read_with_semicolons_and_known_as_utf_8(catalogue):
    text = text_of(spreadsheet)
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    head, *body = rows(text)
    assert head == spreadsheet.COLUMNS and len(body) == len(all_documents())
    assert {len(row) for row in body} == {len(head)}


def test_people_read_names(make_resource):
    resource = make_resource(
        title="Étude",
        themes=["Health", "Youth"],
        authors=["Ada", "Zoë"],
        language="fr",
        isbn="0-306-40615-2",
        doi="10.1000/182",
    )
    found = spreadsheet.row(document_of(resource), "https://example.org")
    assert found["Themes"] == "Health; Youth" and found["Authors"] == "Ada; Zoë"
    assert found["Language"] == "français" and found["Type"] == "Report"
    assert found["ISBN"] == "978-0306406157"
    assert found["DOI"] == "https://doi.org/10.1000/182"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["Published"])
    assert found["ID"] == str(resource.pk)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain", "Plain"),
        ("2030", "2030"),
        ("0042", "'0042"),
        ("9780306406157", "'9780306406157"),
        ("1/2", "'1/2"),
        ("3-4", "'3-4"),
        ("1E5", "'1E5"),
        ("12:30", "'12:30"),
        ("1,5", "'1,5"),
        ("=1+1", "'=1+1"),
        ("\t=1+1", "'=1+1"),
        ("a\n=1+1", "a =1+1"),
        ("a,=1+1", "a,'=1+1"),
        ("a;@b;-c", "a;'@b;'-c"),
        ("a, -b", "a, -b"),
        ("x" * 40_000, "x" * 32_000 + "…"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_cell_is_calculated_or_changed(text, expected):
    assert spreadsheet.cell(text) == expected


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_nothing_is_calculated_whatever_separates(hostile, make_resource, delimiter):
    make_resource(title='a","=1+1', summary='b,=HYPERLINK("x"),c;=2')
    for row in rows(text_of(spreadsheet), delimiter):
        for cell in row:
            assert not cell.startswith(tuple(set(DANGEROUS) - {"'"})), cell


def test_the_list_offers_both_and_says_which_is_which(client, make_resource):
    make_resource(themes=["Health"])
    page = html.fromstring(client.get("/resources/?theme=health").text)
    links = {
        link.get("href"): link.text
        for link in page.xpath("//div[@class='downloads']//a")
    }
    assert links["/resources.csv?theme=health"] == "CSV for programs"
    name = links["/resources.excel.csv?theme=health"]
    assert name == "CSV for spreadsheets (Excel)"
    page = html.fromstring(client.get("/fr/resources/?theme=health").text)
    names = page.xpath("//div[@class='downloads']//a/text()")
    assert "CSV pour les tableurs (Excel)" in names


def test_it_is_a_file_of_its_own(client, make_resource):
    make_resource(title="Santé")
    response = client.get("/resources.excel.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    disposition = response["Content-Disposition"]
    assert disposition == 'attachment; filename="resources.excel.csv"'
    assert "Santé" in b"".join(response).decode("utf-8-sig")
