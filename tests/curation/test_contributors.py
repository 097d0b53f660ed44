"""People and organisations in the admin."""

import pytest
from django.urls import reverse

from resources.models import Contributor
from resources.models.names import divided, guessed

pytestmark = pytest.mark.django_db
ADD = "admin:resources_contributor_add"


def send(client, **values):
    fields = ["kind", "name", "sort_name", "romanised", "note", "orcid", "ror"]
    data = dict.fromkeys([*fields, "aliases"], "") | values
    return client.post(reverse(ADD), data)


def errors(response):
    return response.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Lovelace, Ada", "Lovelace, Ada"),
        ("Samuel Adams Cole, Jr.", "Cole, Samuel Adams, Jr."),
        ("Samuel Adams Cole Jr.", "Cole, Samuel Adams, Jr."),
        ("Cole, Samuel Adams, Jr.", "Cole, Samuel Adams, Jr."),
        ("Cole, Jr., Samuel Adams", "Cole, Samuel Adams, Jr."),
        ("Tobias van Treeck", "van Treeck, Tobias"),
        ("Pedro De Vasconcelos", "De Vasconcelos, Pedro"),
        ("José Ortega y Gasset", "Ortega y Gasset, José"),
        ("Osama bin Zayed", "bin Zayed, Osama"),
        ("Maria DA SILVA", "DA SILVA, Maria"),
        ("Theresa R. Fianko", "Fianko, Theresa R."),
        ("J.-P. Dupont-Moretti", "Dupont-Moretti, J.-P."),
        ("  Ada \u00a0 Lovelace ", "Lovelace, Ada"),
        ("Suharto", "Suharto"),
        ("محمد الخوري", "محمد الخوري"),
        ("习近平", "习近平"),
    ],
)
def test_a_name_in_any_usual_form_has_these_parts(typed, parts):
    found = guessed(typed)
    assert found.inverted == parts
    assert divided(found.inverted) == found


def test_the_parts_of_a_name_are_shown_before_they_are_saved(admin_client):
    response = send(admin_client, kind="person", name="Cole, Samuel Adams, Jr.")
    assert "Please check" in str(errors(response)["sort_name"])
    assert 'value="Samuel Adams Cole Jr."' in response.text
    assert 'value="Cole, Samuel Adams, Jr."' in response.text
    assert not Contributor.objects.exists()
    send(
        admin_client,
        kind="person",
        name="Samuel Adams Cole Jr.",
        sort_name="Cole, Samuel Adams, Jr.",
    )
    cole = Contributor.objects.get()
    assert (cole.family, cole.given, cole.suffix) == ("Cole", "Samuel Adams", "Jr.")


def test_the_kind_is_never_guessed(admin_client):
    assert "kind" in errors(send(admin_client, name="Suharto"))
    page = admin_client.get(reverse(ADD)).text
    assert '<option value="" selected>' in page
    assert '<option value="person" selected>' not in page
    send(admin_client, name="World Bank", kind="organisation")
    assert Contributor.objects.get().kind == "organisation"


def test_two_people_of_one_name_are_told_apart_by_a_note(admin_client):
    Contributor.objects.create(name="Suharto")
    response = send(admin_client, kind="person", name="Suharto")
    assert "add a note that tells them apart" in str(errors(response))
    send(admin_client, kind="person", name="Suharto", note="economist")
    assert Contributor.objects.filter(name="Suharto").count() == 2
    assert {str(one) for one in Contributor.objects.all()} == {
        "Suharto",
        "Suharto (economist)",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1825-0097",
        "https://orcid.org/0000-0002-1825-0097",
        "orcid.org/0000000218250097",
        "0000‐0002‐1825‐0097",
    ],
)
def test_an_orcid_is_kept_in_its_one_form(admin_client, typed):
    send(admin_client, kind="person", name="Suharto", orcid=typed)
    assert Contributor.objects.get().orcid == "0000-0002-1825-0097"


@pytest.mark.parametrize("typed", ["05dxps055", "https://ror.org/05DXPS055/"])
def test_a_ror_is_kept_in_its_one_form(admin_client, typed):
    send(admin_client, kind="organisation", name="Caltech", ror=typed)
    assert Contributor.objects.get().ror == "05dxps055"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"orcid": "0000-0002-1825-0098"}, "orcid", "not a valid ORCID"),
        ({"orcid": "0000-0002"}, "orcid", "not a valid ORCID"),
        ({"kind": "organisation", "ror": "05dxps056"}, "ror", "not a valid ROR"),
        ({"ror": "05dxps055"}, "ror", "Only organisations"),
        (
            {"kind": "organisation", "orcid": "0000-0002-1825-0097"},
            "orcid",
            "Only people",
        ),
        ({"name": "\u200b\u2060\u00ad"}, "name", "no letter that can be seen"),
    ],
)
def test_a_mistake_gets_a_sentence_and_all_typing_stays(
    admin_client, values, field, message
):
    values = {"kind": "person", "name": "Suharto", "aliases": "Pak Harto"} | values
    response = send(admin_client, **values)
    assert list(errors(response)) == [field]
    assert message in str(errors(response)[field])
    assert "Pak Harto" in response.text
    assert not Contributor.objects.exists()
