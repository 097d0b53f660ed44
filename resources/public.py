"""What all public views share: who may see them, and whether they may be cached."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from . import addresses
from .limits import TooMany
from .models import Resource
from .rendering import render
from .search import Search

PLAIN = "text/plain; charset=utf-8"
# Seconds after which an index that is being made may be there.
RETRY_AFTER = 10


def public(view):
    """
    Open a view to everybody; views without this are for staff.

    Its response must not depend on who asks, as the page cache stores one for all.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except TooMany as problem:
            return too_many(request, problem)
        response.is_public = True
        return response

    return wrapped


def look_up(request):
    """
    Return the search index for this request.

    A response that was made without an index, or with one that has changes pending,
    is not cached: see idiaspora.page_cache.
    """
    search = Search(request.catalogue)
    request.index_is_current = (
        search.is_usable and search.version >= request.catalogue.pk
    )
    return search


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
    page = render(request, "429.html", {"wait": problem.wait}, status=429)
    page["Retry-After"] = problem.wait
    return page


def is_for_machines(request):
    match = request.resolver_match
    return match.app_name == "machines" or match.view_name == "resources:feed"


def missing(pk):
    """The answer to machines where no public resource has this id."""
    if Resource.objects.withdrawn().filter(pk=pk).exists():
        return HttpResponse("This resource is withdrawn.", PLAIN, 410)
    return HttpResponse("There is no such resource.", PLAIN, 404)


def not_ready():
    """The answer to machines while the index is being made."""
    text = "The search index is being made. Try again in a moment."
    return HttpResponse(text, PLAIN, 503, headers={"Retry-After": str(RETRY_AFTER)})
