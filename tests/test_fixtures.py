"""Fixtures never write over what a catalogue holds."""

import pytest
from django.core.management import CommandError, call_command

from resources.models import Contributor, Resource, Theme


def rows(model):
    return list(model.objects.order_by("pk").values())


@pytest.mark.parametrize("label", ["sample", "sample.json"])
def test_sample_does_not_replace_a_record(vocabularies, make_resource, label):
    make_resource(pk=7, title="Our own")
    before = rows(Resource), rows(Contributor)
    with pytest.raises(CommandError, match="“Our own”"):
        call_command("loaddata", label, verbosity=0)
    assert (rows(Resource), rows(Contributor)) == before


def test_sample_does_not_replace_an_author(vocabularies):
    Contributor.objects.create(pk=43, name="Amina Yusuf")
    with pytest.raises(CommandError, match="Amina Yusuf"):
        call_command("loaddata", "sample", verbosity=0)
    assert [one.name for one in Contributor.objects.all()] == ["Amina Yusuf"]
    assert not Resource.objects.exists()


def test_vocabularies_do_not_replace_a_term_of_curators(db):
    Theme.objects.create(pk=1, name="Sport", slug="sport")
    with pytest.raises(CommandError, match="Sport"):
        call_command("loaddata", "vocabularies", verbosity=0)
    assert [theme.name for theme in Theme.objects.all()] == ["Sport"]


def test_sample_loads_into_an_empty_catalogue_only_once(sample):
    before = rows(Resource)
    with pytest.raises(CommandError, match="empty catalogue"):
        call_command("loaddata", "sample", verbosity=0)
    assert rows(Resource) == before
