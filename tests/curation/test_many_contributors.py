"""Forms with very many contributors."""

import pytest
from django.urls import reverse

from resources.curation.forms import MOST_CONTRIBUTIONS
from resources.models import Contributor, Resource, ResourceType

from ..factories import make_term

ADD = "admin:resources_resource_add"


def form(contributors):
    data = {
        "title": "By many",
        "summary": "A summary that must stay.",
        "language": "en",
        "status": "draft",
        "type": make_term(ResourceType, "Report").pk,
        "contributions-TOTAL_FORMS": len(contributors),
        "contributions-INITIAL_FORMS": 0,
    }
    for n, contributor in enumerate(contributors):
        data |= {
            f"contributions-{n}-id": "",
            f"contributions-{n}-resource": "",
            f"contributions-{n}-contributor": contributor.pk,
            f"contributions-{n}-role": "author",
            f"contributions-{n}-position": n + 1,
        }
    return data


@pytest.fixture
def people(db):
    rows = [Contributor(name=f"Author {n:03}") for n in range(250)]
    Contributor.objects.bulk_create(rows)
    return list(Contributor.objects.order_by("pk"))


def test_a_record_with_250_authors_can_be_saved(admin_client, people):
    response = admin_client.post(reverse(ADD), form(people))
    assert response.status_code == 302
    names = [one.contributor.name for one in Resource.objects.get().contributions.all()]
    assert names == [one.name for one in people]


def test_5000_authors_get_one_sentence_and_the_rest_stays(admin_client, people):
    response = admin_client.post(reverse(ADD), form(people[:1] * 5000))
    assert response.status_code == 200 and not Resource.objects.exists()
    assert f"at most {MOST_CONTRIBUTIONS} people" in response.text
    assert "A summary that must stay." in response.text
