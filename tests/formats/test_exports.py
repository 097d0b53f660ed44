"""The formats that resources leave in: each file is read back by a parser."""

import csv as stdlib_csv
import io
import json as stdlib_json
from itertools import islice

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    SeparateCoAuthors,
    SplitNameParts,
)
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from resources.formats import FORMATS, bibtex, csl, csv, dublin_core, json, ris
from resources.models import Contributor, Country, Region, Resource
from tests import factories
from tests.factories import make_contributor

ORIGIN = "https://catalogue.example"
DC = "{http://purl.org/dc/elements/1.1/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def rows():
    return Resource.objects.published().for_export().order_by("pk")


def text_of(module, resources=None):
    return "".join(module.render(rows() if resources is None else resources, ORIGIN))


def strict_json(text):
    def unique(pairs):
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    def refuse(constant):
        raise ValueError(constant)

    return stdlib_json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def bibtex_entries(text):
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return library.entries


def one_of(resource):
    return rows().get(pk=resource.pk)


def dc_values(resource, name):
    root = etree.fromstring(dublin_core.element(one_of(resource), ORIGIN))
    return [element.text for element in root.iter(DC + name)]


# What all formats have in common


def test_formats_are_all_alike():
    assert set(FORMATS) == {"ris", "bib", "csl.json", "csv", "json", "xml"}
    for extension, module in FORMATS.items():
        assert module.EXTENSION == extension
        assert module.NAME and "/" in module.CONTENT_TYPE


@pytest.mark.parametrize("module", FORMATS.values(), ids=FORMATS)
def test_formats_stream(sample, module):
    """The beginning is there before the end of the catalogue is read."""

    def first_and_then_failing():
        yield from islice(rows(), 3)
        raise AssertionError("read too far")

    pieces = module.render(first_and_then_failing(), ORIGIN)
    assert len("".join(islice(pieces, 3))) > 100


@pytest.mark.parametrize("module", FORMATS.values(), ids=FORMATS)
def test_formats_take_an_empty_result(db, module):
    text = text_of(module)
    if module in {json, csl}:
        assert strict_json(text) == []
    elif module is dublin_core:
        assert len(etree.fromstring(text.encode())) == 0
    elif module is csv:
        assert list(csv.read([text])) == []
    else:
        assert text == ""


@pytest.mark.parametrize("module", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("count", [1, 12])
def test_formats_cost_the_same_at_any_length(
    make_resource, django_assert_num_queries, module, count
):
    finland = Country.objects.create(code="FI", name="Finland")
    for n in range(count):
        make_resource(
            authors=[f"A {n}", f"B {n}"],
            themes=["Health"],
            publisher="IOM",
            programme="MIDA",
            countries_of_origin=[finland],
        )
    # Resources, credits, regions, countries of origin and of residence, themes.
    with django_assert_num_queries(6):
        text_of(module)


@pytest.mark.parametrize("module", FORMATS.values(), ids=FORMATS)
def test_formats_are_in_no_language(sample, module):
    with override("ar"):
        arabic = text_of(module)
    assert arabic == text_of(module)


@pytest.mark.parametrize(
    "module", [ris, bibtex, csl, dublin_core], ids=lambda m: m.NAME
)
def test_no_control_characters_are_left(hostile, module):
    text = text_of(module)
    for character in "\x08\x0b\x0c\x1b\x7f\x85\u2028\ufffe":
        assert character not in text


# RIS


def test_ris_is_read_back(catalogue):
    entries = rispy.loads(text_of(ris))
    assert len(entries) == rows().count()
    for entry, resource in zip(entries, rows(), strict=True):
        assert entry["id"] == str(resource.pk)
        assert entry["title"] == json.line(resource.title)
        assert len(entry.get("authors", [])) == len(resource.credits)
        assert entry["urls"] == [f"{ORIGIN}/resources/{resource.pk}/"]
        assert "unknown_tag" not in entry


def test_ris_line_by_line(make_resource):
    resource = make_resource(
        title="The MIDA\nExperience",
        summary="Ten years & more.",
        authors=["Ada Lovelace"],
        publisher="IOM",
        themes=["Health", "Policy"],
        year=2009,
        isbn="978-92-9068-560-9",
        doi="10.1234/x",
        source_url="https://example.org/a",
    )
    assert text_of(ris) == (
        "TY  - RPRT\r\n"
        f"ID  - {resource.pk}\r\n"
        "AU  - Lovelace, Ada\r\n"
        "TI  - The MIDA Experience\r\n"
        "PB  - IOM\r\n"
        "PY  - 2009\r\n"
        "AB  - Ten years & more.\r\n"
        "KW  - Health\r\n"
        "KW  - Policy\r\n"
        "LA  - en\r\n"
        "M3  - Report\r\n"
        "SN  - 978-92-9068-560-9\r\n"
        "DO  - 10.1234/x\r\n"
        f"UR  - {ORIGIN}/resources/{resource.pk}/\r\n"
        "L2  - https://example.org/a\r\n"
        "ER  - \r\n\r\n"
    )


def test_ris_puts_an_article_into_its_periodical(make_resource):
    make_resource(type="Journal article", publisher="Human Resources for Health")
    text = text_of(ris)
    assert text.startswith("TY  - JOUR\r\n")
    assert "T2  - Human Resources for Health\r\n" in text
    assert "PB  - " not in text


# BibTeX


def test_bibtex_is_read_back(catalogue):
    entries = bibtex_entries(text_of(bibtex))
    keys = [entry.key for entry in entries]
    assert len(set(keys)) == len(keys) == rows().count()
    for entry, resource in zip(entries, rows(), strict=True):
        assert entry.key.isascii() and entry.key.endswith(f"-{resource.pk}")
        assert entry["title"] == bibtex.escape(resource.title)
        for field in entry.fields:
            # As BibTeX itself counts: a backslash does not hide a brace.
            assert field.value.count("{") == field.value.count("}")
        needed = {
            "techreport": {"author", "title", "institution", "year"},
            "book": {"author", "title", "publisher", "year"},
            "article": {"author", "title", "journal", "year"},
            "misc": set(),
        }
        assert needed[entry.entry_type] <= set(entry.fields_dict)


def test_bibtex_names_are_split_as_they_were(catalogue):
    library = bibtexparser.parse_string(
        text_of(bibtex), append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    for entry, resource in zip(library.entries, rows(), strict=True):
        names = entry.fields_dict["author"].value if resource.credits else []
        assert len(names) == len(resource.credits)
        for name, contributor in zip(names, resource.credits, strict=True):
            if not contributor.given:
                # One whole name in braces of its own.
                assert name.last == [f"{{{bibtex.escape(contributor.name)}}}"]


def test_bibtex_means_what_it_says(make_resource):
    make_resource(title="50 % of $1 & #2: a_b ~d e \\f", authors=["Ada Lovelace"])
    library = bibtexparser.parse_string(
        text_of(bibtex), append_middleware=[LatexDecodingMiddleware()]
    )
    assert library.entries[0]["title"] == "50 % of $1 & #2: a_b ~d e \\f"


def test_bibtex_escapes_what_tex_reads():
    assert bibtex.escape("& % $ # _") == r"\& \% \$ \# \_"
    assert bibtex.escape("{~^\\}") == (
        r"\textbraceleft{}\textasciitilde{}\textasciicircum{}"
        r"\textbackslash{}\textbraceright{}"
    )


def test_bibtex_entry(make_resource):
    make_contributor("World Bank", Contributor.Kind.ORGANISATION)
    resource = make_resource(
        title="Diaspora & Development",
        summary="What it is.",
        authors=["World Bank", "Dilip Ratha"],
        publisher="World Bank",
        year=2011,
        doi="10.1234/a_b",
    )
    assert text_of(bibtex) == (
        f"@techreport{{world2011-{resource.pk},\n"
        "  author = {{World Bank} and Ratha, Dilip},\n"
        "  title = {Diaspora \\& Development},\n"
        "  institution = {World Bank},\n"
        "  year = {2011},\n"
        "  type = {Report},\n"
        "  doi = {10.1234/a_b},\n"
        f"  url = {{{ORIGIN}/resources/{resource.pk}/}},\n"
        "  language = {en},\n"
        "  abstract = {What it is.},\n"
        "}\n\n"
    )


@pytest.mark.parametrize(
    "lacking", [{"year": None}, {"publisher": None}, {"authors": []}], ids=str
)
def test_bibtex_is_misc_when_a_needed_field_is_unknown(make_resource, lacking):
    known = {"authors": ["Ada"], "publisher": "IOM", "year": 2009, "type": "Book"}
    make_resource(**known)
    make_resource(**known | lacking)
    assert [e.entry_type for e in bibtex_entries(text_of(bibtex))] == ["book", "misc"]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"authors": ["Zoë Ångström"], "year": 2001}, "angstrom2001-"),
        ({"title": "A.MI.CO. – Associazioni"}, "a-"),
        ({"title": "題名"}, "resource-"),
        ({"title": "!!!"}, "resource-"),
        ({"authors": ["محمد الخوري"], "year": 2020}, "resource2020-"),
    ],
)
def test_bibtex_keys_are_ascii(make_resource, fields, key):
    resource = make_resource(**fields)
    assert bibtex_entries(text_of(bibtex))[0].key == f"{key}{resource.pk}"


# CSL-JSON


def test_csl_is_read_back(catalogue):
    items = strict_json(text_of(csl))
    assert len(items) == rows().count()
    for item, resource in zip(items, rows(), strict=True):
        assert item["id"] == item["URL"] == f"{ORIGIN}/resources/{resource.pk}/"
        assert item["title"] == json.line(resource.title)
        assert all(item.values())
        if resource.year:
            assert item["issued"] == {"date-parts": [[resource.year]]}


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
            "genre": "Book",
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
        ("Other", "GEN", "document"),
    ],
)
def test_types(make_resource, kind, in_ris, in_csl):
    make_resource(type=kind)
    assert text_of(ris).startswith(f"TY  - {in_ris}\r\n")
    assert strict_json(text_of(csl))[0]["type"] == in_csl


# JSON


def test_json_is_read_back(catalogue):
    items = strict_json(text_of(json))
    assert len(items) == rows().count()
    for item, resource in zip(items, rows(), strict=True):
        assert item == json.as_json(resource, ORIGIN)
        assert item["id"] == resource.pk
        assert [author["id"] for author in item["authors"]] == [
            contributor.pk for contributor in resource.credits
        ]
    assert len({tuple(item) for item in items}) == 1


def test_json_of_a_full_record(make_resource):
    finland = Country.objects.create(code="FI", name="Finland", name_fr="Finlande")
    africa = Region.objects.create(code="002", name="Africa", slug="africa")
    iom = make_contributor("IOM", Contributor.Kind.ORGANISATION)
    resource = make_resource(
        title="Health & work",
        authors=["Ada Lovelace", "IOM"],
        programme="MIDA",
        publisher="IOM",
        themes=["Health"],
        regions=[africa],
        countries_of_residence=[finland],
        year=2009,
        **factories.cover("A cover", "abc"),
    )
    with override("fr"):
        found = json.as_json(one_of(resource), ORIGIN)
    ada = resource.credits[0]
    assert found.pop("published_at").endswith("Z")
    assert found.pop("changed_at").endswith("Z")
    assert found == {
        "id": resource.pk,
        "url": f"{ORIGIN}/resources/{resource.pk}/",
        "page": f"{ORIGIN}/resources/{resource.pk}/health-work/",
        "title": "Health & work",
        "summary": "What it is about.",
        "description": None,
        "language": "en",
        "type": {"slug": "report", "name": "Report"},
        "programme": {"slug": "mida", "name": "MIDA"},
        "themes": [{"slug": "health", "name": "Health"}],
        "regions": [{"code": "002", "slug": "africa", "name": "Africa"}],
        "countries_of_origin": [],
        "countries_of_residence": [{"code": "FI", "name": "Finland"}],
        "authors": [
            {
                "id": ada.pk,
                "name": "Ada Lovelace",
                "kind": "person",
                "family": "Lovelace",
                "given": "Ada",
            },
            {
                "id": iom.pk,
                "name": "IOM",
                "kind": "organisation",
                "family": None,
                "given": None,
            },
        ],
        "publisher": {"id": iom.pk, "name": "IOM"},
        "year": 2009,
        "source_url": None,
        "doi": None,
        "isbn": None,
        "cover": {
            "url": f"{ORIGIN}/covers/{resource.pk}/abc-960.webp",
            "width": 960,
            "height": 1280,
            "alt": "A cover",
        },
    }


# CSV


def test_csv_is_read_back_without_loss(catalogue):
    text = text_of(csv)
    assert text.startswith("\ufeffid,url,")
    found = list(csv.read(io.StringIO(text, newline="")))
    assert found == [csv.row(resource, ORIGIN) for resource in rows()]
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


# Dublin Core


def test_dublin_core_is_read_back(catalogue):
    root = etree.fromstring(text_of(dublin_core).encode())
    assert root.tag == "records" and len(root) == rows().count()
    for record, resource in zip(root, rows(), strict=True):
        assert record.tag == f"{{{dublin_core.NAMESPACE}}}dc"
        assert record.findtext(DC + "title") == json.line(resource.title)
        assert len(record.findall(DC + "creator")) == len(resource.credits)
        for element in record:
            assert element.tag.startswith(DC) and element.text.strip()


def test_dublin_core_of_one_resource_has_no_wrapper(make_resource):
    resource = make_resource()
    root = etree.fromstring(text_of(dublin_core, [one_of(resource)]).encode())
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
    root = etree.fromstring(dublin_core.element(one_of(resource), ORIGIN))
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
    ] or {e.text for e in root.iter(DC + "coverage")} == {
        "Finland",
        "Somalia",
        "Africa",
    }
    assert root.find(DC + "title").get(XML_LANG) == "fr"


def test_dublin_core_says_what_is_no_text(make_resource):
    assert dc_values(make_resource(type="Video"), "type") == ["Video", "MovingImage"]
    assert dc_values(make_resource(type="Toolkit"), "type") == ["Toolkit", "Text"]


# Names


@pytest.mark.parametrize(
    ("name", "sort_name", "family", "given_names"),
    [
        ("Ada Lovelace", "", "Lovelace", "Ada"),
        ("Dovelyn Rannveig Agunias", "", "Agunias", "Dovelyn Rannveig"),
        (
            "Gabriel García Márquez",
            "García Márquez, Gabriel",
            "García Márquez",
            "Gabriel",
        ),
        ("Suharto", "", "Suharto", ""),
        ("Kaʻiulani Smith", "", "Smith", "Kaʻiulani"),
        ("محمد الخوري", "", "محمد الخوري", ""),
        ("محمد الخوري", "الخوري, محمد", "الخوري", "محمد"),
        ("山田 太郎", "", "山田 太郎", ""),
        ("Пётр Иванов", "", "Пётр Иванов", ""),
        ("Пётр Иванов", "Иванов, Пётр", "Иванов", "Пётр"),
    ],
)
def test_names_of_people_are_split(name, sort_name, family, given_names):
    person = Contributor(name=name, sort_name=sort_name)
    assert (person.family, person.given) == (family, given_names)


def test_names_of_organisations_are_not_split():
    organisation = Contributor(
        name="Ministry of Health, Finland",
        sort_name="Health, Ministry of",
        kind=Contributor.Kind.ORGANISATION,
    )
    assert (organisation.family, organisation.given) == ("", "")
