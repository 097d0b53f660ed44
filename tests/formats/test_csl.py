"""CSL-JSON."""

import pytest

from resources.formats import csl, ris
from resources.formats.values import line
from resources.models import Contributor

from ..factories import make_contributor
from .parsing import ORIGIN, all_documents, strict_json, text_of


def test_csl_is_read_back(catalogue):
    items = strict_json(text_of(csl))
    assert len(items) == len(all_documents())
    for item, document in zip(items, all_documents(), strict=True):
        assert item["id"] == item["URL"] == f"{ORIGIN}/resources/{document.id}/"
        assert item["title"] == line(document.title)
        assert all(item.values())
        if document.year:
            assert item["issued"] == {"date-parts": [[document.year]]}


def test_csl_item(make_resource):
    make_contributor("World Bank", Contributor.Kind.ORGANISATION)
    resource = make_resource(
        title="Diaspora for Development",
        summary="What it is.",
        type="Book",
        authors=["Sonia Plaza", "World Bank", "محمد الخوري"],
        publisher="World Bank",
        year=2011,
    )
    assert strict_json(text_of(csl)) == [
        {
            "id": f"{ORIGIN}/resources/{resource.pk}/",
            "type": "book",
            "title": "Diaspora for Development",
            "author": [
                {"family": "Plaza", "given": "Sonia"},
                {"literal": "World Bank"},
                {"literal": "محمد الخوري"},
            ],
            "issued": {"date-parts": [[2011]]},
            "publisher": "World Bank",
            "abstract": "What it is.",
            "language": "en",
            "URL": f"{ORIGIN}/resources/{resource.pk}/",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "in_ris", "in_csl"),
    [
        ("Report", "RPRT", "report"),
        ("Handbook", "BOOK", "book"),
        ("Journal article", "JOUR", "article-journal"),
        ("Article", "MGZN", "article-magazine"),
        ("Working paper", "RPRT", "report"),
        ("Dataset", "DATA", "dataset"),
        ("Map", "MAP", "map"),
        ("Video", "VIDEO", "motion_picture"),
        ("A type of tomorrow", "RPRT", "report"),
        ("Other", "RPRT", "document"),
    ],
)
def test_types(make_resource, kind, in_ris, in_csl):
    make_resource(type=kind)
    assert text_of(ris).startswith(f"TY  - {in_ris}\r\n")
    assert strict_json(text_of(csl))[0]["type"] == in_csl


@pytest.mark.parametrize(
    ("type", "genre"),
    [
        *[(name, None) for name in ["Report", "Book", "Article", "Journal article"]],
        *[(name, None) for name in ["Map", "Video", "Dataset", "Brochure", "Other"]],
        *[(name, name) for name in ["Study", "Policy brief", "Handbook", "Course"]],
    ],
)
def test_the_genre_says_more_than_the_type(make_resource, type, genre):
    make_resource(type=type)
    assert strict_json(text_of(csl))[0].get("genre") == genre


def test_names(make_resource):
    make_contributor("Ministry of Health, Finland", Contributor.Kind.ORGANISATION)
    make_resource(authors=["Ministry of Health, Finland", "Samuel Adams Cole, Jr."])
    assert strict_json(text_of(csl))[0]["author"] == [
        {"literal": "Ministry of Health, Finland"},
        {"family": "Cole", "given": "Samuel Adams", "suffix": "Jr."},
    ]
