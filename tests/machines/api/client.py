"""Requests to the API."""

import json

LIST = "/api/resources/"
DUMP = "/api/resources.jsonl"
PATHS = [LIST, DUMP, "/api/openapi.json"]


def get(client, path=LIST, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status, response.text
    is_problem = status >= 400
    kind = "application/problem+json" if is_problem else "application/json"
    assert response["Content-Type"] == kind
    found = response.json()
    if is_problem:
        assert found["status"] == status
    return found


def dumped(client):
    lines = client.get(DUMP).getvalue().decode().split("\n")
    assert lines.pop() == ""
    return [json.loads(line) for line in lines]


def ids(found):
    return [result["id"] for result in found["results"]]
