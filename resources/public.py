"""What public answers have in common: who may ask, and how new they are."""

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
    Open a view to everybody; without it a view is for staff.

    What it answers may not depend on who asks: one copy is kept for all.
    """

    @wraps(view)
    def shown(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except TooMany as problem:
            return too_many(request, problem)
        response.is_public = True
        return response

    return same_for_all(require_safe(shown))


def same_for_all(view):
    """
    Open a view that never looks who is asking: idiaspora.middleware.public_views.

    What asks it for nothing but to read has neither session nor user.
    """
    view.is_same_for_all = True
    return login_not_required(view)


def look_up(request):
    """The index as it is now; how new that is decides whether the page may be kept."""
    search = Search(request.catalogue)
    # What was made without an index is true to no version.
    request.seen_version = search.version if search.is_usable else -1
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
