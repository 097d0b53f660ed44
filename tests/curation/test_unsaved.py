"""What a curator typed survives a database that cannot be written to."""

import sqlite3
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse
from PIL import Image

from resources.curation.unsaved import ComesBack
from resources.models import Contributor, Resource, Theme

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/admin/resources/resource/add/"


def typed(resource, **fields):
    data = {
        "title": "Typed for an hour",
        "type": resource.type_id,
        "language": "en",
        "summary": "A long summary.",
        "status": "draft",
        "contributions-TOTAL_FORMS": "1",
        "contributions-INITIAL_FORMS": "0",
        "contributions-0-contributor": Contributor.objects.get(name="Ada").pk,
        "contributions-0-position": "1",
    }
    return data | fields


@contextmanager
def locked():
    """Hold a lock that every writer of resources waits for, until it gives up."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute("PRAGMA busy_timeout = 100")
        other = sqlite3.connect(
            connection.settings_dict["NAME"], uri=True, isolation_level=None
        )
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        other = connection.copy()
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "LOCK TABLE resources_resource, auth_user, auth_group IN EXCLUSIVE MODE"
            )
        yield
        other.rollback()
        other.close()


@pytest.fixture
def full_disk(monkeypatch):
    def save(*args, **kwargs):
        raise OperationalError("database or disk is full")

    for model in [Resource, Theme, User, Group]:
        monkeypatch.setattr(model, "save", save)
        monkeypatch.setattr(model, "delete", save)


@pytest.fixture
def resource(make_resource):
    return make_resource(authors=["Ada"], themes=["Health"])


def test_a_locked_database_gives_the_form_back(admin_client, resource):
    with locked():
        response = admin_client.post(ADD, typed(resource))
    assert response.status_code == 200
    assert "the database is busy" in response.text
    assert "Typed for an hour" in response.text and "A long summary." in response.text
    assert response.context["inline_admin_formsets"][0].formset.forms[0].data
    assert Resource.objects.count() == 1
    # The connection is as before.
    assert admin_client.post(ADD, typed(resource)).status_code == 302
    assert Resource.objects.count() == 2


def test_a_full_disk_gives_the_form_back(admin_client, resource, full_disk):
    image = BytesIO()
    Image.new("RGB", (900, 1200), "teal").save(image, "PNG")
    file = SimpleUploadedFile("cover.png", image.getvalue(), "image/png")
    data = typed(resource, new_cover=file, cover_alt="A teal page")
    response = admin_client.post(ADD, data)
    assert "its disk is full" in response.text and "A teal page" in response.text
    assert "Choose the file again" in response.text
    assert Resource.objects.count() == 1
    assert default_storage.listdir("")[1] == []


def test_other_forms_come_back_as_well(admin_client, resource, full_disk):
    address = reverse("admin:resources_theme_add")
    response = admin_client.post(address, {"name": "Sport", "slug": "sport"})
    assert "its disk is full" in response.text and 'value="Sport"' in response.text


def test_bulk_actions_say_that_nothing_was_done(admin_client, resource):
    address = reverse("admin:resources_resource_changelist") + "?status=published"
    data = {
        "action": "withdraw",
        "_selected_action": [resource.pk],
        "apply": "1",
        "withdrawn_reason": "Out of date",
    }
    with locked():
        response = admin_client.post(address, data, follow=True)
    assert "Nothing has been changed" in response.text
    assert response.request["QUERY_STRING"] == "status=published"
    assert Resource.objects.get().status == "published"


@pytest.fixture
def theme(db):
    return Theme.objects.create(name="Sport", slug="sport")


def test_deleting_says_that_nothing_was_done(admin_client, theme, full_disk):
    address = reverse("admin:resources_theme_delete", args=[theme.pk])
    response = admin_client.post(address, {"post": "yes"}, follow=True)
    assert "Nothing has been changed" in response.text
    assert Theme.objects.filter(pk=theme.pk).exists()


# Django's own models

PASSWORD = "a long enough password"


@pytest.mark.parametrize(
    "name, data",
    [
        (
            "user",
            {
                "username": "amina",
                "usable_password": "true",
                "password1": PASSWORD,
                "password2": PASSWORD,
            },
        ),
        ("group", {"name": "amina"}),
    ],
)
def test_accounts_and_groups_come_back(admin_client, name, data):
    address = reverse(f"admin:auth_{name}_add")
    with locked():
        response = admin_client.post(address, data)
    assert response.status_code == 200
    assert "the database is busy" in response.text and 'value="amina"' in response.text
    assert PASSWORD not in response.text
    assert admin_client.post(address, data).status_code == 302


def test_a_changed_account_comes_back(admin_client, admin_user, full_disk):
    address = reverse("admin:auth_user_change", args=[admin_user.pk])
    data = {
        "username": "amina",
        "date_joined_0": "2026-11-26",
        "date_joined_1": "06:00:00",
    }
    response = admin_client.post(address, data)
    assert "its disk is full" in response.text and 'value="amina"' in response.text


def test_a_password_that_cannot_be_changed(admin_client, admin_user, full_disk):
    address = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    data = {
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = admin_client.post(address, data, follow=True)
    assert "Nothing has been changed" in response.text


def test_no_form_of_the_admin_is_lost(admin_client):
    """Whatever can be added there comes back, so a new model has to as well."""
    apps = admin_client.get("/admin/").context["app_list"]
    models = [model for app in apps for model in app["models"] if model["add_url"]]
    assert len(models) >= 7
    for model in models:
        assert isinstance(admin.site.get_model_admin(model["model"]), ComesBack), model
