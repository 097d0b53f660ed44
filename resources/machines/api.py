"""
The API: the public catalogue as JSON, for programs, to read.

Where the list for people forgives, this says what is wrong, as problem details:
https://www.rfc-editor.org/rfc/rfc9457
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

from .. import limits, records
from ..addresses import origin
from ..facets import FACETS, choices
from ..filters import BEST, NEWEST, ResourceFilter
from ..formats.json import as_json
from ..limits import TooMany
from ..models import Resource
from ..public import RETRY_AFTER, look_up, public
from ..rendering import render
from ..search import DEEPEST, Unusable
from . import openapi

METHODS = "GET, HEAD, OPTIONS"
CHUNK = 500
MOST_ERRORS = 20
# The keys of these are positions, up to which the engine keeps all in memory.
BY_POSITION = {BEST, "title"}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class Problem(Exception):
    """Why there is no answer; the detail is for people."""

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
    Open a view to every program on every site, as `public` opens one to everybody.

    It answers OPTIONS, and problems in their own form.
    """

    def decorate(view):
        @csrf_exempt  # which would answer in HTML, before 405 can be said
        @login_not_required
        @wraps(view)
        def answered(request, *args, **kwargs):
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
                raise Problem(406, f"What there is here is {content_type}.")
            if parameters is not None:
                refuse(unknown(request.GET, parameters))
            return view(request, *args, **kwargs)

        return answered

    return decorate


def unknown(data, parameters):
    return [
        {"parameter": name[:100], "detail": "There is no such parameter."}
        for name in data
        if name not in parameters
    ]


def wrong_values(data, search):
    for name, values in data.lists():
        found = list(openapi.faults(name, values))
        if not found and name in FACETS:
            missing = [value for value in values if not search.has_value(name, value)]
            found = [f"No resource has the value {value}." for value in missing]
        for detail in found:
            yield {"parameter": name, "detail": detail}


def refuse(errors):
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
    asked = ResourceFilter(request.GET, search)
    size = int(request.GET.get("size", openapi.USUAL_SIZE))
    words, sort = asked.words, asked.chosen.get("sort", "")
    options = {"all_words": "every" in asked.chosen, "exact": "exactly" in asked.chosen}
    parsed, corrections, _query = search.read(words, **options)
    # As Search decides it, which looks at more than whether anything was typed.
    order = sort or (BEST if parsed.looked_for else NEWEST)
    mark = read_key(request.GET.get("after"), order)
    ids, mark, total = search.after(
        mark, size, words, asked.filters_chosen(), sort, **options
    )
    here = origin(request)
    found = records.whole(ids, search.version)
    body = {
        "total": total,
        "results": [as_json(found[pk], here) for pk in ids if pk in found],
        "next": None,
        "corrections": corrections,
        "ignored": parsed.ignored,
    }
    if "facets" in request.GET:
        found = search.find(words, asked.filters_chosen(), sort, size=1, **options)
        body["facets"] = counted(found, search.version)
    headers = {}
    if mark:
        kept = {name: request.GET.get(name) for name in ["size", "facets"]}
        query = asked.address(after=f"{order}-{mark:x}", **kept)
        body["next"] = f"{here}{reverse('machines:api-list')}?{query}"
        headers["Link"] = f'<{body["next"]}>; rel="next"'
    return json_response(body, headers=headers)


def read_key(key, order):
    """The mark of a key, which says what order it is of."""
    if key is None:
        return 0
    of, _dash, mark = key.partition("-")
    mark = int(mark, 16)
    if of != order:
        detail = f"This key is of the order {of}, but what is asked for is {order}."
    elif order in BY_POSITION and mark > DEEPEST:
        detail = (
            f"The order {order} ends after {DEEPEST} resources. Narrow the list, or "
            "use the order newest or year, or /api/resources.jsonl."
        )
    else:
        return mark
    refuse([{"parameter": "after", "detail": detail}])


def counted(found, version):
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
    resource = records.whole([pk], request.catalogue.pk).get(pk)
    if resource:
        return json_response(as_json(resource, origin(request)))
    gone = Resource.objects.withdrawn().filter(pk=pk).first()
    if gone:
        raise Problem(410, f"“{gone.title}” was withdrawn: {gone.withdrawn_reason}")
    raise Problem(404, "There is no resource with this id.")


@endpoint("application/jsonl")
def dump(request):
    lines = []
    limits.spend(request, limits.FILE)
    if request.method == "GET":
        lines = all_lines(origin(request), request.catalogue.pk)
    return StreamingHttpResponse(lines, content_type="application/jsonl")


def all_lines(here, version):
    """
    Every resource, a few hundred at a time.

    Each time anew behind the last id, so that no transaction stays open for as long
    as somebody takes to read.
    """
    last, published = 0, Resource.objects.published()
    ids = published.order_by("pk").values_list("pk", flat=True)
    while chunk := list(ids.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1]
        found = records.whole(chunk, version)
        yield "".join(
            f"{dumps(as_json(found[pk], here))}\n" for pk in chunk if pk in found
        )


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
        "resources/api.html",
        {
            **addresses,
            "tongues": "",  # Addresses for machines are in none.
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
    """So that not even an address that does not exist answers in HTML."""
    raise Problem(404, f"There is nothing at this address; see {origin(request)}/api/")
