"""The public document of a record, from the database and from JSON."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources import changes, documents
from resources.models import Country, Programme, Resource, Theme

from .. import factories


def from_database(resource):
    return documents.published([resource.pk])[resource.pk]


@pytest.mark.parametrize("records", ["sample", "hostile"])
def test_json_gives_the_same_document(request, records):
    request.getfixturevalue(records)
    vocabularies = documents.snapshot(changes.version())
    built = list(documents.build(Resource.objects.published()))
    assert built
    for document in built:
        text = documents.to_json(document)
        assert documents.from_json(text, vocabularies) == document


def test_terms_stand_in_the_order_of_their_names(make_resource):
    resource = make_resource(themes=["Youth", "Arts", "Health"])
    names = [theme.name for theme in from_database(resource).themes]
    assert names == ["Arts", "Health", "Youth"]


def test_names_come_from_the_vocabularies(make_resource):
    resource = make_resource(programme="MIDA", themes=["Health"])
    text = documents.to_json(from_database(resource))
    Theme.objects.update(name="Santé publique", name_fr="Santé")
    Programme.objects.update(slug="renamed")
    document = documents.from_json(text, documents.snapshot(changes.version()))
    assert document.themes[0].name_in("fr") == "Santé"
    assert document.themes[0].name_in("es") == "Santé publique"
    # Its own change will bring the new slug; until then the old one stands for it.
    assert document.programme.name == "mida"


def test_people_have_parts_and_organisations_have_not(make_resource):
    resource = make_resource(authors=["Ada Lovelace"], publisher="IOM Helsinki")
    factories.make_contributor("IOM Helsinki")
    resource.publisher.kind = "organisation"
    resource.publisher.save()
    document = from_database(resource)
    [author] = document.authors
    assert (author.family, author.given) == ("Lovelace", "Ada")
    assert (document.publisher.family, document.publisher.given) == ("", "")


def test_only_published_resources_have_one(make_resource):
    for status in Resource.Status:
        make_resource(status=status, withdrawn_reason="Why.", title=status)
    every = Resource.objects.values_list("pk", flat=True)
    titles = [one.title for one in documents.published(every).values()]
    assert titles == ["published"]


def test_a_preview_has_no_dates(make_resource):
    draft = make_resource(status=Resource.Status.DRAFT)
    [document] = documents.build(Resource.objects.filter(pk=draft.pk))
    assert document.published_at is None and document.changed_at is None


def test_building_many_costs_what_building_one_does(make_resource):
    numbers = set()
    for number in range(3):
        country = Country.objects.create(code=f"A{'ABC'[number]}", name="A")
        make_resource(
            authors=[f"Author {number}"],
            themes=[f"Theme {number}"],
            countries_of_origin=[country],
        )
    vocabularies = documents.snapshot(changes.version())
    for count in [1, 3]:
        with CaptureQueriesContext(connection) as captured:
            rows = Resource.objects.published().newest_first()[:count]
            assert len(list(documents.build(rows, vocabularies))) == count
        numbers.add(len(captured))
    assert numbers == {6}
