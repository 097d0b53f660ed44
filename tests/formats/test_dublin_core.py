"""Dublin Core."""

import pytest
from lxml import etree

from resources.formats import dublin_core
from resources.formats.values import line
from resources.models import Country, Region, ResourceType

from .parsing import ORIGIN, all_documents, document_of, text_of

DC = "{http://purl.org/dc/elements/1.1/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def dc_values(resource, name):
    root = etree.fromstring(dublin_core.element(document_of(resource), ORIGIN))
    return [element.text for element in root.iter(DC + name)]


def test_dublin_core_is_read_back(catalogue):
    root = etree.fromstring(text_of(dublin_core).encode())
    assert root.tag == "records" and len(root) == len(all_documents())
    for record, document in zip(root, all_documents(), strict=True):
        assert record.tag == f"{{{dublin_core.NAMESPACE}}}dc"
        assert record.findtext(DC + "title") == line(document.title)
        assert len(record.findall(DC + "creator")) == len(document.authors)
        for element in record:
            assert element.tag.startswith(DC) and element.text.strip()


def test_dublin_core_of_one_resource_has_no_wrapper(make_resource):
    resource = make_resource()
    root = etree.fromstring(text_of(dublin_core, [document_of(resource)]).encode())
    assert root.tag == f"{{{dublin_core.NAMESPACE}}}dc"
    assert root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation") == (
        "http://www.openarchives.org/OAI/2.0/oai_dc/ "
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    )


def test_dublin_core_of_a_full_record(make_resource):
    finland = Country.objects.create(code="FI", name="Finland")
    somalia = Country.objects.create(code="SO", name="Somalia")
    africa = Region.objects.create(code="002", name="Africa", slug="africa")
    resource = make_resource(
        title="A < B",
        language="fr",
        authors=["Ada Lovelace"],
        publisher="IOM",
        themes=["Health"],
        regions=[africa],
        countries_of_origin=[somalia, finland],
        countries_of_residence=[finland],
        year=2009,
        doi="10.1234/a<b>#c",
        isbn="978-92-9068-560-9",
        source_url="https://example.org/?a&b",
    )
    root = etree.fromstring(dublin_core.element(document_of(resource), ORIGIN))
    assert [(element.tag.removeprefix(DC), element.text) for element in root] == [
        ("title", "A < B"),
        ("creator", "Lovelace, Ada"),
        ("subject", "Health"),
        ("description", "What it is about."),
        ("publisher", "IOM"),
        ("date", "2009"),
        ("type", "Report"),
        ("type", "Text"),
        ("identifier", f"{ORIGIN}/resources/{resource.pk}/"),
        ("identifier", "https://doi.org/10.1234/a%3Cb%3E%23c"),
        ("identifier", "urn:isbn:9789290685609"),
        ("language", "fr"),
        ("relation", "https://example.org/?a&b"),
        ("coverage", "Finland"),
        ("coverage", "Somalia"),
        ("coverage", "Africa"),
        ("type", "http://purl.org/coar/resource_type/c_93fc"),
        ("rights", dublin_core.RIGHTS),
    ]
    assert root.find(DC + "title").get(XML_LANG) == "fr"


def test_dublin_core_says_what_is_no_text(make_resource):
    for name, kind in [("Video", "MovingImage"), ("Toolkit", "Text")]:
        assert dc_values(make_resource(type=name), "type")[:2] == [name, kind]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/Report.PDF", ["application/pdf"]),
        ("https://example.org/a.html?file=b.pdf", ["text/html"]),
        ("https://example.org/report.pdf/", ["application/pdf"]),
        ("https://example.org/read?file=b.pdf", []),
        ("https://example.pdf", []),
        ("https://example.org/version.2", []),
        ("", []),
    ],
)
def test_the_format_is_given_if_the_address_tells_it(make_resource, address, expected):
    assert dc_values(make_resource(source_url=address), "format") == expected


def test_each_type_of_the_vocabulary_has_its_uri(vocabularies, make_resource):
    slugs = set(ResourceType.objects.values_list("slug", flat=True))
    assert slugs == dublin_core.COAR_TYPES.keys()
    for resource_type in ResourceType.objects.all():
        values = dc_values(make_resource(type=resource_type.name), "type")
        assert values[0] == resource_type.name
        assert values[2].startswith("http://purl.org/coar/resource_type/c_")
    assert len(dc_values(make_resource(type="Of our own"), "type")) == 2
