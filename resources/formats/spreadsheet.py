"""
CSV for spreadsheets: what people read in Excel or LibreOffice, with names of terms.

Excel opens a file by the separator of its language, which is the semicolon in French,
Spanish and most others; the byte order mark tells it that this is UTF-8. It takes what
looks like a number for one, and then drops zeros at the start and rounds long ones. No
mark in CSV prevents that in every program, so values are written such that none looks
like a number: an ISBN with a hyphen after its first three digits, a DOI as an address.

One language of Excel splits the cells of a file that is meant for another one at commas
in their texts. So what follows a separator is disarmed as well as what begins a cell.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ..documents import Document
from ..models import Role
from ..models.identifiers import normal_isbn
from .csv import DANGEROUS, Echo
from .values import doi_url, line, permanent_url, utc

NAME = _("CSV for spreadsheets (Excel)")
CONTENT_TYPE = "text/csv; charset=utf-8"
EXTENSION = "excel.csv"

OTHER_ROLES = {
    "Editors": Role.EDITOR,
    "Translators": Role.TRANSLATOR,
    "Contributors": Role.CONTRIBUTOR,
    "Funders": Role.FUNDER,
}
COLUMNS = [
    *["ID", "Year", "Title", "Authors", *OTHER_ROLES, "Shared by", "Publisher"],
    *["Programme", "Type", "Themes"],
    *["Regions", "Countries of origin", "Countries of residence", "Language"],
    *["Summary", "Description", "Source", "DOI", "ISBN", "Address"],
    *["Published", "Changed"],
]

# Of a cell in Excel; what is longer spills into the next row.
LONGEST = 32_000
SEPARATED = re.compile(rf"([;,\t]\"*)(?=[{re.escape(''.join(DANGEROUS))}])")
# Numbers that are changed when they are read as such, and dates.
LIKE_A_NUMBER = re.compile(
    r"[\d\s.,:/%()-]*\d[\d\s.,:/%()-]*(e[+-]?\d+)?", re.IGNORECASE
)
HARMLESS = re.compile(r"0|[1-9]\d{0,8}")


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(COLUMNS)
    for document in documents:
        values = row(document, origin)
        yield writer.writerow(values[column] for column in COLUMNS)


def row(document: Document, origin: str) -> dict[str, str]:
    """Return the cell of each column."""
    publisher, programme = document.publisher, document.programme
    texts = {
        "Title": document.title,
        "Authors": names(document.authors),
        **{
            column: names(document.with_role(role))
            for column, role in OTHER_ROLES.items()
        },
        "Shared by": names(document.shared_by),
        "Publisher": publisher.name if publisher else "",
        "Programme": programme.name if programme else "",
        "Type": document.type.name,
        "Themes": names(document.themes),
        "Regions": names(document.regions),
        "Countries of origin": names(document.countries_of_origin),
        "Countries of residence": names(document.countries_of_residence),
        "Language": document.language_name,
        "Summary": document.summary,
        "Description": document.description,
        "Source": document.source_url,
    }
    return {
        "ID": str(document.id),
        "Year": str(document.year or ""),
        **{column: cell(text) for column, text in texts.items()},
        "DOI": SEPARATED.sub(r"\1'", doi_url(document)),
        "ISBN": isbn(document),
        "Address": permanent_url(document, origin),
        "Published": day(document.published_at),
        "Changed": day(document.changed_at),
    }


def names(ones: Iterable) -> str:
    return "; ".join(line(one.name) for one in ones)


def isbn(document: Document) -> str:
    digits = normal_isbn(document.isbn)
    return f"{digits[:3]}-{digits[3:]}" if digits else cell(document.isbn)


def day(moment) -> str:
    """Return the date of a time, as spreadsheets of all languages read it."""
    return (utc(moment) or "")[:10]


def cell(text: str) -> str:
    """Return a text on one line that is neither calculated nor changed."""
    text = SEPARATED.sub(r"\1'", line(text))
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    is_changed = LIKE_A_NUMBER.fullmatch(text) and not HARMLESS.fullmatch(text)
    return f"'{text}" if text.startswith(DANGEROUS) or is_changed else text
