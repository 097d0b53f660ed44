"""JSON."""

from django.utils.translation import override

from resources.formats import json
from resources.models import Contributor, Country, Region

from .. import factories
from ..factories import credited, make_contributor
from .parsing import ORIGIN, all_documents, document_of, strict_json, text_of

NOTHING_ELSE = dict.fromkeys(["suffix", "romanised", "note", "orcid", "ror"])


def test_json_is_read_back(catalogue):
    items = strict_json(text_of(json))
    assert len(items) == len(all_documents())
    for item, document in zip(items, all_documents(), strict=True):
        assert item == json.as_json(document, ORIGIN)
        assert item["id"] == document.id
        assert [author["id"] for author in item["authors"]] == [
            contributor.id for contributor in document.authors
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
        volume="17",
        issue="3",
        pages="15–27",
        themes=["Health"],
        regions=[africa],
        countries_of_residence=[finland],
        year=2009,
        **factories.cover("A cover", "abc"),
    )
    with override("fr"):
        found = json.as_json(document_of(resource), ORIGIN)
    ada = credited(resource)[0]
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
                **NOTHING_ELSE,
            },
            {
                "id": iom.pk,
                "name": "IOM",
                "kind": "organisation",
                "family": None,
                "given": None,
                **NOTHING_ELSE,
            },
        ],
        "editors": [],
        "translators": [],
        "contributors": [],
        "funders": [],
        "shared_by": [],
        "publisher": {"id": iom.pk, "name": "IOM"},
        "year": 2009,
        "source_url": None,
        "doi": None,
        "isbn": None,
        "volume": "17",
        "issue": "3",
        "pages": "15–27",
        "change_note": None,
        "reviewed_on": None,
        "cover": {
            "url": f"{ORIGIN}/covers/{resource.pk}/abc-960.webp",
            "width": 960,
            "height": 1280,
            "alt": "A cover",
        },
    }
