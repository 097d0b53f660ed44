"""What the API says about resources, one by one and in the dump."""

import json

import pytest

from resources.machines.api import records
from resources.models import Resource, Theme

from ...factories import credited
from .client import DUMP, LIST, dumped, get, ids

Status = Resource.Status

NOTHING_ELSE = dict.fromkeys(["suffix", "romanised", "note", "orcid", "ror"])


def test_a_resource_has_all_that_is_public(client, full):
    found = get(client, f"{LIST}{full.pk}/")
    zoe, ada = credited(full)
    kenya = {"code": "KE", "name": "Kenya"}
    at = found["published_at"]
    assert at == f"{full.published_at:%Y-%m-%dT%H:%M:%SZ}"
    assert found["changed_at"] >= at and found["changed_at"].endswith("Z")
    assert found == {
        "id": full.pk,
        "url": f"http://testserver/resources/{full.pk}/",
        "page": f"http://testserver{full.get_absolute_url()}",
        "title": "Diasporas: “a study”",
        "summary": "What it is about.",
        "description": "*More*",
        "language": "en",
        "type": {"slug": "report", "name": "Report"},
        "programme": {"slug": "mida", "name": "MIDA"},
        "themes": [{"slug": "health", "name": "Health"}],
        "regions": [{"code": "014", "slug": "eastern-africa", "name": "E. Africa"}],
        "countries_of_origin": [kenya],
        "countries_of_residence": [kenya],
        "authors": [
            {
                "id": zoe.pk,
                "name": "Zoe",
                "kind": "person",
                "family": "Zoe",
                "given": None,
                **NOTHING_ELSE,
            },
            {
                "id": ada.pk,
                "name": "Ada Lovelace",
                "kind": "person",
                "family": "Lovelace",
                "given": "Ada",
                **NOTHING_ELSE,
            },
        ],
        **dict.fromkeys(["editors", "translators", "contributors", "funders"], []),
        "shared_by": [],
        "publisher": {"id": full.publisher.pk, "name": "IOM"},
        "year": 2019,
        "source_url": "https://example.org/a?b=c&d=é",
        "doi": "10.1000/182",
        "isbn": "9780306406157",
        "volume": "17",
        "issue": "3",
        "pages": "15–27",
        "change_note": None,
        "reviewed_on": None,
        "cover": {
            "url": f"http://testserver/covers/{full.pk}/ffffffff-960.webp",
            "width": 960,
            "height": 1280,
            "alt": "A cover",
        },
        "published_at": at,
        "changed_at": found["changed_at"],
    }


def test_what_is_not_known_is_null(client, make_resource):
    found = get(client, f"{LIST}{make_resource().pk}/")
    missing = {name for name, value in found.items() if value is None}
    assert missing == {
        *["description", "programme", "publisher", "year", "source_url", "doi"],
        *["isbn", "volume", "issue", "pages", "cover"],
        *["change_note", "reviewed_on"],
    }


def test_list_resource_and_dump_tell_the_same(client, full, make_resource):
    other = make_resource()
    results = get(client)["results"]
    assert [one["id"] for one in results] == [other.pk, full.pk]
    assert results == [get(client, f"{LIST}{one['id']}/") for one in results]
    assert dumped(client) == results[::-1]


@pytest.mark.parametrize(
    "title",
    [
        "</script><b>\"'&{{ 7*7 }}",
        "\u202eright to left\u2066",
        "دليل المهاجرين",
        "🏳️‍🌈 a\u0300\u0301",
        "!!!",
    ],
)
def test_hostile_texts_come_through_as_they_are(client, make_resource, title):
    one = make_resource(title=title, summary=title, authors=[title])
    [found] = get(client)["results"]
    assert found["title"] == found["authors"][0]["name"] == title
    assert found["page"] == f"http://testserver{one.get_absolute_url()}"
    assert dumped(client) == [found]


def test_addresses_follow_the_host(client, full, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for host in settings.ALLOWED_HOSTS:
        text = client.get(LIST, headers={"host": host}).text
        assert f"http://{host}/resources/{full.pk}/" in text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW])
def test_drafts_are_nowhere(client, make_resource, status):
    draft = make_resource(title="Unfinished", status=status, themes=["Secret"])
    public = make_resource()
    get(client, f"{LIST}{draft.pk}/", status=404)
    assert ids(get(client)) == [public.pk] == [one["id"] for one in dumped(client)]
    assert "secret" not in client.get(LIST, {"facets": 1}).text
    answers = [get(client, theme=slug, facets=1) for slug in ["secret", "sicret"]]
    assert answers[0] == answers[1] and answers[0]["total"] == 0


def test_withdrawn_is_gone_and_says_why(client, make_resource):
    gone = make_resource(
        title="Old", status=Status.WITHDRAWN, withdrawn_reason="Out of date."
    )
    found = get(client, f"{LIST}{gone.pk}/", status=410)
    assert "Old" in found["detail"] and "Out of date." in found["detail"]
    assert dumped(client) == []


# The dump


def test_the_dump_is_read_in_chunks(client, sample, monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 5)
    response = client.get(DUMP)
    chunks = list(response)
    number = Resource.objects.published().count()
    assert len(chunks) == -(-number // 5)
    found = [json.loads(line)["id"] for one in chunks for line in one.splitlines()]
    assert found == sorted(found) and len(found) == number


def test_what_goes_while_it_is_dumped_is_left_out(client, make_resource, monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 1)
    made = [make_resource() for _ in range(3)]
    lines = iter(client.get(DUMP))
    next(lines)
    Resource.objects.filter(pk=made[1].pk).update(
        status=Status.WITHDRAWN, withdrawn_reason="Gone"
    )
    made[2].themes.add(Theme.objects.create(slug="new", name="New"))
    [last] = lines
    assert json.loads(last)["themes"] == [{"slug": "new", "name": "New"}]
