"""
Answers of the API as JSON, and what is wrong with a request as problem details.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from ...addresses import origin
from ...formats.json import as_json
from ...limits import TooMany
from ...public import (
    DATABASE_ERRORS,
    DATABASE_IS_DOWN,
    DATABASE_RETRY_AFTER,
    RETRY_AFTER,
    preflight,
)
from ...search import Unusable

MOST_ERRORS = 20

logger = logging.getLogger(__name__)


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


def unavailable(request):
    logger.exception("The database cannot be reached.")
    retry_after = {"Retry-After": str(DATABASE_RETRY_AFTER)}
    return Problem(503, DATABASE_IS_DOWN, **retry_after).response()


def json_response(body, content_type="application/json", **options):
    return HttpResponse(dumps(body), content_type=content_type, **options)


def dumps(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def as_object(document, origin, data):
    """Return a document as answers have it: whole, or what fields asks for."""
    whole = as_json(document, origin)
    if "fields" not in data:
        return whole
    wanted = set(data["fields"].split(","))
    return {name: value for name, value in whole.items() if name in wanted}


def with_next(request, body, query):
    """Return a page of the list, with the address of the next one if it has a query."""
    headers = {}
    if query:
        body["next"] = f"{origin(request)}{reverse('machines:api-list')}?{query}"
        headers["Link"] = f'<{body["next"]}>; rel="next"'
    return json_response(body, headers=headers)


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
            except DATABASE_ERRORS:
                response = unavailable(request)
            except TooMany as problem:
                response = Problem(429, str(problem), **problem.headers).response()
            return response

        def checked(request, *args, **kwargs):
            if request.method == "OPTIONS":
                return preflight()
            if request.method not in {"GET", "HEAD"}:
                headers = {"Allow": "GET, HEAD, OPTIONS"}
                raise Problem(405, "This API is only to read.", **headers)
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


def refuse(errors):
    """Raise a Problem that lists the errors, if there are any."""
    if errors:
        errors = errors[:MOST_ERRORS]
        names = ", ".join(dict.fromkeys(error["parameter"] for error in errors))
        raise Problem(400, f"Parameters that were not understood: {names}", errors)
