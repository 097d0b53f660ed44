"""What nobody may see or do from outside: drafts, staff pages, hostile input."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, re_path

from idiaspora.urls import urlpatterns as usual_urlpatterns
from resources.models import Resource

from .factories import MARK
from .public_addresses import PUBLIC, addresses, prefixed

Status = Resource.Status


def views(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, path)
        else:
            yield path, entry.callback


def test_only_these_views_are_public():
    public = {
        path
        for path, view in views(get_resolver())
        if not getattr(view, "login_required", True)
    }
    # A catch-all of the admin sends visitors to its login page.
    assert public - {"admin/(?P<url>.*)$"} == PUBLIC


def test_staff_pages_send_strangers_to_the_login(client, make_resource):
    make_resource()
    for path in [
        "/admin/",
        "/admin/resources/resource/",
        "/admin/resources/resource/add/",
        "/admin/resources/resource/1/change/",
        "/admin/autocomplete/",
        "/admin/auth/user/",
        "/admin/jsi18n/",
    ]:
        response = client.get(path)
        assert response.status_code == 302, path
        assert "/admin/login/" in response["Location"], path


def test_an_account_without_staff_status_sees_no_staff_page(client, django_user_model):
    user = django_user_model.objects.create_user("visitor", password="x")
    client.force_login(user)
    assert client.get("/admin/resources/resource/").status_code == 403


# A view without a decorator, and one that is open but not of the page cache.


def unmarked(request):
    return HttpResponse("Only for staff")


@login_not_required
def who(request):
    return HttpResponse(f"Nobody: {request.user.is_anonymous}")


urlpatterns = [
    re_path("^unmarked/$", unmarked),
    re_path("^who/$", who),
    *usual_urlpatterns,
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("method", ["get", "head", "post", "options"])
def test_a_view_outside_the_admin_is_for_staff_too(
    client, admin_client, django_user_model, method
):
    response = getattr(client, method)("/unmarked/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/unmarked/"
    assert getattr(admin_client, method)("/unmarked/").status_code == 200
    client.force_login(django_user_model.objects.create_user("visitor"))
    assert getattr(client, method)("/unmarked/").status_code == 403


@pytest.mark.urls(__name__)
def test_an_open_view_may_still_ask_who_is_there(client, db):
    assert client.get("/who/").text == "Nobody: True"


PAGES = [
    "/",
    "/ar/about/",
    "/resources/",
    "/resources/feed/",
    "/api/resources/",
    "/oai",
]


def varies_by(response):
    return {name.strip() for name in response.get("Vary", "").split(",")}


def test_public_pages_never_look_who_is_asking(
    client, admin_client, one_page, monkeypatch, settings
):
    """Nor set a cookie: every visitor and every cache may have the same copy."""
    settings.PAGE_CACHE = False

    def refuse(*args):
        raise AssertionError("A public page read the session.")

    monkeypatch.setattr(SessionStore, "load", refuse)
    for address in [*PAGES, one_page, "/resources/9/", "/nowhere/"]:
        for visitor in [client, admin_client]:
            response = visitor.get(address)
            assert response.status_code in {200, 404}
            assert response["X-Frame-Options"] == "DENY"
            assert not response.cookies
            assert varies_by(response) <= {"", "Accept-Encoding"}, address
    with pytest.raises(AssertionError, match="session"):
        admin_client.get("/ar/admin/")


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"])
def test_a_page_for_a_visitor_with_a_broken_cookie_is_not_stored(
    client, one_page, settings, name
):
    """Django replaces such cookies, which nobody else may get with the page."""
    client.cookies[getattr(settings, name)] = "x"
    broken = client.get(one_page)
    assert broken.status_code == 200
    if broken.cookies:
        assert "public" not in broken.get("Cache-Control", "")
    client.cookies.clear()
    for _ in range(2):
        response = client.get(one_page)
        assert not response.cookies and varies_by(response) == {"Accept-Encoding"}
        assert "public" in response["Cache-Control"]


def test_the_middleware_reads_nothing_but_the_version(
    client, one_page, settings, django_assert_num_queries
):
    settings.PAGE_CACHE = False
    client.get("/about/")
    with django_assert_num_queries(1):
        client.get("/about/")


@pytest.fixture
def one_page(make_resource):
    return make_resource().get_absolute_url()


# Drafts and withdrawn resources


@pytest.mark.parametrize("prefix", ["/", "/ar/"])
def test_nothing_hidden_leaks_anywhere(client, planted, prefix):
    walked = 0
    for path, about in addresses():
        response = client.get(prefixed(path, prefix), follow=True)
        walked += 1
        body = b"".join(response) if response.streaming else response.content
        text = body.decode() + str(response.headers)
        if f"q={MARK}" in path or "find=" in path:
            # What was typed is echoed; nothing is found by it.
            assert "data-id" not in text and f"{MARK} " not in text
            assert f"{MARK.lower()}-" not in text
        elif about and about.status == Status.WITHDRAWN and "covers" not in path:
            assert response.status_code == 410
            assert f"{MARK} summary" not in text and f"{MARK} author" not in text
        elif about and about.status != Status.PUBLISHED:
            assert response.status_code == 404, path
            # The reply may echo the address that was asked for, and only that.
            assert MARK not in text.replace(path, ""), path
        else:
            assert MARK not in text, path
            assert "tlh" not in text or "tlh" in path, path
    assert walked > 80


# Everything in resources/ is for the public, except for these rooms.
PRIVATE_ROOMS = {
    "admin",
    "apps",
    "backup",
    "curation",
    "history",
    "jobs",
    "management",
    "migrations",
    "models",
}


def public_modules():
    for path in sorted(Path(settings.BASE_DIR, "resources").rglob("*.py")):
        room = path.relative_to(settings.BASE_DIR / "resources").parts[0]
        if room.removesuffix(".py") not in PRIVATE_ROOMS:
            yield path


def test_public_modules_use_the_one_door():
    """Resource.objects is followed by published() or withdrawn() and nothing else."""
    for path in public_modules():
        tree = ast.parse(path.read_text())
        doors = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"published", "withdrawn"}
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"objects", "_default_manager", "_base_manager"}
                and isinstance(node.value, ast.Name)
                and node.value.id == "Resource"
            ):
                assert id(node) in doors, f"{path}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                # The way back from a vocabulary row to all of its resources.
                assert node.attr not in {
                    "resources_as_origin",
                    "resources_as_residence",
                    "published_resources",
                }, f"{path}:{node.lineno}"
