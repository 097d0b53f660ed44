"""Who did what, in each format: nobody who only shared a resource made it."""

import csv as python_csv
import io
import json as python_json
from xml.etree import ElementTree

import pytest

from resources import documents
from resources.formats import bibtex, csl, csv, dublin_core, json, metadata, mods, ris
from resources.formats.citations import citations
from resources.models import ROLES, Contributor, Resource, Role

from .. import factories
from .parsing import ORIGIN

pytestmark = pytest.mark.django_db
DC = "{http://purl.org/dc/elements/1.1/}"
MODS = "{http://www.loc.gov/mods/v3}"


def document_of(resource):
    [document] = documents.build(Resource.objects.filter(pk=resource.pk))
    return document


@pytest.fixture
def full(vocabularies):
    """A book in which each role is taken by somebody else."""
    resource = factories.make_resource(
        type="Book",
        year=2011,
        publisher="World Bank",
        authors=["Ann Author"],
        editors=["Ed Editor"],
        translators=["Tom Translator"],
        contributors=["Cy Contributor"],
        funders=["Fund Ltd."],
        shared_by=["Shirley Sharer"],
    )
    organisations = Contributor.objects.filter(name__in=["World Bank", "Fund Ltd."])
    organisations.update(kind="organisation")
    return document_of(resource)


@pytest.fixture
def edited(vocabularies):
    """A book of which only the editors are known, and who shared it."""
    resource = factories.make_resource(
        title="Diaspora for Development in Africa",
        type="Book",
        year=2011,
        publisher="World Bank",
        editors=["Sonia Plaza", "Dilip Ratha"],
        shared_by=["Shirley Sharer"],
    )
    Contributor.objects.filter(name="World Bank").update(kind="organisation")
    return document_of(resource)


def rendered(module, document):
    return "".join(module.render([document], ORIGIN))


@pytest.mark.parametrize("module", [bibtex, csl, dublin_core, mods, ris])
def test_who_shared_it_is_in_no_bibliographic_format(module, full):
    text = rendered(module, full)
    assert "Sharer" not in text
    for name in ["Author", "Editor", "Translator", "Contributor", "Fund Ltd"]:
        is_left_out = (module, name) == (csl, "Fund Ltd")
        assert (name in text) != is_left_out, name


def test_who_shared_it_is_in_no_citation_and_no_head_of_a_page(full, edited):
    for document in [full, edited]:
        texts = [one.text for one in citations(document, ORIGIN)]
        texts.append(str(metadata.highwire(document, ORIGIN)))
        texts.append(str(metadata.json_ld(document, ORIGIN, ORIGIN)))
        assert not [text for text in texts if "Sharer" in text]
        assert document.drawn_cover.credit == "World Bank"


def test_roles_of_bibtex_ris_and_csl(full):
    entry = rendered(bibtex, full)
    assert "@book{author2011-" in entry
    for field in [
        "author = {Author, Ann}",
        "editor = {Editor, Ed}",
        "translator = {Translator, Tom}",
        "editora = {Contributor, Cy}",
        "editoratype = {collaborator}",
        "addendum = {Funded by Fund Ltd.}",
    ]:
        assert field in entry
    lines = rendered(ris, full).split("\r\n")
    assert [line for line in lines if line[:2] in {"AU", "ED", "A4", "N1"}] == [
        "AU  - Author, Ann",
        "ED  - Editor, Ed",
        "A4  - Translator, Tom",
        "N1  - Contributors: Cy Contributor",
        "N1  - Funded by: Fund Ltd.",
    ]
    [item] = python_json.loads(rendered(csl, full))
    assert item["editor"] == [{"family": "Editor", "given": "Ed"}]
    assert item["translator"] == [{"family": "Translator", "given": "Tom"}]
    assert item["contributor"] == [{"family": "Contributor", "given": "Cy"}]


def test_roles_of_dublin_core_and_mods(full):
    record = ElementTree.fromstring(rendered(dublin_core, full))
    assert [one.text for one in record.findall(f"{DC}creator")] == ["Author, Ann"]
    assert [one.text for one in record.findall(f"{DC}contributor")] == [
        "Editor, Ed",
        "Translator, Tom",
        "Contributor, Cy",
        "Fund Ltd.",
    ]
    record = ElementTree.fromstring(rendered(mods, full))
    terms = record.findall(f"{MODS}name/{MODS}role/{MODS}roleTerm")
    assert [one.text for one in terms] == ["aut", "edt", "trl", "ctb", "fnd"]


def test_roles_of_the_head_of_a_page(full):
    pairs = metadata.highwire(full, ORIGIN)
    assert ("citation_author", "Author, Ann") in pairs
    assert ("citation_editor", "Editor, Ed") in pairs
    data = metadata.json_ld(full, ORIGIN, ORIGIN)
    for role, terms in ROLES.items():
        [agent] = data[terms.schema_org]
        assert agent["name"] == full.with_role(role)[0].name


def test_json_and_csv_have_all_and_say_who_shared_it(full):
    found = json.as_json(full, ORIGIN)
    names = {key: found[key][0]["name"] for key in json.ROLE_KEYS}
    assert names["editors"] == "Ed Editor" and names["shared_by"] == "Shirley Sharer"
    assert [one["name"] for one in found["authors"]] == ["Ann Author"]
    [row] = csv.read(io.StringIO(rendered(csv, full), newline=""))
    assert row["authors"] == ["Ann Author"]
    assert row["contributors"] == [
        "Ed Editor",
        "Tom Translator",
        "Cy Contributor",
        "Fund Ltd.",
    ]
    assert row["contributor_roles"] == [
        Role.EDITOR,
        Role.TRANSLATOR,
        Role.CONTRIBUTOR,
        Role.FUNDER,
    ]
    assert row["contributor_kinds"][-1] == "organisation"
    assert row["shared_by"] == ["Shirley Sharer"]
    [header, _row] = python_csv.reader(io.StringIO(rendered(csv, full), newline=""))
    assert len(header) == len(set(header))


def test_a_book_with_editors_alone_is_cited_under_them(edited):
    address = "https://example.org/"
    found = {one.name: one.text for one in citations(edited, address)}
    title = "Diaspora for Development in Africa"
    assert found == {
        "APA": f"Plaza, S., & Ratha, D. (Eds.). (2011). {title}. World Bank. {address}",
        "MLA": (
            f"Plaza, Sonia, and Dilip Ratha, editors. {title}. World Bank, 2011, "
            f"{address}."
        ),
        "Chicago": (
            f"Plaza, Sonia, and Dilip Ratha, eds. {title}. World Bank, 2011. {address}."
        ),
        "Harvard": (
            f"Plaza, S. and Ratha, D. (eds) (2011) {title}. World Bank. Available at: "
            f"{address}."
        ),
        "Vancouver": (
            f"Plaza S, Ratha D, editors. {title} [Internet]. World Bank; 2011. "
            f"Available from: {address}"
        ),
    }
    assert rendered(bibtex, edited).startswith("@book{plaza2011-")


def test_editors_and_translators_beside_authors(full):
    address = "https://example.org/"
    found = {one.name: one.text for one in citations(full, address)}
    title = full.title
    assert found == {
        "APA": (
            f"Author, A. (2011). {title} (E. Editor, Ed.; T. Translator, Trans.). "
            f"World Bank. {address}"
        ),
        "MLA": (
            f"Author, Ann. {title}. Edited by Ed Editor, translated by Tom "
            f"Translator, World Bank, 2011, {address}."
        ),
        "Chicago": (
            f"Author, Ann. {title}. Edited by Ed Editor. Translated by Tom "
            f"Translator. World Bank, 2011. {address}."
        ),
        "Harvard": (
            f"Author, A. (2011) {title}. Edited by E. Editor. Translated by T. "
            f"Translator. World Bank. Available at: {address}."
        ),
        "Vancouver": (
            f"Author A. {title} [Internet]. Translator T, translator; Editor E, "
            f"editor. World Bank; 2011. Available from: {address}"
        ),
    }


def test_what_is_only_shared_begins_with_the_title(vocabularies):
    resource = factories.make_resource(
        title="WMIDA",
        type="Project brief",
        publisher="IOM",
        shared_by=["System Admin"],
    )
    Contributor.objects.update(kind="organisation")
    address = "https://example.org/"
    found = {one.name: one.text for one in citations(document_of(resource), address)}
    assert found == {
        "APA": f"WMIDA. (n.d.). IOM. {address}",
        "MLA": f"WMIDA. IOM, {address}.",
        "Chicago": f"WMIDA. IOM, n.d. {address}.",
        "Harvard": f"WMIDA (no date) IOM. Available at: {address}.",
        "Vancouver": (
            f"WMIDA [Internet]. IOM; [date unknown]. Available from: {address}"
        ),
    }


def test_organisations_with_commas_are_one_name_in_every_format(vocabularies):
    name = "Ministry of Labour, Migration and Youth, Armenia"
    resource = factories.make_resource(editors=[name], year=2020)
    Contributor.objects.update(kind="organisation")
    document = document_of(resource)
    [item] = python_json.loads(rendered(csl, document))
    assert item["editor"] == [{"literal": name}]
    undivided = name.replace(",", "\u201a")
    assert f"ED  - {undivided},\r\n" in rendered(ris, document)
    assert ("citation_editor", undivided) in metadata.highwire(document, ORIGIN)
    assert f"{{{{{name}}}}}" in rendered(bibtex, document)
