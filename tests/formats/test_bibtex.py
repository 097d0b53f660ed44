"""BibTeX, read back by a parser."""

import bibtexparser
import pytest
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    SeparateCoAuthors,
    SplitNameParts,
)

from resources.formats import bibtex
from resources.models import Contributor, ResourceType

from ..factories import make_contributor
from .parsing import ORIGIN, all_documents, bibtex_entries, text_of


def test_bibtex_is_read_back(catalogue):
    entries = bibtex_entries(text_of(bibtex))
    keys = [entry.key for entry in entries]
    assert len(set(keys)) == len(keys) == len(all_documents())
    for entry, document in zip(entries, all_documents(), strict=True):
        assert entry.key.isascii() and entry.key.endswith(f"-{document.id}")
        assert entry["title"] == bibtex.title(document.title)
        for field in entry.fields:
            # As BibTeX itself counts: a backslash does not hide a brace.
            assert field.value.count("{") == field.value.count("}")
        needed = {
            "techreport": {"author", "title", "institution", "year"},
            "book": {"author", "title", "publisher", "year"},
            "article": {"author", "title", "journal", "year"},
            "manual": {"title"},
            "booklet": {"title"},
            "proceedings": {"title", "year"},
            "misc": set(),
        }
        found = set(entry.fields_dict)
        if entry.entry_type == "book" and not document.authors:
            needed["book"] = {"editor", "title", "publisher", "year"}
        assert needed[entry.entry_type] <= found


def test_bibtex_names_are_split_as_they_were(catalogue):
    library = bibtexparser.parse_string(
        text_of(bibtex), append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    for entry, document in zip(library.entries, all_documents(), strict=True):
        names = entry.fields_dict["author"].value if document.authors else []
        assert len(names) == len(document.authors)
        for name, contributor in zip(names, document.authors, strict=True):
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
        "  title = {Diaspora \\& {Development}},\n"
        "  year = {2011},\n"
        "  institution = {World Bank},\n"
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


# What no type of entry may have, as BibTeX (btxdoc) and biblatex (blx-dm.def) list it.
EVERYWHERE = {"title", "year", "doi", "url", "language", "keywords", "abstract"}
EVERYWHERE |= {"addendum"}
OTHERS = {"editor", "translator", "editora", "editoratype"}
KNOWN = {
    "article": {"author", "journal", "volume", "number", "pages", *OTHERS},
    "book": {"author", "publisher", "isbn", *OTHERS},
    "booklet": {"author", "editor", "howpublished", "note"},
    "manual": {"author", "editor", "organization", "isbn"},
    "misc": {"author", "editor", "howpublished", "note"},
    "proceedings": {"editor", "publisher", "isbn"},
    "techreport": {"author", "institution", "type", "note"},
}


@pytest.mark.parametrize("authors", [["Ada Lovelace"], []])
def test_bibtex_fields_are_known_to_their_type(vocabularies, make_resource, authors):
    for type in ResourceType.objects.all():
        make_resource(
            type=type.name,
            authors=authors,
            editors=["Ed"],
            translators=["Tom"],
            contributors=["Cy"],
            funders=["Fund"],
            publisher="IOM",
            year=2009,
            isbn="978-92-9068-560-9",
            volume="1",
            issue="2",
            pages="3",
            doi="10.1234/x",
            themes=["Health"],
        )
    for entry in bibtex_entries(text_of(bibtex)):
        assert set(entry.fields_dict) <= KNOWN[entry.entry_type] | EVERYWHERE


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("Report", "techreport"),
        ("Working paper", "techreport"),
        ("Conference report", "techreport"),
        ("Handbook", "manual"),
        ("Toolkit", "manual"),
        ("Guide", "manual"),
        ("Brochure", "booklet"),
        ("Book", "book"),
        ("Article", "article"),
        ("Journal article", "article"),
        ("Video", "misc"),
        ("Map", "misc"),
    ],
)
def test_bibtex_types(make_resource, type, kind):
    make_resource(type=type, authors=["Ada"], publisher="IOM", year=2009)
    assert bibtex_entries(text_of(bibtex))[0].entry_type == kind


def test_bibtex_proceedings_have_no_author(make_resource):
    make_resource(type="Conference report", publisher="IOM", year=2009)
    assert bibtex_entries(text_of(bibtex))[0].entry_type == "proceedings"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("MIDA Ghana Health project", "{MIDA} {Ghana} {Health} project"),
        ("The MIDA experience", "The {MIDA} experience"),
        ("Beyond remittances: the view", "Beyond remittances: the view"),
        ("iDiaspora & R&D", r"{iDiaspora} \& {R\&D}"),
        ("L'expérience de l’Afrique", "L'expérience de {l’Afrique}"),
        ("A.MI.CO. – Associazioni", "{A.MI.CO.} – {Associazioni}"),
        ("دليل المهاجرين", "دليل المهاجرين"),
    ],
)
def test_bibtex_keeps_capitals(title, expected):
    assert bibtex.title(title) == expected


def test_bibtex_names(make_resource):
    make_contributor("Ministry of Health, Finland", Contributor.Kind.ORGANISATION)
    make_resource(authors=["Ministry of Health, Finland", "Samuel Adams Cole, Jr."])
    [entry] = bibtex_entries(text_of(bibtex))
    assert entry["author"] == (
        "{Ministry of Health, Finland} and Cole, Jr., Samuel Adams"
    )
