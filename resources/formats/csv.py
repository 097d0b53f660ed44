"""
CSV: one row for each record, complete enough to be imported again.

RFC 4180 in UTF-8, with the byte order mark by which Excel knows it. Values keep their
line breaks. Vocabularies are given by slug or code. In lists "|" separates the items;
a "|" or "\\" in an item has a "\\" before it. A cell that a spreadsheet might
calculate has an apostrophe before it; so has one that starts with an apostrophe, so
that read() knows which to remove.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ..documents import Contributor, Document
from ..models import Role
from .values import clean, cover, page_url, permanent_url, utc

NAME = _("CSV for programs")
CONTENT_TYPE = "text/csv; charset=utf-8"
EXTENSION = "csv"

# A long description is one field. The limit is that of the whole process.
csv.field_size_limit(10_000_000)

# https://owasp.org/www-community/attacks/CSV_Injection
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠'")
OTHERS = {Role.EDITOR, Role.TRANSLATOR, Role.CONTRIBUTOR, Role.FUNDER}
# The columns about people: of authors, of others with their roles, of who shared it.
PEOPLE = [
    "authors",
    "author_sort_names",
    "author_kinds",
    "contributors",
    "contributor_roles",
    "contributor_sort_names",
    "contributor_kinds",
    "shared_by",
    "shared_by_sort_names",
    "shared_by_kinds",
]
LISTS = {
    "themes",
    "regions",
    "countries_of_origin",
    "countries_of_residence",
    *PEOPLE,
}
COLUMNS = [
    "id",
    "url",
    "page",
    "title",
    "summary",
    "description",
    *PEOPLE,
    "publisher",
    "publisher_kind",
    "programme",
    "type",
    "themes",
    "regions",
    "countries_of_origin",
    "countries_of_residence",
    "language",
    "year",
    "source_url",
    "doi",
    "isbn",
    "volume",
    "issue",
    "pages",
    "cover",
    "cover_alt",
    "published_at",
    "changed_at",
]


def render(documents: Iterable[Document], origin: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for document in documents:
        values = row(document, origin)
        yield writer.writerow(cell(values[column]) for column in COLUMNS)


class Echo:
    """A file that returns what is written, so that writerow() returns the row."""

    def write(self, text):
        return text


def row(document: Document, origin: str) -> dict:
    """
    Return the value of each column: text, or a list of texts.

    Lists about the same people are equally long: who has no name to sort by has the
    name there.
    """
    picture = cover(document, origin)
    others = [one for one in document.contributions if one[0] in OTHERS]
    publisher, programme = document.publisher, document.programme
    values = {
        "id": str(document.id),
        "url": permanent_url(document, origin),
        "page": page_url(document, origin),
        "title": document.title,
        "summary": document.summary,
        "description": document.description,
        **people("authors", "author", document.authors),
        **people("contributors", "contributor", [one for _role, one in others]),
        "contributor_roles": [role for role, _one in others],
        **people("shared_by", "shared_by", document.shared_by),
        "publisher": publisher.name if publisher else "",
        "publisher_kind": publisher.kind if publisher else "",
        "programme": programme.slug if programme else "",
        "type": document.type.slug,
        "themes": [theme.slug for theme in document.themes],
        "regions": [region.slug for region in document.regions],
        "countries_of_origin": [one.code for one in document.countries_of_origin],
        "countries_of_residence": [one.code for one in document.countries_of_residence],
        "language": document.language,
        "year": str(document.year or ""),
        "source_url": document.source_url,
        "doi": document.doi,
        "isbn": document.isbn,
        "volume": document.volume,
        "issue": document.issue,
        "pages": document.pages,
        "cover": picture["url"] if picture else "",
        "cover_alt": picture["alt"] if picture else "",
        "published_at": utc(document.published_at) or "",
        "changed_at": utc(document.changed_at) or "",
    }
    return {
        column: clean(value) if isinstance(value, str) else [*map(clean, value)]
        for column, value in values.items()
    }


def people(column: str, start: str, contributors: Iterable[Contributor]) -> dict:
    """Return three columns about some people: `column`, and two named after `start`."""
    return {
        column: [one.name for one in contributors],
        f"{start}_sort_names": [one.sort_name or one.name for one in contributors],
        f"{start}_kinds": [one.kind for one in contributors],
    }


def cell(value: str | list[str]) -> str:
    """Return a value of row() as the text of a cell."""
    if isinstance(value, list):
        value = "|".join(re.sub(r"([|\\])", r"\\\1", item) for item in value)
    return f"'{value}" if value.startswith(DANGEROUS) else value


def read(lines: Iterable[str]) -> Iterator[dict]:
    """
    Yield the rows of such a file as row() returned them.

    The lines keep their ends: open(…, newline=""). Raises csv.Error or ValueError
    where a row does not have a value for each column.
    """
    reader = csv.reader(lines, strict=True)
    columns = [name.removeprefix("\ufeff") for name in next(reader, [])]
    for values in filter(None, reader):
        cells = zip(columns, values, strict=True)
        yield {column: original(column, text) for column, text in cells}


def original(column: str, text: str) -> str | list[str]:
    """Return the value that cell() wrote as this text."""
    if text.startswith("'") and text[1:].startswith(DANGEROUS):
        text = text[1:]
    if column not in LISTS:
        return text
    items = re.findall(r"(?:[^|\\]|\\.)+", text, re.DOTALL)
    return [re.sub(r"\\(.)", r"\1", item, flags=re.DOTALL) for item in items]
