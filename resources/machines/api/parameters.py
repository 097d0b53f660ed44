"""
The parameters of the API, as OpenAPI describes them; the same declarations check them.

Those of the list are the filters of ApiFilter, and how much an answer holds.
"""

import re

from django.utils.translation import gettext_lazy as _

from ... import filters
from ...filters import fields
from ...models import EARLIEST_YEAR, LATEST_YEAR
from ...models.identifiers import NORMAL
from ...search.parsing import MOST_TEXT
from .filters import ApiFilter, IdentifierFilter
from .moments import parse_moment
from .schemas import FIELDS

MOST_AT_ONCE = 100
USUAL_SIZE = 20
MOST_ADDRESS = 1000
# Values of one parameter; where there are more, that is an error already.
MOST_CHECKED = 50

# The order that a key belongs to, and a number in it that the database can hold.
KEY = r"^(best|-?title|-?newest|-?year|changed)-[0-7]?[0-9a-f]{1,15}$"
FLAG = {"type": "string", "enum": ["1"]}
YEAR = {"type": "integer", "minimum": EARLIEST_YEAR, "maximum": LATEST_YEAR}
MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
# What values of a form look like, for those who gave another.
FORMS = {
    fields.SLUG: "It takes letters, digits, hyphens and underscores.",
    fields.COUNTRY_CODE: "It takes two small letters, an ISO 3166-1 code.",
    fields.ID: "It takes a number, the id of a person or organisation.",
    KEY: "It takes only what the address in next has there.",
}
IDENTIFIERS = {
    "doi": "It takes a DOI, such as 10.1787/9789264057692-en.",
    "isbn": "It takes an ISBN of 10 or 13 digits, the last of which has to be right.",
    "source_url": "It takes a web address that starts with http:// or https://.",
}

TEXTS = {
    "q": _(
        "Words to search for. Quotes keep a phrase together, -word leaves records "
        "out, author: and title: look there alone."
    ),
    "programme": _("Slug of a programme; given more than once, any of them."),
    "theme": _("Slug of a theme; given more than once, any of them."),
    "type": _("Slug of a type; given more than once, any of them."),
    "country": _("ISO 3166-1 code in small letters, of origin or of residence."),
    "country_of_origin": _("The same, where the diaspora comes from."),
    "country_of_residence": _("The same, where the diaspora lives."),
    "region": _("Slug of a region; resources on the regions within it are found too."),
    "language": _("BCP 47 tag of the language a resource is written in."),
    "author": _("Id of a person or organisation that wrote or edited it."),
    "publisher": _("Id of a person or organisation that published it."),
    "year_from": _("The earliest year. Together with year_to in either order."),
    "year_to": _("The latest year."),
    "sort": _(
        "The order. best needs words in q and is then the usual one, else newest. A "
        "minus turns an order round."
    ),
    "every": _("Only records with every word of q."),
    "exactly": _("Look the words of q up as they are, even unknown ones."),
    "doi": _("The resource with this DOI, in any usual form."),
    "isbn": _("Resources with this ISBN, of 10 or 13 digits, with or without hyphens."),
    "source_url": _("Resources that can be read at this address."),
    "size": _("How many resources an answer holds at most."),
    "after": _(
        "Where to continue: only as given in next, with the same other parameters."
    ),
    "facets": _("Count the resources that each value of each facet would give."),
    "fields": _("Only these keys of each resource, with commas between them."),
    "changed_since": _(
        "What was published, changed or withdrawn since a date or time (ISO 8601, UTC "
        "unless it says otherwise), the oldest change first. Only size, after and "
        "fields can be given with it."
    ),
}


def of_filter(name, one):
    """The schema of the values that a filter takes."""
    if isinstance(one, filters.FacetFilter):
        item = {"type": "string", "pattern": one.extra["pattern"]}
        return {"type": "array", "items": item, "maxItems": filters.MOST_VALUES}
    if isinstance(one, filters.YearFilter):
        return YEAR
    if isinstance(one, filters.ChoiceFilter):
        values = [value for value, _label in one.extra["choices"]()]
        return {"type": "string", "enum": values}
    if isinstance(one, IdentifierFilter):
        return {"type": "string", "format": name, "maxLength": MOST_ADDRESS}
    return {"type": "string", "maxLength": MOST_TEXT}


def parameter(name, schema, **more):
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": TEXTS[name],
        "schema": schema,
        **more,
    }


COUNT = {"minimum": 1, "maximum": MOST_AT_ONCE, "default": USUAL_SIZE}
SIZE = parameter("size", {"type": "integer", **COUNT})
AFTER = parameter("after", {"type": "string", "pattern": KEY, "format": "key"})
SOME_FIELDS = parameter(
    "fields",
    {
        "type": "array",
        "items": {"type": "string", "enum": FIELDS},
        "minItems": 1,
        "maxItems": len(FIELDS),
    },
    style="form",
    explode=False,
)
PARAMETERS = {
    name: parameter(name, of_filter(name, one))
    for name, one in ApiFilter.base_filters.items()
} | {
    "size": SIZE,
    "after": AFTER,
    "facets": parameter("facets", FLAG),
    "fields": SOME_FIELDS,
    "changed_since": parameter("changed_since", MOMENT),
}
# What can be given together with changed_since.
OF_CHANGES = {"changed_since", "size", "after", "fields"}


def described(parameters):
    """Return parameters with their descriptions in the active language."""
    return {
        name: one | {"description": str(one["description"])}
        for name, one in parameters.items()
    }


def errors(data):
    """Yield an error for each parameter with a value that it cannot have."""
    for name, values in data.lists():
        details = list(faults(name, values))
        if not details and "changed_since" in data and name not in OF_CHANGES:
            details = ["It cannot be given together with changed_since."]
        for detail in details:
            yield {"parameter": name, "detail": detail}


def faults(name, values):
    """Yield what is wrong with the values of a parameter."""
    schema, is_repeatable = PARAMETERS[name]["schema"], False
    if schema["type"] == "array":
        is_repeatable = PARAMETERS[name].get("explode", True)
        if len(values) == 1 and not is_repeatable:
            values = values[0].split(",")
        if len(values) > schema["maxItems"]:
            yield f"It takes at most {schema['maxItems']} values."
        schema = schema["items"]
    elif len(values) > 1:
        yield "It is given more than once."
    for value in values[:MOST_CHECKED]:
        if problem := fault(schema, value):
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
        return FORMS[schema["pattern"]]
    identifier = schema.get("format")
    if identifier in IDENTIFIERS and not NORMAL[identifier](value):
        return IDENTIFIERS[identifier]
    if schema is MOMENT and not parse_moment(value):
        return "It takes a date or a time, such as 2026-05-01 or 2026-05-01T08:00:00Z."
    return None
