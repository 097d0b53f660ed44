"""What Zotero makes of our RIS, by the rules of its importer: see zotero.py."""

import re

import pytest
from django.conf import settings

from resources.formats import ris
from resources.formats.values import COMMA_IN_NAMES, line
from resources.models import Contributor

from ..factories import make_contributor
from . import zotero
from .parsing import ORIGIN, all_documents, text_of


def imported(documents=None):
    return zotero.items(text_of(ris, documents))


def test_the_table_in_the_documentation_is_true(sample):
    """Where it fails, the table in docs/zotero.md has to become the one shown."""
    text = (settings.BASE_DIR / "docs" / "zotero.md").read_text()
    table = zotero.table(all_documents(), imported())
    assert len(all_documents()) == 38
    assert table in text, table


def test_every_demonstration_page_arrives_whole(sample):
    for document, item in zip(all_documents(), imported(), strict=True):
        assert item["title"] == document.title
        assert item["abstractNote"] == line(document.summary)
        assert item["tags"] == [theme.name for theme in document.themes]
        assert item["url"] == f"{ORIGIN}/resources/{document.id}/"
        assert item.get("date", "") == str(document.year or "")
        for creator, author in zip(item["creators"], document.creators, strict=True):
            whole = not author.given
            assert creator.get("fieldMode") == (1 if whole else None)
            assert creator["lastName"] == (author.name if whole else author.family)


@pytest.mark.parametrize(
    ("type", "expected", "more"),
    [
        ("Report", "report", {"institution": "IOM"}),
        ("Study", "report", {"institution": "IOM", "reportType": "Study"}),
        ("Brochure", "report", {"institution": "IOM", "reportType": "Brochure"}),
        ("Course", "report", {"institution": "IOM", "reportType": "Course"}),
        ("Newsletter", "report", {"institution": "IOM", "reportType": "Newsletter"}),
        ("Other", "report", {"institution": "IOM", "reportType": "Other"}),
        ("Book", "book", {"publisher": "IOM"}),
        ("Handbook", "book", {"publisher": "IOM"}),
        ("Article", "magazineArticle", {"publicationTitle": "IOM"}),
        ("Journal article", "journalArticle", {"publicationTitle": "IOM"}),
        ("Dataset", "dataset", {"repository": "IOM"}),
        ("Map", "map", {"publisher": "IOM"}),
        ("Video", "videoRecording", {"studio": "IOM"}),
    ],
)
def test_types_and_publishers(make_resource, type, expected, more):
    make_resource(type=type, publisher="IOM")
    [item] = imported()
    assert item["itemType"] == expected
    assert {name: item.get(name) for name in more} == more
    # A report that is nothing more is not called a report twice.
    assert ("reportType" in item) == ("reportType" in more)


@pytest.mark.parametrize(
    ("type", "field"), [("Book", "ISBN"), ("Report", "notes"), ("Article", "notes")]
)
def test_an_isbn_is_never_another_number(make_resource, type, field):
    make_resource(type=type, isbn="978-92-9068-560-9")
    [item] = imported()
    assert "978-92-9068-560-9" in item[field]
    others = {"ISBN", "ISSN", "reportNumber", "notes"} - {field}
    assert not others & set(item)


def test_organisations_stay_whole(make_resource):
    names = ["Ministry of Health, Finland", "A, B, and C", "World Bank"]
    for name in names:
        make_contributor(name, Contributor.Kind.ORGANISATION)
    make_resource(authors=names)
    [item] = imported()
    assert [
        one["lastName"].replace(COMMA_IN_NAMES, ",") for one in item["creators"]
    ] == names
    assert all(one["fieldMode"] == 1 for one in item["creators"])
    # EndNote and others take the last word for the family name, but for the comma.
    assert re.findall("AU  - (.*)\r", text_of(ris))[2] == "World Bank,"


def test_people_are_divided(make_resource):
    Contributor.objects.create(
        name="Samuel Adams Cole, Jr.", sort_name="Cole, Samuel Adams, Jr."
    )
    make_resource(authors=["Samuel Adams Cole, Jr.", "محمد الخوري", "Ada Lovelace"])
    [item] = imported()
    assert [zotero.name_of(one) for one in item["creators"]] == [
        "Cole, Samuel Adams, Jr.",
        "“محمد الخوري”",
        "Lovelace, Ada",
    ]


def test_where_an_article_stands(make_resource):
    make_resource(
        type="Journal article", publisher="IM", volume="17", issue="3", pages="15–27"
    )
    [item] = imported()
    assert (item["volume"], item["issue"], item["pages"]) == ("17", "3", "15-27")
    assert item["publicationTitle"] == "IM"
