"""The admin as curators use it: by its pages and forms."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from resources.models import (
    Contributor,
    Country,
    Programme,
    Region,
    Resource,
    ResourceType,
    Theme,
)

from ..factories import credited, make_contributor, make_term

Status = Resource.Status
LIST = "/admin/resources/resource/"


@pytest.fixture
def type(db):
    return make_term(ResourceType, "Report")


def picture(width=600, height=800, name="cover.png"):
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def filled(type, authors=(), **fields):
    """What the form of a resource sends."""
    rows = {
        "contributions-TOTAL_FORMS": len(authors),
        "contributions-INITIAL_FORMS": 0,
        "contributions-MIN_NUM_FORMS": 0,
        "contributions-MAX_NUM_FORMS": 1000,
    }
    for number, (contributor, position) in enumerate(authors):
        rows[f"contributions-{number}-contributor"] = contributor.pk
        rows[f"contributions-{number}-position"] = position
    return {
        "title": "A new report",
        "type": type.pk,
        "language": "en",
        "summary": "What it is about.",
        "status": "draft",
        **rows,
        **fields,
    }


def errors(response):
    assert response.status_code == 200
    text = " ".join(re.findall(r'<ul class="errorlist.*?</ul>', response.text, re.S))
    assert text, "the form was accepted"
    return text


def covers_kept(settings):
    return list(Path(settings.MEDIA_ROOT).rglob("*.webp"))


# The form


def test_add_publish_and_see(admin_client, client, admin_user, type, settings):
    ada, grace = make_contributor("Ada"), make_contributor("Grace")
    data = filled(
        type,
        authors=[(grace, ""), (ada, "")],
        status="published",
        new_cover=picture(),
        cover_alt="The title on teal.",
    )
    response = admin_client.post(LIST + "add/", data)
    assert response.status_code == 302
    resource = Resource.objects.get()
    assert resource.created_by == resource.changed_by == admin_user
    assert resource.published_at and [c.name for c in credited(resource)] == [
        "Grace",
        "Ada",
    ]
    assert len(covers_kept(settings)) == 3
    text = client.get("/resources/").text
    assert "A new report" in text and f"/covers/{resource.pk}/" in text
    form = admin_client.get(f"{LIST}{resource.pk}/change/").text
    assert f'href="{resource.get_absolute_url()}"' in form  # view on site
    assert "cover-1" in form


def test_authors_keep_the_order_of_their_numbers(admin_client, type):
    people = [make_contributor(name) for name in ["Ada", "Grace", "Mary"]]
    data = filled(type, authors=list(zip(people, [3, 1, 2], strict=True)))
    admin_client.post(LIST + "add/", data)
    resource = Resource.objects.get()
    assert [c.name for c in credited(resource)] == ["Grace", "Mary", "Ada"]
    assert list(resource.contributions.values_list("position", flat=True)) == [1, 2, 3]


def test_an_article_has_its_place_in_the_periodical(admin_client, type):
    form = admin_client.get(LIST + "add/").text
    assert all(f'name="{name}"' in form for name in ["volume", "issue", "pages"])
    admin_client.post(
        LIST + "add/", filled(type, volume="17", issue="3–4", pages="15–27")
    )
    resource = Resource.objects.get()
    assert (resource.volume, resource.issue, resource.pages) == ("17", "3–4", "15–27")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "required"),
        ({"volume": "1" * 31}, "at most 30"),
        ({"pages": "1" * 51}, "at most 50"),
        ({"isbn": "978-92-9068-563-1"}, "mistyped"),
        ({"doi": "https://doi.org/10.1/x"}, "Give the DOI alone"),
        ({"source_url": "javascript:alert(1)"}, "http"),
        ({"source_url": "ftp://example.org/a"}, "http"),
        ({"year": "3000"}, "2100"),
        ({"language": "klingon"}, "valid choice"),
        ({"status": "withdrawn"}, "valid choice"),
        ({"title": "a\x00b"}, "Null"),
    ],
)
def test_mistakes_are_told_in_words(admin_client, type, fields, words):
    assert words in errors(admin_client.post(LIST + "add/", filled(type, **fields)))
    assert not Resource.objects.exists()


def test_a_cover_needs_its_description(admin_client, type, settings):
    response = admin_client.post(LIST + "add/", filled(type, new_cover=picture()))
    assert "Describe the cover" in errors(response)
    assert covers_kept(settings) == []


def test_a_refused_file_loses_nothing_else(admin_client, type, settings):
    data = filled(
        type,
        new_cover=SimpleUploadedFile("a.svg", b"<svg></svg>"),
        cover_alt="x",
        summary="Typed for an hour.",
    )
    response = admin_client.post(LIST + "add/", data)
    assert "cannot be read as a picture" in errors(response)
    assert "Typed for an hour." in response.text
    assert covers_kept(settings) == []


def test_a_full_disk_loses_nothing_else(admin_client, type, settings, monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    data = filled(
        type, new_cover=picture(), cover_alt="x", summary="Typed for an hour."
    )
    response = admin_client.post(LIST + "add/", data)
    assert "disk may be full" in errors(response)
    assert "Typed for an hour." in response.text
    assert not Resource.objects.exists() and covers_kept(settings) == []


def test_a_mistake_elsewhere_keeps_no_file(admin_client, type, settings):
    data = filled(type, title="", new_cover=picture(), cover_alt="x")
    errors(admin_client.post(LIST + "add/", data))
    assert covers_kept(settings) == []


@pytest.mark.django_db(transaction=True)
def test_replacing_and_removing_a_cover(admin_client, settings):
    type = make_term(ResourceType, "Report")
    data = filled(type, new_cover=picture(), cover_alt="One")
    admin_client.post(LIST + "add/", data)
    resource = Resource.objects.get()
    first = set(covers_kept(settings))
    change = f"{LIST}{resource.pk}/change/"
    admin_client.post(change, filled(type, new_cover=picture(), cover_alt="Two"))
    assert len(covers_kept(settings)) == 6 and first < set(covers_kept(settings))
    admin_client.post(change, filled(type, remove_cover="on", cover_alt="Two"))
    resource.refresh_from_db()
    assert not resource.cover and not resource.cover_alt
    # All are kept for the history.
    assert len(covers_kept(settings)) == 6


def test_what_was_public_is_withdrawn_not_hidden(admin_client, make_resource):
    resource = make_resource(title="Public")
    change = f"{LIST}{resource.pk}/change/"
    text = admin_client.get(change).text
    statuses = re.search(r'<select name="status".*?</select>', text, re.S)[0]
    assert "draft" not in statuses and "withdrawn" in statuses
    data = filled(resource.type, status="withdrawn")
    assert "Say why" in errors(admin_client.post(change, data))
    admin_client.post(change, data | {"withdrawn_reason": "Asked by the author."})
    assert Resource.objects.get().status == Status.WITHDRAWN


def test_public_resources_are_not_deleted(admin_client, make_resource):
    resource = make_resource()
    response = admin_client.post(
        f"{LIST}{resource.pk}/delete/", {"post": "yes"}, follow=True
    )
    assert "Withdraw it instead" in response.text
    draft = make_resource(status=Status.DRAFT)
    admin_client.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})
    assert list(Resource.objects.all()) == [resource]


def test_preview_of_a_draft(admin_client, client, make_resource):
    draft = make_resource(title="Unfinished", status=Status.DRAFT)
    preview = f"{LIST}{draft.pk}/preview/"
    assert preview in admin_client.get(f"{LIST}{draft.pk}/change/").text
    text = admin_client.get(preview).text
    assert "Unfinished" in text and "only staff can see" in text
    assert client.get(preview).status_code == 302


def test_covers_of_drafts_are_for_staff(admin_client, client, type):
    admin_client.post(LIST + "add/", filled(type, new_cover=picture(), cover_alt="x"))
    resource = Resource.objects.get()
    for rendition in resource.covers:
        name = Path(rendition.name).name
        assert admin_client.get(f"{LIST}{resource.pk}/cover/{name}").status_code == 200
        assert client.get(f"{LIST}{resource.pk}/cover/{name}").status_code == 302
        assert client.get(f"/covers/{resource.pk}/{name}").status_code == 404
    assert admin_client.get(f"{LIST}{resource.pk}/cover/other.webp").status_code == 404


# Vocabularies


def test_numbers_beside_terms(admin_client, make_resource):
    for _ in range(2):
        make_resource(
            programme="MIDA", themes=["Health"], authors=["Ada"], publisher="Ada"
        )
    make_term(Theme, "Unused")
    for page in ["programme", "theme", "resourcetype"]:
        text = admin_client.get(f"/admin/resources/{page}/").text
        assert re.search(r'field-number_of_resources"><a [^>]*>2</a>', text), page
    text = admin_client.get("/admin/resources/theme/").text
    link = re.search(r'number_of_resources"><a href="([^"]+)"', text)[1]
    assert "2 resources" in admin_client.get(link.replace("&amp;", "&")).text


def test_terms_in_use_are_not_deleted(admin_client, make_resource):
    resource = make_resource(programme="MIDA", themes=["Health"], authors=["Ada"])
    for term in [resource.programme, resource.themes.get(), credited(resource)[0]]:
        page = f"/admin/resources/{term._meta.model_name}/{term.pk}/delete/"
        response = admin_client.post(page, {"post": "yes"}, follow=True)
        assert "cannot be deleted: 1 resource uses it" in response.text
    unused = make_term(Theme, "Unused")
    admin_client.post(f"/admin/resources/theme/{unused.pk}/delete/", {"post": "yes"})
    assert {t.name for t in Theme.objects.all()} == {"Health"}
    assert Programme.objects.exists() and Contributor.objects.exists()


def test_standards_neither_grow_nor_shrink(admin_client, db):
    Region.objects.create(code="002", slug="africa", name="Africa")
    Country.objects.create(code="SO", name="Somalia")
    for page, pk in [("region", "002"), ("country", "SO")]:
        assert admin_client.get(f"/admin/resources/{page}/add/").status_code == 403
        assert (
            admin_client.get(f"/admin/resources/{page}/{pk}/delete/").status_code == 403
        )
        assert (
            admin_client.get(f"/admin/resources/{page}/{pk}/change/").status_code == 200
        )


def test_autocomplete_finds_terms_by_any_name(admin_client, db):
    Theme.objects.create(
        slug="health", name="Health", name_fr="Santé", aliases="eHealth"
    )
    for term in ["heal", "Santé", "ehealth"]:
        answer = admin_client.get(
            "/admin/autocomplete/",
            {
                "term": term,
                "app_label": "resources",
                "model_name": "resource",
                "field_name": "themes",
            },
        ).json()
        assert [row["text"] for row in answer["results"]] == ["Health"], term


def test_the_log_is_only_read(admin_client, make_resource):
    make_resource(title="Logged")
    assert "Logged" in admin_client.get("/admin/resources/change/").text
    assert admin_client.get("/admin/resources/change/add/").status_code == 403


def test_every_admin_page_opens_in_every_language(admin_client, make_resource):
    resource = make_resource(programme="MIDA", authors=["Ada"])
    for prefix in ["", "/fr", "/es", "/ar"]:
        for page in [
            "",
            "resources/resource/",
            f"resources/resource/{resource.pk}/change/",
        ]:
            assert admin_client.get(f"{prefix}/admin/{page}").status_code == 200
