"""
CSV: one row for each resource, and nothing is lost on the way.

RFC 4180 in UTF-8, with the mark that Excel knows it by. Values are as they are kept,
with their line breaks. Vocabularies are given by slug or code. In lists "|" parts
the items; a "|" or "\\" of an item has a "\\" before it. A cell that a spreadsheet
might calculate has an apostrophe before it; so has one that starts with an apostrophe,
so that read() knows which to take away.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from .values import cover, page_url, permanent_url, utc

NAME = "CSV"
CONTENT_TYPE = "text/csv; charset=utf-8"
EXTENSION = "csv"

# A long description is one field; the limit is one of the whole process.
csv.field_size_limit(10_000_000)

# https://owasp.org/www-community/attacks/CSV_Injection
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠'")
LISTS = {
    "themes",
    "regions",
    "countries_of_origin",
    "countries_of_residence",
    "authors",
    "author_sort_names",
    "author_kinds",
}
COLUMNS = [
    "id",
    "url",
    "page",
    "title",
    "summary",
    "description",
    "authors",
    "author_sort_names",
    "author_kinds",
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
    "cover",
    "cover_alt",
    "published_at",
    "changed_at",
]


def render(resources: Iterable, origin: str) -> Iterator[str]:
    writer = csv.writer(Passed())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for resource in resources:
        values = row(resource, origin)
        yield writer.writerow(cell(values[column]) for column in COLUMNS)


class Passed:
    """A file that hands each row on instead of keeping it."""

    def write(self, text):
        return text


def row(resource, origin: str) -> dict:
    """
    The value of each column: text, or a list of texts.

    An author without a name to sort by has the name there, so that the three lists
    about authors are equally long.
    """
    publisher, programme = resource.publisher, resource.programme
    picture = cover(resource, origin)
    return {
        "id": str(resource.pk),
        "url": permanent_url(resource, origin),
        "page": page_url(resource, origin),
        "title": resource.title,
        "summary": resource.summary,
        "description": resource.description,
        "authors": [one.name for one in resource.credits],
        "author_sort_names": [one.sort_name or one.name for one in resource.credits],
        "author_kinds": [one.kind for one in resource.credits],
        "publisher": publisher.name if publisher else "",
        "publisher_kind": publisher.kind if publisher else "",
        "programme": programme.slug if programme else "",
        "type": resource.type.slug,
        "themes": [theme.slug for theme in resource.themes.all()],
        "regions": [region.slug for region in resource.regions.all()],
        "countries_of_origin": [c.code for c in resource.countries_of_origin.all()],
        "countries_of_residence": [
            c.code for c in resource.countries_of_residence.all()
        ],
        "language": resource.language,
        "year": str(resource.year or ""),
        "source_url": resource.source_url,
        "doi": resource.doi,
        "isbn": resource.isbn,
        "cover": picture["url"] if picture else "",
        "cover_alt": resource.cover_alt,
        "published_at": utc(resource.published_at) or "",
        "changed_at": utc(resource.changed_at) or "",
    }


def cell(value: str | list[str]) -> str:
    if isinstance(value, list):
        value = "|".join(re.sub(r"([|\\])", r"\\\1", item) for item in value)
    return f"'{value}" if value.startswith(DANGEROUS) else value


def read(lines: Iterable[str]) -> Iterator[dict]:
    """
    The rows of such a file as row() gave them.

    The lines keep their ends: open(…, newline=""). Raises csv.Error or ValueError
    where a row does not fit.
    """
    reader = csv.reader(lines, strict=True)
    columns = [name.removeprefix("\ufeff") for name in next(reader, [])]
    for values in filter(None, reader):
        cells = zip(columns, values, strict=True)
        yield {column: original(column, text) for column, text in cells}


def original(column: str, text: str) -> str | list[str]:
    if text.startswith("'") and text[1:].startswith(DANGEROUS):
        text = text[1:]
    if column not in LISTS:
        return text
    items = re.findall(r"(?:[^|\\]|\\.)+", text, re.DOTALL)
    return [re.sub(r"\\(.)", r"\1", item, flags=re.DOTALL) for item in items]
