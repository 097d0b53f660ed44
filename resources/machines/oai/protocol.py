"""The arguments and errors of OAI-PMH."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict


class ProtocolError(Exception):
    """An error of the protocol: its code, and a sentence for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Arguments(NamedTuple):
    """The arguments that a verb needs, and those that it takes besides."""

    required: set = frozenset()
    optional: set = frozenset()


OF_LISTS = Arguments({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"})
VERBS = {
    "Identify": Arguments(),
    "ListMetadataFormats": Arguments(optional={"identifier"}),
    "ListSets": Arguments(optional={"resumptionToken"}),
    "GetRecord": Arguments({"identifier", "metadataPrefix"}),
    "ListIdentifiers": OF_LISTS,
    "ListRecords": OF_LISTS,
}

WORD = r"[A-Za-z0-9\-_.!~*'()]+"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"
# Of the XML schema of the protocol.
SYNTAX = {
    "metadataPrefix": re.compile(WORD),
    "from": re.compile(DATE),
    "until": re.compile(DATE),
    "set": re.compile(f"{WORD}(:{WORD})*"),
}


def parameters(request):
    """Return the parameters of a request; none if they cannot be read."""
    try:
        if request.method != "POST":
            return request.GET
        if request.content_type == "application/x-www-form-urlencoded":
            return request.POST
    except (BadRequest, SuspiciousOperation):
        pass
    return QueryDict()


def parse(data):
    """Return the verb and its arguments. Raises ProtocolError."""
    verbs = data.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise ProtocolError("badVerb", f"Name one verb: {', '.join(VERBS)}.")
    [verb] = verbs
    arguments = {
        name: single_value(verb, name, values)
        for name, values in data.lists()
        if name != "verb"
    }
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise bad_argument("resumptionToken excludes all other arguments.")
    elif missing := VERBS[verb].required - arguments.keys():
        raise bad_argument(f"{verb} needs {', '.join(sorted(missing))}.")
    return verb, arguments


def single_value(verb, name, values):
    """Return the value of an argument. Raises ProtocolError."""
    if name not in VERBS[verb].required | VERBS[verb].optional:
        raise bad_argument(f"{verb} takes no argument {name[:50]}.")
    if len(values) > 1:
        raise bad_argument(f"{name} is given more than once.")
    if name in SYNTAX and not SYNTAX[name].fullmatch(values[0]):
        raise bad_argument(f"{name} is not written as the protocol says.")
    return values[0]


def bad_argument(text):
    return ProtocolError("badArgument", text)


def parse_date(text):
    """Return a date of the protocol as a time. Raises ProtocolError."""
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise bad_argument("There is no such date.") from None


def format_date(moment):
    """Return a time as the protocol writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
