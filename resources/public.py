"""What all public views share: who may see them, and whether they may be cached."""

import logging
from functools import wraps
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from . import addresses, changes
from .limits import TooMany
from .models import Resource, safe_web_address
from .search import Search, Unusable

PLAIN = "text/plain; charset=utf-8"
MOST_PARAMETERS = 1000
# Seconds after which an index that is being built may be ready.
RETRY_AFTER = 10
DATABASE_RETRY_AFTER = 30
DATABASE_IS_DOWN = "The library cannot be reached right now. Try again soon."
# Raised while the database cannot be reached, or is locked for long.
DATABASE_ERRORS = (OperationalError, InterfaceError)
# What programs request besides the addresses of machines/.
FOR_MACHINES = {"resources:feed", "resources:suggest", "cover", "motif"}

logger = logging.getLogger(__name__)


def public(view):
    """
    Open a view to everybody; views without this are for staff.

    Its response must not depend on who asks, as the page cache stores one for all.
    """

    @login_not_required
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method == "OPTIONS" and is_for_machines(request):
            return preflight()
        return answer(request, *args, **kwargs)

    @require_safe
    def answer(request, *args, **kwargs):
        # The limit of the settings is that of forms with hundreds of authors.
        if request.META.get("QUERY_STRING", "").count("&") >= MOST_PARAMETERS:
            raise TooManyFieldsSent("An address has too many parameters.")
        try:
            try:
                response = view(request, *args, **kwargs)
            except Unusable:
                # The index was found damaged: without it, the database answers.
                response = view(request, *args, **kwargs)
        except TooMany as problem:
            return too_many(request, problem)
        except DATABASE_ERRORS:
            return unavailable(request)
        response.is_public = True
        return response

    return wrapped


def preflight(methods="GET, HEAD, OPTIONS"):
    """Return the answer to a browser that asks what a page of another site may do."""
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
    }
    response = HttpResponse(status=204, headers=headers)
    del response["Content-Type"]
    return response


def render(request, template, context=None, status=200):
    """
    Return a page from a template of the public pages, in the language of its address.

    `canonical` is the address of the page without its query; a view to which the query
    means something gives its own.
    """
    # Without a language the request was refused before its address was looked at.
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    full_path = request.get_full_path()
    path = full_path
    if language != settings.LANGUAGE_CODE:
        # Two slashes would make a link to another host.
        path = "/" + full_path.removeprefix(f"/{language}").lstrip("/")
    try:
        origin = addresses.origin(request)
    except DisallowedHost:
        origin = ""  # The page says so; it needs no links to itself.
    site = {
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "organisation": settings.ORGANISATION_NAME,
        "organisation_url": safe_web_address(settings.ORGANISATION_URL),
        "origin": origin,
        "path": path,
        "canonical": origin + full_path.partition("?")[0],
    }
    context = site | (context or {})
    html = render_to_string(template, context, using=language)
    return HttpResponse(html, status=status)


def drawing(request, template, context):
    """Return a picture from a template of SVG."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    svg = render_to_string(template, context, using=language)
    return HttpResponse(svg, content_type="image/svg+xml")


def macros(template, language):
    """Return the macros of a template, to be called as functions that return HTML."""
    return engines[language].env.get_template(template).module


def look_up(request):
    """
    Return the search index for this request.

    A response without an index, or with one that has changes pending,
    is not cached: see idiaspora.page_cache.
    """
    if not hasattr(request, "catalogue"):
        request.catalogue = changes.last()
    search = Search(request.catalogue)
    # Nor is what lacks a change that the index has not taken in.
    request.index_is_current = search.is_current
    return search


def page_number(data):
    """Return the number of the page in a query: 1 unless there is a sensible one."""
    digits = data.get("page", "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    # Nine digits are beyond the end of any list, and a number Python will read.
    return max(int(digits[:9]), 1)


def address_of(request, name, query):
    """Where a page is in the language of this one, with a query."""
    return addresses.asking(addresses.page(name, request.LANGUAGE_CODE), query)


def in_languages(path):
    """An address without a language, by language: the same page in each."""
    return {
        code: path if code == settings.LANGUAGE_CODE else f"/{code}{path}"
        for code, _name in settings.LANGUAGES
    }


def too_many(request, problem):
    if is_for_machines(request):
        return HttpResponse(problem, PLAIN, 429, headers=problem.headers)
    text = ngettext(
        "Please wait %(counter)s second, then try again.",
        "Please wait %(counter)s seconds, then try again.",
        problem.wait,
    )
    response = error_page(
        request,
        429,
        gettext("Too many requests"),
        gettext("Too many searches in a short time"),
        text % {"counter": problem.wait},
    )
    response["Retry-After"] = problem.wait
    return response


def unavailable(request):
    """Return the response for when the database is not there; call it in `except`."""
    logger.exception("The database cannot be reached.")
    if is_for_machines(request):
        response = HttpResponse(DATABASE_IS_DOWN, PLAIN, 503)
    else:
        response = error_page(
            request,
            503,
            gettext("Not available"),
            gettext("The library cannot be reached right now"),
            gettext("The fault is ours, and it is being seen to. Try again soon."),
        )
    response["Retry-After"] = DATABASE_RETRY_AFTER
    return response


def mail_about(title, url):
    """Return an address to report a problem of a page to; empty if there is none."""
    if not settings.CONTACT_EMAIL:
        return ""
    subject = gettext("A problem with “%(title)s”") % {"title": title}
    query = urlencode({"subject": subject, "body": f"{url}\n\n"}, quote_via=quote)
    return f"mailto:{settings.CONTACT_EMAIL}?{query}"


def error_page(request, status, name, heading, text, has_link=True):
    """Return a page that says what went wrong, with a link to the list."""
    context = {"name": name, "heading": heading, "text": text, "has_link": has_link}
    return render(request, "error.html", context, status)


def is_for_machines(request):
    match = request.resolver_match
    if match is None:
        return False
    return match.app_name == "machines" or match.view_name in FOR_MACHINES


def missing(pk):
    """Return the response to programs where no public resource has this id."""
    if Resource.objects.withdrawn().filter(pk=pk).exists():
        return HttpResponse("This resource is withdrawn.", PLAIN, 410)
    return HttpResponse("There is no such resource.", PLAIN, 404)
