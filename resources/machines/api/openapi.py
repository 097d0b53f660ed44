"""
The description of the API in OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.1.html
"""

from django.conf import settings

from .parameters import PARAMETERS, described
from .schemas import ID_NUMBER, NUMBER, SCHEMAS, TEXT, ref
from .vocabularies import VOCABULARIES

HEADERS = {
    "Link": {
        "description": 'The next ones, as <…>; rel="next"; not at the end.',
        "schema": TEXT,
    },
    "Retry-After": {"description": "In so many seconds.", "schema": NUMBER},
}
PROBLEMS = {
    400: "A parameter is unknown or has a value that is none of its own.",
    404: "There is no such resource or vocabulary.",
    406: "The header Accept excludes what this address answers with.",
    410: "The resource was withdrawn; the detail says why.",
    429: "There were too many requests from one address.",
    503: "The search index is being made.",
}


def problem(status):
    response = {
        "description": PROBLEMS[status],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    if status in {429, 503}:
        response["headers"] = {
            "Retry-After": {"$ref": "#/components/headers/Retry-After"}
        }
    return response


def operation(name, summary, content_type, schema, *problems, **more):
    answer = {"description": summary, "content": {content_type: {"schema": schema}}}
    if name == "listResources":
        answer["headers"] = {"Link": {"$ref": "#/components/headers/Link"}}
    responses = {"200": answer}
    for status in sorted({400, 406, *problems}):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    get = {"operationId": name, "summary": summary, "responses": responses, **more}
    return {"get": get}


def document(origin):
    """Return the description for a site with this origin."""
    names = [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]
    name_of_vocabulary = {
        "name": "name",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": VOCABULARIES},
    }
    some_fields = {"$ref": "#/components/parameters/fields"}
    pk = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": ID_NUMBER | {"maximum": 10**18 - 1},
    }
    return {
        "openapi": "3.1.1",
        "info": {
            "title": settings.SITE_NAME,
            "version": "1",
            "description": (
                "All that the library holds. No key is needed. Objects may get more "
                "keys, so ignore those that you do not know."
            ),
        },
        "servers": [{"url": origin}],
        "externalDocs": {"url": f"{origin}/api/"},
        "paths": {
            "/api/resources/": operation(
                "listResources",
                "Resources that match, a few at a time.",
                "application/json",
                ref("List"),
                *[429, 503],
                parameters=names,
            ),
            "/api/resources/{id}/": operation(
                "getResource",
                "One resource.",
                "application/json",
                {"anyOf": [ref("Resource"), ref("Part")]},
                *[404, 410],
                parameters=[pk, some_fields],
            ),
            "/api/resources.jsonl": operation(
                "dumpResources",
                "All resources by id, one JSON object to a line.",
                "application/jsonl",
                TEXT | {"description": "Each line is a Resource."},
                429,
                parameters=[some_fields],
            ),
            "/api/vocabularies/": operation(
                "listVocabularies",
                "The vocabularies that resources are described with.",
                "application/json",
                ref("Vocabularies"),
            ),
            "/api/vocabularies/{name}/": operation(
                "getVocabulary",
                "The terms of a vocabulary that a resource has.",
                "application/json",
                ref("Vocabulary"),
                404,
                parameters=[name_of_vocabulary],
            ),
            "/api/openapi.json": operation(
                "getDescription",
                "This document.",
                "application/json",
                {"type": "object"},
            ),
        },
        "components": {
            "schemas": SCHEMAS,
            "parameters": described(PARAMETERS),
            "headers": HEADERS,
            "responses": {str(status): problem(status) for status in PROBLEMS},
        },
    }
