"""
The description of the API in OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.1.html
"""

from django.conf import settings

from ... import search
from .parameters import PARAMETERS


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def record(**properties):
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


def list_of(name):
    return {"type": "array", "items": ref(name)}


def nullable(name):
    return {"anyOf": [ref(name), {"type": "null"}]}


TEXT = {"type": "string"}
TEXT_IF_ANY = {"type": ["string", "null"]}
ADDRESS = {"type": "string", "format": "uri"}
NUMBER = {"type": "integer", "minimum": 0}
ID_NUMBER = {"type": "integer", "minimum": 1}
TIME = {
    "type": "string",
    "format": "date-time",
    "description": "UTC",
    "examples": ["2024-05-01T08:00:00Z"],
}

SCHEMAS = {
    "Resource": record(
        id=ID_NUMBER | {"description": "Permanent."},
        url=ADDRESS | {"description": "Permanent address, in no language."},
        page=ADDRESS | {"description": "The English page; follows the title."},
        title=TEXT,
        summary=TEXT | {"description": "In the language of the resource."},
        description=TEXT_IF_ANY | {"description": "The same at length; Markdown."},
        language=TEXT | {"description": "BCP 47 tag."},
        type=ref("Term"),
        programme=nullable("Term"),
        themes=list_of("Term"),
        regions=list_of("Region"),
        countries_of_origin=list_of("Country"),
        countries_of_residence=list_of("Country"),
        authors=list_of("Author") | {"description": "In the order of the credits."},
        publisher=nullable("Publisher"),
        year={"type": ["integer", "null"]},
        source_url=TEXT_IF_ANY | {"description": "Where it can be read or ordered."},
        doi=TEXT_IF_ANY,
        isbn=TEXT_IF_ANY,
        cover=nullable("Cover"),
        published_at=TIME | {"description": "When it came into the library; UTC."},
        changed_at=TIME | {"description": "When the public saw it change last; UTC."},
    ),
    "Term": record(slug=TEXT, name=TEXT | {"description": "In English."}),
    "Region": record(code=TEXT | {"description": "UN M49."}, slug=TEXT, name=TEXT),
    "Country": record(code=TEXT | {"description": "ISO 3166-1."}, name=TEXT),
    "Author": record(
        id=ID_NUMBER,
        name=TEXT,
        kind={"type": "string", "enum": ["person", "organisation"]},
        family=TEXT_IF_ANY,
        given=TEXT_IF_ANY,
    ),
    "Publisher": record(id=ID_NUMBER, name=TEXT),
    "Cover": record(url=ADDRESS, width=ID_NUMBER, height=ID_NUMBER, alt=TEXT),
    "List": record(
        total=NUMBER | {"description": "How many resources there are in all."},
        results=list_of("Resource"),
        next={
            "type": ["string", "null"],
            "format": "uri",
            "description": "The address of the next ones; null at the end.",
        },
        corrections={
            "type": "object",
            "additionalProperties": TEXT,
            "description": "Words looked up in place of unknown words of q.",
        },
        ignored={
            "type": "array",
            "items": TEXT,
            "description": "Words of q that say too little to be looked up.",
        },
    ),
    "Facets": {
        "type": "object",
        "additionalProperties": list_of("Value"),
        "description": (
            "By the name of the parameter, the most frequent values, at most "
            f"{search.MOST_VALUES}. The values chosen in a facet do not change its own "
            "numbers."
        ),
    },
    "Value": record(
        value=TEXT | {"description": "What the parameter takes."},
        name=TEXT,
        count=NUMBER,
    ),
    "Problem": record(
        type={"type": "string", "format": "uri-reference"},
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
    ),
    "Fault": record(parameter=TEXT, detail=TEXT),
}
SCHEMAS["List"]["properties"]["facets"] = ref("Facets") | {
    "description": "Only with facets=1."
}
SCHEMAS["Problem"]["description"] = "https://www.rfc-editor.org/rfc/rfc9457"
SCHEMAS["Problem"]["properties"]["errors"] = list_of("Fault") | {
    "description": "What is wrong with each parameter; with status 400."
}

HEADERS = {
    "Link": {
        "description": 'The next ones, as <…>; rel="next"; not at the end.',
        "schema": TEXT,
    },
    "Retry-After": {"description": "In so many seconds.", "schema": NUMBER},
}
PROBLEMS = {
    400: "A parameter is unknown or has a value that is none of its own.",
    404: "There is no such resource.",
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
                ref("Resource"),
                *[404, 410],
                parameters=[pk],
            ),
            "/api/resources.jsonl": operation(
                "dumpResources",
                "All resources by id, one JSON object to a line.",
                "application/jsonl",
                TEXT | {"description": "Each line is a Resource."},
                429,
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
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": {str(status): problem(status) for status in PROBLEMS},
        },
    }
