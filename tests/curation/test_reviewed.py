"""What readers learn of the history of a record: a note and the day of its review."""

import json

from resources.models import Resource

from .test_history import save


def as_json(client):
    response = client.get("/resources.json")
    return json.loads(b"".join(response) if response.streaming else response.content)


def test_a_note_of_change_and_the_day_of_review_are_public(
    admin_client, client, make_resource
):
    resource = make_resource()
    page = client.get(resource.get_absolute_url()).text
    assert "Reviewed" not in page and "Note of change" not in page
    [before] = as_json(client)
    assert before["change_note"] is None and before["reviewed_on"] is None
    save(
        admin_client,
        resource,
        change_note="Two figures <corrected>",
        reviewed_on="2026-01-31",
    )
    page = client.get(resource.get_absolute_url()).text
    assert "Two figures &lt;corrected&gt;" in page
    assert 'datetime="2026-01-31"' in page
    [now] = as_json(client)
    assert now["change_note"] == "Two figures <corrected>"
    assert now["reviewed_on"] == "2026-01-31"
    assert Resource.objects.get().changes.filter(kind="changed").exists()
