"""The list of resources in the admin: its actions, filters and search."""

import pytest

from resources.models import (
    Programme,
    Resource,
    ResourceType,
    Theme,
)

from ..factories import make_term

LIST = "/admin/resources/resource/"


Status = Resource.Status


@pytest.fixture
def type(db):
    return make_term(ResourceType, "Report")


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
