"""The history of records: every change with who, how and why, and the way back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image
from reversion.models import Revision, Version

from resources import history
from resources.models import Programme, Resource, ResourceType, Step, Theme

from ..factories import make_contributor, make_term

Status = Resource.Status
LIST = "/admin/resources/resource/"


def form_of(resource, **fields):
    """What the form of a resource sends when only these fields are different."""
    contributions = list(resource.contributions.all())
    data = {
        name: getattr(resource, name)
        for name in ["title", "summary", "description", "language", "status"]
    } | {
        "type": resource.type_id,
        "cover_alt": resource.cover_alt,
        "programme": resource.programme_id or "",
        "themes": [theme.pk for theme in resource.themes.all()],
        "contributions-TOTAL_FORMS": len(contributions),
        "contributions-INITIAL_FORMS": len(contributions),
    }
    for n, contribution in enumerate(contributions):
        data |= {
            f"contributions-{n}-id": contribution.pk,
            f"contributions-{n}-resource": resource.pk,
            f"contributions-{n}-contributor": contribution.contributor_id,
            f"contributions-{n}-position": contribution.position,
        }
    return data | fields


def save(client, resource, **fields):
    address = f"{LIST}{resource.pk}/change/"
    response = client.post(address, form_of(resource, **fields))
    assert response.status_code == 302, response.context["errors"]
    resource.refresh_from_db()


def versions(record):
    """The versions of a record, the newest first."""
    return list(history.of_record(type(record), record.pk))


def page_of(version, kind="resource"):
    return f"/admin/resources/{kind}/history/{version.pk}/"


def act(client, action, resources, **fields):
    data = {"action": action, "_selected_action": [r.pk for r in resources], **fields}
    return client.post(LIST, data, follow=True)


@pytest.fixture
def report(make_resource):
    return make_resource(
        title="Old title", themes=["Health", "Trade"], authors=["Ada", "Grace"]
    )


def test_a_change_by_form_says_who_what_and_why(admin_client, admin_user, report):
    save(admin_client, report, title="New title", why="The printed one says so.")
    now, before = versions(report)
    assert before.revision.step.action == Step.Action.BASELINE
    assert now.revision.step.action == Step.Action.CHANGED
    assert now.revision.user == admin_user
    text = admin_client.get(f"{LIST}{report.pk}/history/").text
    assert "The printed one says so." in text and "admin" in text
    assert "Title" in text and "as it was before" in text
    text = admin_client.get(page_of(now)).text
    assert "<del>Old </del><ins>New </ins>title" in text


def test_one_version_restores_title_themes_and_authors(admin_client, report):
    edith = make_contributor("Edith")
    save(
        admin_client,
        report,
        title="New title",
        themes=[make_term(Theme, "Law").pk],
        **{
            "contributions-0-contributor": edith.pk,
            "contributions-0-position": 3,
        },
    )
    assert [a.contributor.name for a in report.contributions.all()] == [
        "Grace",
        "Edith",
    ]
    text = admin_client.get(page_of(versions(report)[0])).text
    for words in ["Ada", "Edith", "Law", "Health", "taken away"]:
        assert words in text
    first = versions(report)[-1]
    response = admin_client.post(page_of(first), {"why": "A mistake"}, follow=True)
    assert "Restored as it was" in response.text
    report.refresh_from_db()
    assert report.title == "Old title"
    assert [a.contributor.name for a in report.contributions.all()] == ["Ada", "Grace"]
    assert {t.name for t in report.themes.all()} == {"Health", "Trade"}
    # It is a version itself, and can be undone too.
    assert versions(report)[0].revision.comment == "A mistake"
    admin_client.post(page_of(versions(report)[1]))
    report.refresh_from_db()
    assert report.title == "New title"


def test_what_was_restored_is_public_at_once(admin_client, client, report):
    save(admin_client, report, title="New title")
    assert "New title" in client.get("/resources/").text
    admin_client.post(page_of(versions(report)[-1]))
    assert "Old title" in client.get("/resources/").text


def test_a_record_without_a_history_says_so(admin_client, report):
    text = admin_client.get(f"{LIST}{report.pk}/history/").text
    assert "Nothing has been changed since" in text
    assert admin_client.get(f"{LIST}999/history/").status_code == 302


def test_saving_without_a_change_writes_no_version(admin_client, report):
    save(admin_client, report)
    save(admin_client, report)
    assert len(versions(report)) == 1


def test_a_change_that_fails_writes_nothing(admin_client, report, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Version.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        save(admin_client, report, title="New title")
    report.refresh_from_db()
    assert report.title == "Old title" and not Revision.objects.exists()


def test_bulk_actions_write_versions(admin_client, admin_user, make_resource):
    resources = [make_resource(status=Status.DRAFT) for _ in range(3)]
    act(admin_client, "publish", resources)
    for resource in resources:
        now, before = versions(resource)
        assert now.revision.step.action == Step.Action.BULK
        assert now.revision.user == admin_user
        assert before.revision.step.action == Step.Action.BASELINE
    assert Revision.objects.count() == 2
    theme = make_term(Theme, "Health")
    act(admin_client, "add_theme", resources, apply="1", theme=theme.pk, why="Asked")
    assert versions(resources[0])[0].revision.comment == "Asked"
    # What was in the history already is not written again.
    assert Revision.objects.count() == 3
    text = admin_client.get(page_of(versions(resources[0])[0])).text
    assert "Health" in text and "Themes" in text


def test_one_record_of_a_bulk_action_is_restored_alone(admin_client, make_resource):
    mida, trim = make_term(Programme, "MIDA"), make_term(Programme, "TRIM")
    resources = [make_resource(programme="MIDA") for _ in range(3)]
    act(admin_client, "set_programme", resources, apply="1", programme=trim.pk)
    admin_client.post(page_of(versions(resources[0])[-1]))
    assert mida.resources.get() == resources[0]
    assert trim.resources.count() == 2


def test_a_change_past_the_history_is_put_down_to_nobody(admin_client, report):
    save(admin_client, report, title="By form")
    Resource.objects.update(summary="By SQL.")
    save(admin_client, report, title="By form again", summary="By SQL.")
    now, by_sql = versions(report)[:2]
    assert by_sql.revision.user is None
    assert "<ins>By SQL</ins>" in admin_client.get(page_of(by_sql)).text
    assert "Summary" not in admin_client.get(page_of(now)).text


def test_vocabularies_and_contributors_have_one_too(admin_client, django_user_model):
    theme = make_term(Theme, "Health")
    data = {"name": "Well-being", "slug": "health", "why": "Agreed in May"}
    admin_client.post(f"/admin/resources/theme/{theme.pk}/change/", data)
    text = admin_client.get(f"/admin/resources/theme/{theme.pk}/history/").text
    assert "Agreed in May" in text and "Name" in text
    admin_client.post(page_of(versions(theme)[-1], "theme"))
    theme.refresh_from_db()
    assert theme.name == "Health"
    ada = make_contributor("Ada")
    data = {"name": "Ada Lovelace", "kind": "person"}
    admin_client.post(f"/admin/resources/contributor/{ada.pk}/change/", data)
    assert len(versions(ada)) == 2


# What was removed


def test_what_was_removed_comes_back_with_its_address(admin_client, make_resource):
    draft = make_resource(
        title="Thrown away", status=Status.DRAFT, authors=["Ada"], themes=["Health"]
    )
    number, address = draft.pk, draft.get_absolute_url()
    delete = f"{LIST}{number}/delete/"
    admin_client.post(delete, {"post": "yes", "why": "A double"})
    assert not Resource.objects.exists()
    removed = admin_client.get(f"{LIST}removed/").text
    assert "Thrown away" in removed
    assert "Removed" in admin_client.get(LIST).text
    text = admin_client.get(f"{LIST}{number}/history/").text
    assert "removed" in text and "Thrown away" in text
    [last] = history.removed(Resource)
    assert admin_client.get(page_of(last)).status_code == 200
    admin_client.post(page_of(last))
    draft = Resource.objects.get()
    assert draft.pk == number and draft.get_absolute_url() == address
    assert [a.contributor.name for a in draft.contributions.all()] == ["Ada"]
    assert [t.name for t in draft.themes.all()] == ["Health"]
    assert "Thrown away" not in admin_client.get(f"{LIST}removed/").text


def test_a_term_comes_back_unless_its_address_is_taken(admin_client, db):
    theme = Theme.objects.create(name="Sport", slug="sport")
    admin_client.post(f"/admin/resources/theme/{theme.pk}/delete/", {"post": "yes"})
    other = Theme.objects.create(name="Sports", slug="sport")
    [last] = history.removed(Theme)
    response = admin_client.post(page_of(last, "theme"), follow=True)
    assert "cannot be restored" in response.text and "already exists" in response.text
    other.delete()
    admin_client.post(page_of(last, "theme"))
    assert Theme.objects.get().pk == theme.pk


# Versions that do not fit any more


def test_terms_that_are_gone_are_left_out_and_named(admin_client, report):
    save(admin_client, report, themes=[], title="Without themes")
    Theme.objects.filter(name="Trade").delete()
    old = versions(report)[-1]
    assert "Health" in admin_client.get(page_of(versions(report)[0])).text
    response = admin_client.post(page_of(old), follow=True)
    assert "1 entry does not exist any more" in response.text
    assert [t.name for t in report.themes.all()] == ["Health"]


def test_without_its_type_a_version_cannot_be_restored(admin_client, report):
    save(admin_client, report, type=make_term(ResourceType, "Toolkit").pk)
    ResourceType.objects.get(name="Report").delete()
    response = admin_client.post(page_of(versions(report)[-1]), follow=True)
    assert "not there any more" in response.text
    assert Resource.objects.get().type.name == "Toolkit"


def test_versions_of_an_earlier_schema_are_restored(admin_client, report):
    save(admin_client, report, title="New title")
    old = versions(report)[-1]
    # As a release wrote it that had another field, and not yet these two.
    old.serialized_data = old.serialized_data.replace(
        '"title"', '"subtitle": "Gone", "title"'
    )
    for name in ['"change_note": "", ', '"reviewed_on": null, ']:
        assert name in old.serialized_data
        old.serialized_data = old.serialized_data.replace(name, "")
    old.save()
    Resource.objects.update(change_note="Corrected", reviewed_on="2026-01-31")
    assert admin_client.get(page_of(old)).status_code == 200
    assert admin_client.get(f"{LIST}{report.pk}/history/").status_code == 200
    admin_client.post(page_of(old))
    report.refresh_from_db()
    assert report.title == "Old title" and report.change_note == "Corrected"
    assert f"{report.reviewed_on}" == "2026-01-31"


def test_what_was_public_does_not_become_a_draft_again(admin_client, make_resource):
    resource = make_resource(title="First", status=Status.DRAFT)
    save(admin_client, resource, title="Second", status="published")
    response = admin_client.post(page_of(versions(resource)[-1]), follow=True)
    assert "The status is still “published”" in response.text
    resource.refresh_from_db()
    assert resource.title == "First" and resource.is_published


# Who may


def test_reading_and_restoring_need_permissions(client, django_user_model, report):
    from django.contrib.auth.models import Permission

    history.keep_state(Resource, [report.pk])
    Resource.objects.update(title="New title")
    [version] = versions(report)
    nobody = django_user_model.objects.create_user("nobody", is_staff=True)
    client.force_login(nobody)
    for address in [page_of(version), f"{LIST}{report.pk}/history/", f"{LIST}removed/"]:
        assert client.get(address).status_code == 403
    nobody.user_permissions.add(Permission.objects.get(codename="view_resource"))
    text = client.get(page_of(version)).text
    assert client.get(page_of(version)).status_code == 200
    assert "Restore this version" not in text
    assert client.post(page_of(version)).status_code == 403
    assert Resource.objects.get().title == "New title"


def test_versions_of_something_else_are_not_shown(admin_client, report):
    theme = report.themes.first()
    history.keep_state(Theme, [theme.pk])
    [version] = versions(theme)
    assert admin_client.get(page_of(version)).status_code == 404
    assert admin_client.get(page_of(version) + "cover/").status_code == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\x00" * 9, "x" * 9000])
def test_hostile_reasons(admin_client, report, text):
    save(admin_client, report, title="<b>bold</b>", why=text)
    for address in [f"{LIST}{report.pk}/history/", page_of(versions(report)[0])]:
        page = admin_client.get(address).text
        assert "<script>alert" not in page and "<b>bold" not in page


# Covers


def picture(colour):
    out = BytesIO()
    Image.new("RGB", (600, 800), colour).save(out, "PNG")
    return SimpleUploadedFile("cover.png", out.getvalue(), "image/png")


def test_covers_are_kept_while_a_version_refers_to_them(admin_client, report, settings):
    save(admin_client, report, new_cover=picture("teal"), cover_alt="Teal")
    first = report.cover.name
    save(admin_client, report, new_cover=picture("red"), cover_alt="Red")
    now, before = versions(report)[:2]
    text = admin_client.get(page_of(now)).text
    assert f"{page_of(before)}cover/" in text and f"{page_of(now)}cover/" in text
    response = admin_client.get(f"{page_of(before)}cover/")
    assert response["Content-Type"] == "image/webp" and b"".join(response)
    call_command("covers", "--sweep")
    admin_client.post(page_of(before))
    report.refresh_from_db()
    assert report.cover.name == first and report.cover_alt == "Teal"
    name = first.rpartition("/")[2]
    assert admin_client.get(f"{LIST}{report.pk}/cover/{name}").status_code == 200
