"""
The parameters of the API, as OpenAPI describes them; the same declarations check them.

Those of the list are the filters of ApiFilter.
"""

import re

from ... import filters
from ...models import EARLIEST_YEAR, LATEST_YEAR
from ...search.query import MOST_TEXT
from .filters import ApiFilter

MOST_AT_ONCE = 100
USUAL_SIZE = 20

# The order that a key belongs to, and a number in it that the database can hold.
KEY = r"^(best|title|newest|year)-[0-7]?[0-9a-f]{1,15}$"

FLAG = {"type": "string", "enum": ["1"]}
YEAR = {"type": "integer", "minimum": EARLIEST_YEAR, "maximum": LATEST_YEAR}

TEXTS = {
    "q": (
        "Words to search for. Quotes keep a phrase together, -word leaves records "
        "out, author: and title: look there alone."
    ),
    "country": "ISO 3166-1 code in small letters, of origin or of residence.",
    "country_of_origin": "ISO 3166-1 code in small letters.",
    "country_of_residence": "ISO 3166-1 code in small letters.",
    "region": "Slug of a region; resources on the regions within it are found too.",
    "language": "BCP 47 tag of the language a resource is written in.",
    "author": "Id of a person or organisation.",
    "publisher": "Id of a person or organisation.",
    "year_from": "The earliest year. Together with year_to in either order.",
    "year_to": "The latest year.",
    "sort": "The order. best needs words in q and is then the usual one, else newest.",
    "every": "Only records with every word of q.",
    "exactly": "Look the words of q up as they are, even unknown ones.",
}


def of_filter(one):
    """The schema of the values that a filter takes."""
    if isinstance(one, filters.FacetFilter):
        item = {"type": "string", "pattern": one.extra["pattern"]}
        return {"type": "array", "items": item, "maxItems": filters.MOST_VALUES}
    if isinstance(one, filters.YearFilter):
        return YEAR
    if isinstance(one, filters.ChoiceFilter):
        values = [value for value, _label in one.extra["choices"]()]
        return {"type": "string", "enum": values}
    return {"type": "string", "maxLength": MOST_TEXT}


def parameter(name, schema, text):
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": text,
        "schema": schema,
    }


PARAMETERS = {
    name: parameter(
        name,
        of_filter(one),
        TEXTS.get(name) or f"Slug of a {name}; given more than once, any of them.",
    )
    for name, one in ApiFilter.base_filters.items()
} | {
    "size": parameter(
        "size",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_AT_ONCE,
            "default": USUAL_SIZE,
        },
        "How many resources an answer holds at most.",
    ),
    "after": parameter(
        "after",
        {"type": "string", "pattern": KEY, "format": "key"},
        "Where to continue: only as given in next, with the same other parameters.",
    ),
    "facets": parameter(
        "facets",
        FLAG,
        "Count the resources that each value of each facet would give.",
    ),
}


def faults(name, values):
    """Yield what is wrong with the values of a parameter."""
    schema = PARAMETERS[name]["schema"]
    if schema["type"] != "array":
        if len(values) > 1:
            yield "It is given more than once."
        schema = {"items": schema}
    elif len(values) > schema["maxItems"]:
        yield f"It takes at most {schema['maxItems']} values."
    for value in values[: filters.MOST_VALUES]:
        if problem := fault(schema["items"], value):
            yield problem


def fault(schema, value):
    """Return what is wrong with a value, or None."""
    if "enum" in schema and value not in schema["enum"]:
        return f"It has to be one of: {', '.join(schema['enum'])}."
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        # Only as numbers are written, so that each has one spelling.
        is_number = re.fullmatch("[1-9][0-9]{0,5}", value)
        if not is_number or not least <= int(value) <= most:
            return f"It has to be a whole number from {least} to {most}."
    if len(value) > schema.get("maxLength", len(value)):
        return f"It has more than {schema['maxLength']} characters."
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        return f"It has to match {schema['pattern']}"
    return None


def errors(data):
    """Yield an error for each parameter with a value that it cannot have."""
    for name, values in data.lists():
        for detail in faults(name, values):
            yield {"parameter": name, "detail": detail}
