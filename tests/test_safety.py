"""What nobody may see or do from outside: drafts, staff pages, hostile input."""

import ast
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, re_path

from idiaspora.urls import urlpatterns as usual_urlpatterns
from resources.formats import FORMATS
from resources.models import Resource

from .factories import MARK

Status = Resource.Status


def views(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, path)
        else:
            yield path, entry.callback


PUBLIC = {
    "covers/<int:pk>/<str:name>",
    "robots.txt",
    "opensearch.xml",
    "site.webmanifest",
    "oembed",
    ".well-known/security.txt",
    "resources/<id:pk>.linkset.json",
    "sitemap.xml",
    "sitemap-pages.xml",
    "sitemap-<int:number>.xml",
    "oai",
    "resources.<extension:extension>",
    "resources/<id:pk>.<extension:extension>",
    "api/",
    "api/resources/",
    "api/resources/<id:pk>/",
    "api/resources.jsonl",
    "api/openapi.json",
    "api/<anything:rest>",
    "",
    "about/",
    "resources/",
    "resources/<id:pk>/",
    "resources/choose/<facet:facet>/",
    "resources/suggest/",
    "resources/feed/",
    "resources/<id:pk>/<str:slug>/",
    "admin/login/",
    "programmes/",
    "programmes/<str:value>/",
    "regions/",
    "regions/<str:value>/",
    "countries/",
    "countries/<str:value>/",
    "themes/",
    "themes/<str:value>/",
    "types/",
    "types/<str:value>/",
    "languages/",
    "languages/<str:value>/",
    "authors/",
    "authors/<str:value>/<str:slug>/",
    "publishers/",
    "publishers/<str:value>/<str:slug>/",
}


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


def addresses():
    """Every public address there is, filled with the values of hidden resources."""
    hidden = list(Resource.objects.exclude(status=Status.PUBLISHED))
    values = {"mida", "health", "report", "en", "tlh", "africa"}
    for resource in Resource.objects.all():
        values |= {resource.type.slug, *resource.themes.values_list("slug", flat=True)}
        if resource.programme:
            values.add(resource.programme.slug)
    numbers = {a.pk: a.slug for r in Resource.objects.all() for a in r.credits}
    numbers |= {r.publisher.pk: r.publisher.slug for r in hidden if r.publisher}
    files = [
        path.replace("<extension:extension>", extension)
        for path in PUBLIC
        if "<extension:extension>" in path
        for extension in FORMATS
    ]
    pages = {path for path in PUBLIC if "<extension:extension>" not in path}
    for path in [*files, *pages - {"admin/login/"}]:
        if "<id:pk>" in path:
            for resource in Resource.objects.all():
                filled = path.replace("<id:pk>", str(resource.pk))
                yield filled.replace("<str:slug>", resource.slug), resource
        elif "<facet:facet>" in path:
            for name in ["programme", "theme", "type", "language", "author"]:
                yield path.replace("<facet:facet>", name), None
                yield path.replace("<facet:facet>", name) + f"?find={MARK[:3]}", None
        elif path == "oembed":
            for resource in Resource.objects.all():
                for page in [resource.permanent_path, resource.get_absolute_url()]:
                    page = quote(f"http://testserver{page}")
                    yield f"oembed?url={page}", resource
        elif "<int:number>" in path:
            yield path.replace("<int:number>", "0"), None
        elif "<anything:rest>" in path:
            yield path.replace("<anything:rest>", "nowhere"), None
        elif path.startswith("covers"):
            for resource in hidden:
                for name in ["ffffffff-960.webp", "ffffffff-240.webp"]:
                    yield f"covers/{resource.pk}/{name}", resource
        elif "<str:slug>" in path:
            for pk, slug in numbers.items():
                filled = path.replace("<str:value>", str(pk))
                yield filled.replace("<str:slug>", slug), None
        elif "<str:value>" in path:
            for value in values:
                yield path.replace("<str:value>", value), None
        else:
            yield path, None
    for prefix in ["oai_dc", "mods"]:
        for verb in ["ListRecords", "ListIdentifiers"]:
            yield f"oai?verb={verb}&metadataPrefix={prefix}", None
            for value in values:
                for name in ["programme", "theme", "type"]:
                    listed = f"oai?verb={verb}&metadataPrefix={prefix}"
                    yield f"{listed}&set={name}:{value}", None
        for resource in Resource.objects.all():
            record = f"identifier=oai:testserver:{resource.pk}"
            yield f"oai?verb=GetRecord&metadataPrefix={prefix}&{record}", None
            yield f"oai?verb=ListMetadataFormats&{record}", None
    yield "oai?verb=ListSets", None
    yield "oai?verb=Identify", None
    for query in [MARK[:3], MARK, "qualified", "mid", "a"]:
        yield f"resources/suggest/?q={query}", None
    for query in ["q=" + MARK, "sort=title", "sort=year", "programme=mida", "page=2"]:
        yield f"resources/?{query}", None
        yield f"resources.csv?{query}", None
        yield f"resources/feed/?{query}", None
        yield f"api/resources/?{query}&facets=1&size=100", None
    yield "api/resources/?facets=1&size=100", None
    for value in values:
        for name in ["programme", "theme", "type", "language"]:
            yield f"resources/?{name}={value}", None
            yield f"resources/feed/?{name}={value}", None
            yield f"api/resources/?{name}={value}", None
    for pk in numbers:
        yield f"resources/?author={pk}", None
        yield f"resources/?publisher={pk}", None
        yield f"api/resources/?author={pk}&facets=1", None


# In no language.
MACHINES = ("covers", "sitemap", "robots", "opensearch", "site.", "oembed")
MACHINES += (".well-known", "oai", "api", "resources.")


@pytest.mark.parametrize("prefix", ["/", "/ar/"])
def test_nothing_hidden_leaks_anywhere(client, planted, prefix):
    walked = 0
    for path, about in addresses():
        is_for_all = path.startswith(MACHINES) or path.endswith(tuple(FORMATS))
        start = "/" if is_for_all else prefix
        response = client.get(start + path, follow=True)
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
PRIVATE_ROOMS = {"admin", "apps", "curation", "management", "migrations", "models"}


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
