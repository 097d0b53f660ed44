"""What stands in addresses and links is checked by the database as well."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from resources.models import Programme, Region, Resource, ResourceType, Theme

NO_LINKS = ["javascript:alert(1)", " JavaScript:alert(1)//", "//evil", "data:,x", "x"]
NO_PARTS = ["", "a/b", "/"]


@pytest.mark.parametrize("link", NO_LINKS)
def test_the_database_refuses_what_is_no_web_address(make_resource, link):
    make_resource(programme="MIDA")
    with pytest.raises(IntegrityError):
        Resource.objects.update(source_url=link)


@pytest.mark.parametrize("link", NO_LINKS)
def test_the_database_refuses_such_home_pages(db, link):
    with pytest.raises(IntegrityError):
        Programme.objects.create(name="MIDA", slug="mida", url=link)


@pytest.mark.parametrize("link", ["", "http://example.org/", "HTTPS://example.org"])
def test_the_database_takes_web_addresses(make_resource, link):
    make_resource(source_url=link)
    assert Resource.objects.get().source_url == link


@pytest.mark.parametrize("text", NO_PARTS)
@pytest.mark.parametrize("model", [Programme, ResourceType, Theme, Region])
def test_the_database_refuses_addresses_that_cannot_be_linked(db, model, text):
    with pytest.raises(IntegrityError):
        model.objects.create(name="Term", slug=text)


@pytest.mark.parametrize("text", NO_PARTS)
def test_the_database_refuses_languages_that_cannot_be_linked(make_resource, text):
    make_resource()
    with pytest.raises(IntegrityError):
        Resource.objects.update(language=text)


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_mends_what_was_written_past_the_forms(make_resource, client):
    first = make_resource(programme="MIDA", themes=["Health"])
    second = make_resource()
    call_command("migrate", "resources", "0004", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE resources_resource SET source_url = 'javascript:x'")
        cursor.execute("UPDATE resources_programme SET slug = 'mi/da', url = 'x'")
        cursor.execute("UPDATE resources_theme SET slug = '/'")
        cursor.execute(
            "UPDATE resources_resource SET language = 'en/us' WHERE id = %s",
            [second.pk],
        )
    call_command("migrate", verbosity=0)
    assert set(Resource.objects.values_list("source_url", flat=True)) == {""}
    for resource in [first, second]:
        assert client.get(resource.get_absolute_url()).status_code == 200
