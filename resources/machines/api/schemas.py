"""What the API answers with, as JSON Schema: https://json-schema.org/"""

from ... import search


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
DAY_IF_ANY = {"type": ["string", "null"], "format": "date"}
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
        authors=list_of("Contributor")
        | {"description": "In the order of the credits."},
        editors=list_of("Contributor"),
        translators=list_of("Contributor"),
        contributors=list_of("Contributor")
        | {"description": "With other parts in it."},
        funders=list_of("Contributor"),
        shared_by=list_of("Contributor")
        | {"description": "Who brought it to the library, without a part in it."},
        publisher=nullable("Publisher"),
        year={"type": ["integer", "null"]},
        source_url=TEXT_IF_ANY | {"description": "Where it can be read or ordered."},
        doi=TEXT_IF_ANY,
        isbn=TEXT_IF_ANY,
        volume=TEXT_IF_ANY | {"description": "Of an article in a periodical."},
        issue=TEXT_IF_ANY | {"description": "The same."},
        pages=TEXT_IF_ANY | {"description": "The same."},
        change_note=TEXT_IF_ANY | {"description": "What became different, in words."},
        reviewed_on=DAY_IF_ANY | {"description": "Day of the last review."},
        cover=nullable("Cover"),
        published_at=TIME | {"description": "When it came into the library; UTC."},
        changed_at=TIME | {"description": "When the public saw it change last; UTC."},
    ),
    "Term": record(slug=TEXT, name=TEXT | {"description": "In English."}),
    "Region": record(code=TEXT | {"description": "UN M49."}, slug=TEXT, name=TEXT),
    "Country": record(code=TEXT | {"description": "ISO 3166-1."}, name=TEXT),
    "Contributor": record(
        id=ID_NUMBER,
        name=TEXT,
        kind={"type": "string", "enum": ["person", "organisation"]},
        family=TEXT_IF_ANY,
        given=TEXT_IF_ANY,
        suffix=TEXT_IF_ANY | {"description": "Such as Jr."},
        romanised=TEXT_IF_ANY | {"description": "The name in Latin letters."},
        note=TEXT_IF_ANY | {"description": "Tells it from others of the same name."},
        orcid=TEXT_IF_ANY | {"description": "Address of the ORCID of a person."},
        ror=TEXT_IF_ANY | {"description": "Address of the ROR of an organisation."},
    ),
    "Publisher": record(id=ID_NUMBER, name=TEXT),
    "Cover": record(url=ADDRESS, width=ID_NUMBER, height=ID_NUMBER, alt=TEXT),
    "Part": {
        "type": "object",
        "description": "The keys of a resource that fields asks for.",
    },
    "Withdrawn": record(
        id=ID_NUMBER,
        withdrawn={"const": True},
        reason=TEXT,
        changed_at=TIME | {"description": "When it was withdrawn; UTC."},
    )
    | {"description": "With changed_since: a resource that is public no more."},
    "List": record(
        total={
            "type": ["integer", "null"],
            "minimum": 0,
            "description": (
                "How many resources there are in all; null on later pages of changes."
            ),
        },
        results={
            "type": "array",
            "items": {"anyOf": [ref("Resource"), ref("Part"), ref("Withdrawn")]},
        },
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
    "Vocabularies": record(
        results={"type": "array", "items": ref("VocabularyLink")},
    ),
    "VocabularyLink": record(
        name=TEXT | {"description": "The name of the parameter."},
        url=ADDRESS,
        titles=ref("Names"),
    ),
    "Vocabulary": record(
        name=TEXT | {"description": "The name of the parameter."},
        titles=ref("Names"),
        results=list_of("VocabularyTerm"),
    ),
    "VocabularyTerm": record(
        value=TEXT | {"description": "What the parameter takes; permanent."},
        code=TEXT_IF_ANY | {"description": "UN M49, ISO 3166-1 or BCP 47."},
        names=ref("Names"),
        description=TEXT_IF_ANY | {"description": "In English."},
        descriptions=ref("Names") | {"description": "By language."},
        aliases={"type": "array", "items": TEXT},
        parent=TEXT_IF_ANY | {"description": "The region that contains it."},
        home_page=TEXT_IF_ANY,
        started_in={"type": ["integer", "null"]},
        ended_in={"type": ["integer", "null"]},
        url=ADDRESS | {"description": "The resources that have it."},
        page=ADDRESS | {"description": "The same for people, in English."},
        resources={
            "type": ["integer", "null"],
            "description": (
                "How many they are; those of regions include the regions within. Null "
                "while the search index is being made."
            ),
        },
    ),
    "Names": {
        "type": "object",
        "additionalProperties": TEXT_IF_ANY,
        "description": "By language of the interface; English is always there.",
    },
    "Problem": record(
        type={"type": "string", "format": "uri-reference"},
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
    ),
    "Fault": record(parameter=TEXT, detail=TEXT),
}
SCHEMAS["Part"]["properties"] = SCHEMAS["Resource"]["properties"]
SCHEMAS["List"]["properties"]["changed_until"] = TIME | {
    "description": (
        "Only with changed_since: the changed_since to go on from next time, when "
        "there is no next."
    )
}
SCHEMAS["List"]["properties"]["facets"] = ref("Facets") | {
    "description": "Only with facets=1."
}
SCHEMAS["Problem"]["description"] = "https://www.rfc-editor.org/rfc/rfc9457"
SCHEMAS["Problem"]["properties"]["errors"] = list_of("Fault") | {
    "description": "What is wrong with each parameter; with status 400."
}

# The keys of a resource, in the order in which it has them.
FIELDS = SCHEMAS["Resource"]["required"]
