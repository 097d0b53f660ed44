"""
The API: the public catalogue as JSON, for programs to read.

Wrong parameters, which the list for people ignores, are errors here, with problem
details: https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .. import limits
from ..addresses import origin
from ..facets import FACETS, choices
from ..filters import BEST, NEWEST, ResourceFilter
from ..formats.json import as_json
from ..limits import TooMany
from ..models import Resource
from ..public import RETRY_AFTER, look_up, public, render
from ..search import DEEPEST, Search, Unusable
from . import openapi

METHODS = "GET, HEAD, OPTIONS"
CHUNK = 500
MOST_ERRORS = 20
# The keys of these orders are positions, up to which the engine sorts in memory.
BY_POSITION = {BEST, "title"}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class Problem(Exception):
    """An error with this status; its detail is for people."""

    def __init__(self, status, detail, errors=(), **headers):
        self.status = HTTPStatus(status)
        self.detail = detail
        self.errors = errors
        self.headers = headers

    def response(self):
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return json_response(
            body,
            content_type="application/problem+json",
            status=self.status,
            headers=self.headers,
        )


NO_INDEX = Problem(
    503,
    "The search index is being made. Try again in a moment.",
    **{"Retry-After": str(RETRY_AFTER)},
)


def json_response(body, content_type="application/json", **options):
    return HttpResponse(dumps(body), content_type=content_type, **options)


def dumps(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def endpoint(content_type="application/json", parameters=()):
    """
    Open a view to everybody, as `public` does, and to programs on other sites.

    The view answers OPTIONS, and errors as problem details. Parameters that are not
    named here are errors; None allows any.
    """

    def decorate(view):
        @csrf_exempt  # or a POST without a token would get HTML instead of a 405
        @login_not_required
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            try:
                response = checked(request, *args, **kwargs)
                response.is_public = True
            except Problem as problem:
                response = problem.response()
            except TooManyFieldsSent:
                response = Problem(400, "There are too many parameters.").response()
            except Unusable:
                response = NO_INDEX.response()
            except TooMany as problem:
                response = Problem(429, str(problem), **problem.headers).response()
            return response

        def checked(request, *args, **kwargs):
            if request.method == "OPTIONS":
                response = HttpResponse(status=204, headers=PREFLIGHT)
                del response["Content-Type"]
                return response
            if request.method not in {"GET", "HEAD"}:
                raise Problem(405, "This API is only to read.", Allow=METHODS)
            if not any(map(request.accepts, {content_type, "application/json"})):
                raise Problem(406, f"This address has only {content_type}.")
            if parameters is not None:
                refuse(unknown(request.GET, parameters))
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def unknown(data, parameters):
    """Return an error for each parameter that is not one of these."""
    return [
        {"parameter": name[:100], "detail": "There is no such parameter."}
        for name in data
        if name not in parameters
    ]


def wrong_values(data, search):
    """Yield an error for each value that a parameter cannot have."""
    for name, values in data.lists():
        details = list(openapi.faults(name, values))
        if not details and name in FACETS:
            missing = [value for value in values if not search.has_value(name, value)]
            details = [f"No resource has the value {value}." for value in missing]
        for detail in details:
            yield {"parameter": name, "detail": detail}


def refuse(errors):
    """Raise a Problem that lists the errors, if there are any."""
    if errors:
        errors = errors[:MOST_ERRORS]
        names = ", ".join(dict.fromkeys(error["parameter"] for error in errors))
        raise Problem(400, f"Parameters that were not understood: {names}", errors)


@endpoint(parameters=openapi.PARAMETERS)
def resource_list(request):
    search = look_up(request)
    if not search.is_usable:
        raise Unusable
    refuse(list(wrong_values(request.GET, search)))
    limits.spend(request, limits.LIST)
    filterset = ResourceFilter(request.GET, search=search)
    size = int(request.GET.get("size", openapi.USUAL_SIZE))
    query = filterset.query
    parsed, corrections, _query = search.read(
        query["text"], query["all_words"], query["exact"]
    )
    # As Search decides it, which looks at more than whether anything was typed.
    order = query["sort"] or (BEST if parsed.search_terms else NEWEST)
    mark = read_key(request.GET.get("after"), order)
    ids, mark, total = search.after(mark, size, **query)
    here = origin(request)
    body = {
        "total": total,
        "results": [as_json(document, here) for document in search.documents(ids)],
        "next": None,
        "corrections": corrections,
        "ignored": parsed.ignored,
    }
    if "facets" in request.GET:
        found = filterset.find(size=1)
        body["facets"] = counted(found, search.version)
    headers = {}
    if mark:
        paging = {name: request.GET.get(name) for name in ["size", "facets"]}
        query = filterset.query_string(after=f"{order}-{mark:x}", **paging)
        body["next"] = f"{here}{reverse('machines:api-list')}?{query}"
        headers["Link"] = f'<{body["next"]}>; rel="next"'
    return json_response(body, headers=headers)


def read_key(key, order):
    """Return the position that a key stands for; it has to be of this order."""
    if key is None:
        return 0
    of, _dash, mark = key.partition("-")
    mark = int(mark, 16)
    if of != order:
        detail = f"This key is of the order {of}, but the order of the list is {order}."
    elif order in BY_POSITION and mark > DEEPEST:
        detail = (
            f"The order {order} ends after {DEEPEST} resources. Narrow the list, or "
            "use the order newest or year, or /api/resources.jsonl."
        )
    else:
        return mark
    refuse([{"parameter": "after", "detail": detail}])


def counted(found, version):
    """Return the values of each facet with their names and numbers of resources."""
    named = choices(found.counts, version)
    facets = {
        name: [
            {"value": one.value, "name": str(one), "count": one.number}
            for one in named.get(name, [])
        ]
        for name in FACETS
    }
    facets["year"] = [
        {"value": str(year), "name": str(year), "count": number}
        for year, number in found.years.items()
    ]
    return facets


@endpoint()
def resource_detail(request, pk):
    document = look_up(request).document(pk)
    if document:
        return json_response(as_json(document, origin(request)))
    withdrawn = Resource.objects.withdrawn().filter(pk=pk).first()
    if withdrawn:
        reason = withdrawn.withdrawn_reason
        raise Problem(410, f"“{withdrawn.title}” was withdrawn: {reason}")
    raise Problem(404, "There is no resource with this id.")


@endpoint("application/jsonl")
def dump(request):
    lines = []
    limits.spend(request, limits.FILE)
    if request.method == "GET":
        lines = all_lines(origin(request))
    return StreamingHttpResponse(lines, content_type="application/jsonl")


def all_lines(here):
    """
    Yield every record as a line of JSON, a few hundred at a time.

    Each chunk is read again behind the last id, so that no transaction stays open for
    as long as a client takes to read.
    """
    last = 0
    ids = Resource.objects.published().order_by("pk").values_list("pk", flat=True)
    while chunk := list(ids.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1]
        documents = Search().documents(chunk)
        yield "".join(f"{dumps(as_json(document, here))}\n" for document in documents)


@endpoint()
def description(request):
    return json_response(openapi.document(origin(request)))


@public
def guide(request):
    """How to use the API, for people, with examples that work."""
    here = origin(request)
    addresses = {
        name: here + reverse(f"machines:api-{name}")
        for name in ["list", "dump", "description"]
    }
    return render(
        request,
        "developers.html",
        {
            **addresses,
            "examples": list(examples(look_up(request), addresses["list"])),
            "parameters": openapi.PARAMETERS.values(),
        },
    )


def examples(search, url):
    yield {"text": _("The newest resources"), "url": url}
    themes = search.find(size=1).counts.get("theme")
    if themes:
        query = urlencode({"sort": "title", "theme": max(themes, key=themes.get)})
        yield {"text": _("A theme, by title"), "url": f"{url}?{query}"}
    yield {"text": _("Words, and five at a time"), "url": f"{url}?q=diaspora&size=5"}
    yield {"text": _("The numbers of each filter"), "url": f"{url}?facets=1&size=1"}
    newest = Resource.objects.published().newest_first().first()
    if newest:
        yield {"text": _("One resource, by its id"), "url": f"{url}{newest.pk}/"}


@endpoint(parameters=None)
def nowhere(request, rest):
    """Answer addresses that do not exist; Django's own 404 would be HTML."""
    raise Problem(404, f"There is nothing at this address; see {origin(request)}/api/")
