"""
OAI-PMH 2.0: how libraries and search engines copy the catalogue, and keep up with it.

https://www.openarchives.org/OAI/openarchivesprotocol.html

The lists are those of change_lists.py; a resumption token holds the id of the change
that a page ended with, so it stays valid for ever. responseDate, from which harvesters
continue, is a little in the past: see change_lists.complete_until().
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from ... import addresses, changes, limits
from ...formats import xml
from ...public import DATABASE_ERRORS, look_up, preflight, too_many, unavailable
from ..change_lists import complete_until
from .protocol import ProtocolError, format_date, parameters, parse
from .verbs import ANSWERS

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
METHODS = "GET, HEAD, POST, OPTIONS"
ATTRIBUTES = {
    "xmlns": NAMESPACE,
    "xmlns:xsi": xml.XSI,
    "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}OAI-PMH.xsd",
}


@dataclass
class Harvest:
    """A request with its verb and arguments, and the end of the change log."""

    request: HttpRequest
    last: changes.Last
    verb: str = ""
    arguments: dict | None = None

    @cached_property
    def search(self):
        return look_up(self.request)

    @cached_property
    def origin(self):
        return addresses.origin(self.request)

    @cached_property
    def host(self):
        return urlsplit(self.origin).hostname

    @cached_property
    def prefix(self):
        """The part of an identifier before the id of the resource."""
        return f"oai:{self.host}:"

    @property
    def base_url(self):
        return self.origin + reverse("machines:oai")


@login_not_required
@csrf_exempt
def oai(request):
    """Answer by the protocol, or say that the database is not there."""
    if request.method == "OPTIONS":
        return preflight(METHODS)
    if request.method not in METHODS.split(", "):
        return HttpResponseNotAllowed(METHODS.split(", "))
    try:
        return answer(request)
    except DATABASE_ERRORS:
        # As the protocol has it: openarchivesprotocol.html#StatusCodes
        return unavailable(request)


def answer(request):
    """
    Answer all verbs at one address; errors of the protocol have the status 200.

    Answers do not go to the page cache: each page of a harvest is large and requested
    once, and would push out the pages that people read.
    """
    # The page cache has read it for GET.
    request.catalogue = getattr(request, "catalogue", None) or changes.last()
    harvest = Harvest(request, request.catalogue)
    echoed = {}
    try:
        harvest.verb, harvest.arguments = parse(parameters(request))
        echoed = {"verb": harvest.verb} | harvest.arguments
        if harvest.verb in {"ListRecords", "ListIdentifiers"}:
            limits.spend(request, limits.LIST)
        body = [xml.element(harvest.verb, *ANSWERS[harvest.verb](harvest))]
    except ProtocolError as error:
        if error.code in {"badVerb", "badArgument"}:
            echoed = {}
        body = [xml.element("error", str(error), code=error.code)]
    except limits.TooMany as problem:
        return too_many(request, problem)
    response = HttpResponse(
        envelope(harvest, echoed, body), content_type="text/xml; charset=utf-8"
    )
    response.is_public, response.is_cacheable = True, False
    return response


def envelope(harvest, echoed, body):
    """Return the document around an answer; it repeats the arguments."""
    root = xml.element(
        "OAI-PMH",
        xml.element("responseDate", format_date(complete_until(harvest.last))),
        xml.element("request", harvest.base_url, **echoed),
        *body,
        **ATTRIBUTES,
    )
    return xml.document(root)
