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

from ..factories import make_contributor, make_term

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
        "authorships-TOTAL_FORMS": len(authors),
        "authorships-INITIAL_FORMS": 0,
        "authorships-MIN_NUM_FORMS": 0,
        "authorships-MAX_NUM_FORMS": 1000,
    }
    for number, (contributor, position) in enumerate(authors):
        rows[f"authorships-{number}-contributor"] = contributor.pk
        rows[f"authorships-{number}-position"] = position
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
    assert resource.published_at and [c.name for c in resource.credits] == [
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
    assert [c.name for c in resource.credits] == ["Grace", "Mary", "Ada"]
    assert list(resource.authorships.values_list("position", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "required"),
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
    assert len(covers_kept(settings)) == 3 and not first & set(covers_kept(settings))
    admin_client.post(change, filled(type, remove_cover="on", cover_alt="Two"))
    resource.refresh_from_db()
    assert not resource.cover and not resource.cover_alt
    assert covers_kept(settings) == []


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


# The list


def act(client, action, resources, **fields):
    data = {"action": action, "_selected_action": [r.pk for r in resources], **fields}
    return client.post(LIST, data, follow=True)


def test_publish_many(admin_client, admin_user, make_resource):
    drafts = [make_resource(status=Status.DRAFT) for _ in range(3)]
    old = make_resource()
    response = act(admin_client, "publish", [*drafts, old])
    assert "3 resources published." in response.text
    assert Resource.objects.published().count() == 4
    resource = Resource.objects.get(pk=drafts[0].pk)
    assert resource.published_at and resource.changed_by == admin_user
    assert Resource.objects.get(pk=old.pk).published_at == old.published_at


def test_withdraw_many_asks_why(admin_client, make_resource):
    public, draft = make_resource(title="Public"), make_resource(status=Status.DRAFT)
    page = act(admin_client, "withdraw", [public, draft])
    assert "Reason" in page.text and "Public" in page.text
    assert Resource.objects.published().count() == 1
    page = act(admin_client, "withdraw", [public, draft], apply="1")
    assert "required" in page.text
    page = act(
        admin_client, "withdraw", [public, draft], apply="1", withdrawn_reason="Old"
    )
    assert "1 resource withdrawn." in page.text and "left as it is" in page.text
    assert Resource.objects.get(pk=public.pk).withdrawn_reason == "Old"
    assert Resource.objects.get(pk=draft.pk).status == Status.DRAFT


def test_set_programme_and_add_theme(admin_client, make_resource):
    resources = [make_resource(themes=["Health"]), make_resource()]
    mida, health = make_term(Programme, "MIDA"), Theme.objects.get(slug="health")
    assert "Programme" in act(admin_client, "set_programme", resources).text
    act(admin_client, "set_programme", resources, apply="1", programme=mida.pk)
    assert mida.resources.count() == 2
    response = act(admin_client, "add_theme", resources, apply="1", theme=health.pk)
    assert "1 resource changed." in response.text
    assert health.resources.count() == 2
    assert [c.kind for c in resources[1].changes.all()][-1] == "changed"


def test_nothing_is_deleted_by_the_dozen(admin_client, make_resource):
    make_resource(status=Status.DRAFT)
    assert "delete_selected" not in admin_client.get(LIST).text


def test_actions_need_the_right_to_change(client, django_user_model, make_resource):
    from django.contrib.auth.models import Permission

    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_resource"))
    client.force_login(reader)
    draft = make_resource(status=Status.DRAFT)
    assert client.get(LIST).status_code == 200
    act(client, "publish", [draft])
    assert Resource.objects.get().status == Status.DRAFT


def test_the_list_costs_the_same_at_any_length(
    admin_client, make_resource, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text = admin_client.get(LIST).text
        assert "Resource" in text
        return len(queries)

    for _ in range(2):
        make_resource(programme="MIDA", authors=["Ada"])
    few = cost()
    for _ in range(20):
        make_resource(programme="MIDA", authors=["Ada", "Grace"])
    assert cost() == few


def test_filters_and_search_of_the_list(admin_client, make_resource):
    make_resource(title="With author", authors=["Ada Lovelace"])
    make_resource(title="With programme", programme="MIDA")
    for query, found, not_found in [
        ("q=lovelace", "With author", "With programme"),
        ("q=MIDA", "With programme", "With author"),
        ("q=with+author", "With author", "With programme"),
    ]:
        text = admin_client.get(f"{LIST}?{query}").text
        rows = text[text.index("result_list") :]
        assert found in rows and f">{not_found}<" not in rows
    assert "With author" in admin_client.get(f"{LIST}?cover=no").text
    assert "(2)" in admin_client.get(LIST).text  # numbers beside the filters


@pytest.mark.parametrize("text", ["\x00", "x" * 5000, "<script>", "%", "'"])
def test_hostile_searches(admin_client, make_resource, text):
    make_resource()
    for page in ["resource", "contributor", "theme", "country"]:
        response = admin_client.get(f"/admin/resources/{page}/", {"q": text})
        assert response.status_code == 200
    response = admin_client.get(
        "/admin/autocomplete/",
        {
            "term": text,
            "app_label": "resources",
            "model_name": "resource",
            "field_name": "themes",
        },
    )
    assert response.status_code == 200


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
    for term in [resource.programme, resource.themes.get(), resource.credits[0]]:
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


# Signing in


@pytest.fixture
def curator(django_user_model):
    return django_user_model.objects.create_user(
        "curator", password="right-password", is_staff=True
    )


def sign_in(client, password, address="10.0.0.1", **headers):
    return client.post(
        "/admin/login/",
        {"username": "curator", "password": password, "next": "/admin/"},
        REMOTE_ADDR=address,
        headers=headers,
    )


def test_five_failures_close_the_door_for_that_address_only(client, curator):
    for _ in range(4):
        response = sign_in(client, "wrong")
        assert response.status_code == 200
    response = sign_in(client, "wrong")
    assert response.status_code == 429 and "quarter of an hour" in response.text
    assert sign_in(client, "right-password").status_code == 429
    assert sign_in(client, "right-password", address="10.0.0.2").status_code == 302


def test_forwarded_addresses_are_believed_as_far_as_there_are_proxies(
    client, curator, settings
):
    def fail(forwarded):
        return sign_in(client, "wrong", **{"x-forwarded-for": forwarded}).status_code

    # Without a proxy the header is the visitor's own invention.
    assert [fail(f"1.1.1.{n}") for n in range(5)] == [200] * 4 + [429]
    settings.PROXIES = 1
    assert [fail("2.2.2.2") for n in range(5)] == [200] * 4 + [429]
    # What stands further left is invented, too.
    assert fail("9.9.9.9, 2.2.2.2") == 429
    assert fail("2.2.2.2, 3.3.3.3") == 200


def test_the_message_does_not_tell_who_exists(client, curator):
    known = sign_in(client, "wrong").text
    client.post("/admin/login/", {"username": "nobody", "password": "wrong"})
    unknown = client.post("/admin/login/", {"username": "nobody", "password": "x"}).text
    message = re.compile(r'<p class="errornote">(.*?)</p>', re.S)
    assert message.search(known)[1] == message.search(unknown)[1]
