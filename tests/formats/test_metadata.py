"""What the head of a page tells machines."""

import json
import re

import pytest
from django.utils.text import Truncator

from resources.formats import bibtex, csl, dublin_core, metadata, ris
from resources.models import Contributor, Country, Region
from resources.texts import cut

from .. import factories
from ..factories import make_contributor
from .parsing import ORIGIN, all_documents, document_of, strict_json, text_of

PAGE = f"{ORIGIN}/fr/resources/1/x/"


def values(pairs, name):
    return [content for key, content in pairs if key == name]


def highwire_of(resource):
    return metadata.highwire(document_of(resource), ORIGIN)


def json_ld_of(resource):
    return metadata.json_ld(document_of(resource), ORIGIN, PAGE)


def everything_in(data):
    yield data
    for value in data.values() if isinstance(data, dict) else data:
        if isinstance(value, dict | list):
            yield from everything_in(value)
        else:
            yield value


@pytest.fixture
def full(make_resource):
    make_contributor("IOM", Contributor.Kind.ORGANISATION)
    return make_resource(
        title="Health & work",
        summary="Word " * 100,
        language="fr",
        authors=["Ada Lovelace", "IOM"],
        programme="MIDA",
        publisher="IOM",
        themes=["Health", "Youth"],
        regions=[Region.objects.create(code="002", name="Africa", slug="africa")],
        countries_of_origin=[Country.objects.create(code="SO", name="Somalia")],
        year=2009,
        published_at="2019-05-14T23:30:00Z",
        doi="10.1234/a_b",
        isbn="978-92-9068-560-9",
        source_url="https://example.org/a",
        **factories.cover("A cover", "abc"),
    )


# Google Scholar and Dublin Core


def test_highwire_of_a_full_record(full):
    assert highwire_of(full) == [
        ("citation_title", "Health & work"),
        ("citation_author", "Lovelace, Ada"),
        ("citation_author", "IOM"),
        ("citation_publication_date", "2009"),
        ("citation_technical_report_institution", "IOM"),
        ("citation_isbn", "978-92-9068-560-9"),
        ("citation_doi", "10.1234/a_b"),
        ("citation_language", "fr"),
        ("citation_keywords", "Health"),
        ("citation_keywords", "Youth"),
        ("citation_abstract_html_url", f"{ORIGIN}/resources/{full.pk}/health-work/"),
        ("DC.title", "Health & work"),
        ("DC.creator", "Lovelace, Ada"),
        ("DC.creator", "IOM"),
        ("DC.subject", "Health"),
        ("DC.subject", "Youth"),
        ("DC.publisher", "IOM"),
        ("DC.issued", "2009"),
        ("DC.type", "Report"),
        ("DC.type", "Text"),
        ("DC.identifier", f"{ORIGIN}/resources/{full.pk}/"),
        ("DC.identifier", "https://doi.org/10.1234/a_b"),
        ("DC.identifier", "urn:isbn:9789290685609"),
        ("DC.language", "fr"),
        ("DC.coverage", "Somalia"),
        ("DC.coverage", "Africa"),
    ]


def test_highwire_does_not_make_up_a_year(make_resource):
    assert not values(highwire_of(make_resource()), "citation_publication_date")


def test_highwire_keeps_organisations_whole(make_resource):
    make_contributor("Ministry of Health, Finland", Contributor.Kind.ORGANISATION)
    pairs = highwire_of(make_resource(authors=["Ministry of Health, Finland"]))
    [author] = values(pairs, "citation_author")
    # A comma would end the family name: this one only looks like it.
    assert author == "Ministry of Health‚ Finland" and "," not in author


def test_a_work_without_a_year_has_no_date(client, make_resource):
    resource = make_resource(published_at="2019-05-14T23:30:00.123456Z")
    document = document_of(resource)
    pairs = metadata.highwire(document, ORIGIN)
    texts = [json.dumps([pairs, json_ld_of(resource)])]
    texts += [text_of(one, [document]) for one in [ris, bibtex, csl, dublin_core]]
    for text in texts:
        assert "2019" not in text and "date" not in text.lower()
    page = client.get(resource.get_absolute_url()).text
    assert "2019" in page and "<time" not in page


def test_times_on_a_page_are_valid(client, make_resource):
    """https://html.spec.whatwg.org/#the-time-element"""
    resource = make_resource(year=2009, published_at="2019-05-14T23:30:00.123456Z")
    page = client.get(resource.get_absolute_url()).text
    assert re.findall('<time datetime="(.*?)"', page) == ["2019-05-14T23:30:00+00:00"]


@pytest.mark.parametrize(
    ("type", "tag"),
    [
        ("Study", "citation_technical_report_institution"),
        ("Working paper", "citation_technical_report_institution"),
        ("Book", "citation_publisher"),
        ("Journal article", "citation_journal_title"),
        ("Video", "citation_publisher"),
    ],
)
def test_highwire_names_the_publisher_as_the_type_asks(make_resource, type, tag):
    pairs = highwire_of(make_resource(type=type, publisher="IOM"))
    assert values(pairs, tag) == ["IOM"]


# Open Graph


def test_open_graph_of_a_full_record(full):
    pairs = metadata.open_graph(document_of(full), ORIGIN, "fr")
    [description] = values(pairs, "og:description")
    assert len(description) <= 200
    pairs.remove(("og:description", description))
    assert pairs == [
        ("og:title", "Health & work"),
        ("og:type", "article"),
        ("og:url", f"{ORIGIN}/fr/resources/{full.pk}/health-work/"),
        ("og:site_name", "iDiaspora Resources"),
        ("og:locale", "fr_FR"),
        ("og:image", f"{ORIGIN}/covers/{full.pk}/abc-960.webp"),
        ("og:image:type", "image/webp"),
        ("og:image:width", "960"),
        ("og:image:height", "1280"),
        ("og:image:alt", "A cover"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *["", "x" * 200, "x" * 201, "é" * 201, "م" * 300, "👩‍👩‍👧" * 100],
        # Marks that become one with their letter, and marks that do not.
        *["e\u0301" * 200, "e\u0301" * 201, "x\u0323\u0307" * 201, "مُ" * 201],
    ],
    ids=ascii,
)
def test_texts_are_cut_as_django_does(text):
    assert cut(text, 200) == Truncator(text).chars(200)


def test_open_graph_of_a_book(make_resource):
    book = make_resource(type="Book", isbn="978-92-9068-560-9")
    pairs = metadata.open_graph(document_of(book), ORIGIN, "en")
    assert values(pairs, "og:type") == ["book"]
    assert values(pairs, "book:isbn") == ["978-92-9068-560-9"]
    assert not values(pairs, "og:image")


def test_pairs_are_single_lines_and_never_empty(catalogue):
    for document in all_documents():
        pairs = metadata.highwire(document, ORIGIN)
        pairs += metadata.open_graph(document, ORIGIN, "ar")
        for name, content in pairs:
            assert isinstance(content, str) and content.strip(), name
            assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", content), name


# schema.org


def test_json_ld_of_a_full_record(full):
    found = json_ld_of(full)
    assert found == {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": f"{ORIGIN}/resources/{full.pk}/",
        "url": PAGE,
        "name": "Health & work",
        "headline": "Health & work",
        "abstract": "Word " * 100,
        "author": [
            {
                "@type": "Person",
                "name": "Ada Lovelace",
                "familyName": "Lovelace",
                "givenName": "Ada",
            },
            {"@type": "Organization", "name": "IOM"},
        ],
        "publisher": {"@type": "Organization", "name": "IOM"},
        "producer": {"@type": "Project", "name": "MIDA"},
        "datePublished": "2009",
        "inLanguage": "fr",
        "genre": "Report",
        "keywords": ["Health", "Youth"],
        "spatialCoverage": [
            {"@type": "Country", "name": "Somalia", "identifier": "SO"},
            {"@type": "Place", "name": "Africa", "identifier": "002"},
        ],
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "DOI",
            "value": "10.1234/a_b",
            "url": "https://doi.org/10.1234/a_b",
        },
        "sameAs": ["https://doi.org/10.1234/a_b", "https://example.org/a"],
        "image": {
            "@type": "ImageObject",
            "url": f"{ORIGIN}/covers/{full.pk}/abc-960.webp",
            "width": 960,
            "height": 1280,
            "caption": "A cover",
        },
    }


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("Report", "Report"),
        ("Project brief", "Report"),
        ("A type of tomorrow", "Report"),
        ("Book", "Book"),
        ("Journal article", "ScholarlyArticle"),
        ("Toolkit", "LearningResource"),
        ("Course", "LearningResource"),
        ("Map", "Map"),
        ("Video", "CreativeWork"),
        ("Other", "CreativeWork"),
    ],
)
def test_json_ld_types(make_resource, type, expected):
    found = json_ld_of(make_resource(type=type, isbn="978-92-9068-560-9"))
    assert found["@type"] == expected
    assert ("isbn" in found) == (expected == "Book")
    assert ("learningResourceType" in found) == (expected == "LearningResource")


@pytest.mark.parametrize(
    ("length", "expected"),
    [(49, "CreativeWork"), (50, "Dataset"), (5000, "Dataset"), (5001, "CreativeWork")],
)
def test_json_ld_of_a_dataset_has_what_search_engines_require(
    make_resource, length, expected
):
    """https://developers.google.com/search/docs/appearance/structured-data/dataset"""
    resource = make_resource(type="Dataset", summary="x" * length)
    found = json_ld_of(resource)
    assert found["@type"] == metadata.schema_type(document_of(resource)) == expected
    assert ("description" in found) == (expected == "Dataset")


def test_json_ld_dates_are_those_of_the_work(make_resource):
    found = json.dumps(json_ld_of(make_resource(year=2009)))
    assert re.findall(r'"(\w*[dD]ate\w*)": "(.*?)"', found) == [
        ("datePublished", "2009")
    ]


def test_json_ld_puts_an_article_into_its_journal(make_resource):
    found = json_ld_of(make_resource(type="Journal article", publisher="Migration"))
    assert found["isPartOf"] == {"@type": "Periodical", "name": "Migration"}
    assert "publisher" not in found


def test_json_ld_has_no_empty_values(catalogue):
    for document in all_documents():
        data = metadata.json_ld(document, ORIGIN, PAGE)
        for value in everything_in(data):
            assert value not in ("", None, [], {}, False)
        assert strict_json(json.dumps(data)) == data


def test_breadcrumb():
    assert metadata.breadcrumb([("Home", f"{ORIGIN}/"), ("MIDA", PAGE)]) == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": 1,
                "name": "Home",
                "item": f"{ORIGIN}/",
            },
            {"@type": "ListItem", "position": 2, "name": "MIDA", "item": PAGE},
        ],
    }


def test_collection_page():
    found = metadata.collection_page("List", PAGE, [("A", "a"), ("B", "b")], 38, 11)
    assert found["@type"] == "CollectionPage" and found["url"] == PAGE
    assert "description" not in found
    assert found["mainEntity"] == {
        "@type": "ItemList",
        "numberOfItems": 38,
        "itemListElement": [
            {"@type": "ListItem", "position": 11, "name": "A", "url": "a"},
            {"@type": "ListItem", "position": 12, "name": "B", "url": "b"},
        ],
    }


def test_collection_page_without_items():
    found = metadata.collection_page("List", PAGE, [])
    assert found["mainEntity"] == {"@type": "ItemList", "numberOfItems": 0}


def test_website():
    found = metadata.website("Catalogue", f"{ORIGIN}/", f"{ORIGIN}/resources/", "en")
    assert found["@type"] == "WebSite" and found["inLanguage"] == "en"
    assert found["potentialAction"]["target"]["urlTemplate"] == (
        f"{ORIGIN}/resources/?q={{search_term_string}}"
    )
