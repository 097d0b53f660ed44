"""The API: what programs read, and what they are told when they ask wrongly."""

import json


def get(client, path="/api/resources/", status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status, response.text
    return response.json()


def test_it_lists_what_is_public(client, make_resource):
    one = make_resource(title="First", themes=["Health"], authors=["Ada Lovelace"])
    found = get(client)
    assert found["total"] == 1 and found["next"] is None
    [result] = found["results"]
    assert result["id"] == one.pk and result["title"] == "First"
    assert result["url"] == f"http://testserver/resources/{one.pk}/"
    assert result["themes"] == [{"slug": "health", "name": "Health"}]
    assert [author["name"] for author in result["authors"]] == ["Ada Lovelace"]
    assert json.loads(client.get("/api/resources.jsonl").getvalue()) == result
    assert get(client, f"/api/resources/{one.pk}/") == result
    get(client, size="0", status=400)
    get(client, "/api/nowhere", status=404)
    get(client, "/api/openapi.json")
    assert client.get("/api/").status_code == 200
    print(get(client, facets=1))
