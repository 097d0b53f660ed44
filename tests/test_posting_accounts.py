"""The accounts that posted the demonstration records are nobody's authors any more."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from resources.documents import published
from resources.models import Contribution, Contributor, Resource

from .factories import make_resource

MAKERS = ["Thomas Lothar Weiss", "Juan Daniel Reyes", "Tobias van Treeck"]
SHARED_BY = {1, 2, 3, 4, 5, 6, 7, 8}


def roles_of(pk):
    rows = Contribution.objects.filter(resource=pk).order_by("position", "pk")
    return [(row.contributor.name, row.role) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_turns_them_into_whoever_shared_the_record(sample):
    other = make_resource(title="A report of its own", authors=["System Admin"])
    group = Group.objects.create(name="Curators")
    group.permissions.set(Permission.objects.filter(codename__endswith="_contribution"))
    call_command("migrate", "resources", "0009", verbosity=0)
    with connection.cursor() as cursor:
        # The data as it was: nobody but the accounts.
        cursor.execute("DELETE FROM resources_authorship WHERE contributor_id >= 44")
        cursor.execute("DELETE FROM resources_contributor WHERE id IN (44, 45, 46, 47)")
    call_command("migrate", verbosity=0)
    shared = Contribution.objects.filter(role="shared_by")
    assert set(shared.values_list("resource", flat=True)) == SHARED_BY
    assert roles_of(3) == [
        ("Adrien Perrotton", "shared_by"),
        ("Thomas Lothar Weiss", "editor"),
        ("Juan Daniel Reyes", "contributor"),
        ("Tobias van Treeck", "contributor"),
    ]
    assert roles_of(13) == [("Sonia Plaza", "editor"), ("Dilip Ratha", "editor")]
    assert roles_of(14) == [("Kathleen Newland", "author"), ("Erin Patrick", "author")]
    assert roles_of(other.pk) == [("System Admin", "author")]
    assert group.permissions.count() == 4


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_of_another_catalogue_touches_nothing(vocabularies):
    resource = make_resource(authors=["Adrien Perrotton", "System Admin"])
    call_command("migrate", "resources", "0009", verbosity=0)
    call_command("migrate", verbosity=0)
    assert {role for _name, role in roles_of(resource.pk)} == {"author"}
    assert Contributor.objects.count() == 2


@pytest.mark.usefixtures("sample")
class TestDemonstration:
    def test_lists_name_the_accounts_as_before(self, client):
        """The rows of the last page look as they do on iDiaspora."""
        page = client.get(reverse("resources:list") + "?page=4").text
        for name in ["System Admin", "Adrien Perrotton"]:
            assert f'<p class="card__credit"><bdi>{name}</bdi>' in page

    def test_pages_say_what_they_did(self, client):
        page = client.get("/resources/3/", follow=True).text
        head = page.partition("</header>")[2].partition("</header>")[0]
        assert "Editor: " in head and "Thomas Lothar Weiss" in head
        assert "Perrotton" not in page.partition("Shared by")[0].partition("<h1")[2]
        assert page.count("Adrien Perrotton") == 1

    def test_they_are_no_authors_anywhere(self, client):
        accounts = Contributor.objects.filter(
            name__in=["System Admin", "Adrien Perrotton"]
        )
        for account in accounts:
            address = account.address_as("author", "en")
            assert client.get(address).status_code == 404
            found = client.get(f"/api/resources/?author={account.pk}").json()
            assert not found["results"]
        assert "System Admin" not in client.get("/authors/").text
        for scope in ["author:perrotton", "author:admin"]:
            assert not client.get("/api/resources/", {"q": scope}).json()["results"]

    def test_the_api_says_who_shared_a_record(self, client):
        found = client.get("/api/resources/2/").json()
        assert found["authors"] == []
        assert [one["name"] for one in found["shared_by"]] == ["System Admin"]

    def test_editors_have_pages_and_are_found(self, client):
        plaza = Contributor.objects.get(name="Sonia Plaza")
        page = client.get(plaza.address_as("author", "en"))
        assert "Diaspora for Development in Africa" in page.text
        found = client.get("/api/resources/", {"q": "author:plaza"}).json()
        assert [one["id"] for one in found["results"]] == [13]


def test_the_credit_line_prefers_authors_to_accounts(vocabularies):
    both = make_resource(authors=["Ada"], editors=["Ed"], shared_by=["Admin"])
    shared = make_resource(editors=["Ed"], shared_by=["Admin"])
    edited = make_resource(editors=["Ed"], funders=["Fund"])
    documents = published([one.pk for one in [both, shared, edited]])
    found = [[str(one) for one in documents[r.pk].credit] for r in [both, shared]]
    assert found == [["Ada"], ["Admin"]]
    assert [str(one) for one in documents[edited.pk].credit] == ["Ed"]
    assert Resource.objects.count() == 3
