"""What public answers have in common: who may ask, and how new they are."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_safe

from .search import Search


def public(view):
    """
    Open a view to everybody; without it a view is for staff.

    What it answers may not depend on who asks: one copy is kept for all.
    """

    @wraps(view)
    def shown(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.is_public = True
        return response

    return login_not_required(require_safe(shown))


def look_up(request):
    """The index as it is now; how new that is decides whether the page may be kept."""
    search = Search(request.catalogue)
    request.seen_version = search.version
    return search


def origin(request):
    """Scheme and host of the site, as this request reached it: "https://host"."""
    return f"{request.scheme}://{request.get_host()}"


def in_languages(path):
    """An address without a language, by language: the same page in each."""
    return {
        code: path if code == settings.LANGUAGE_CODE else f"/{code}{path}"
        for code, _name in settings.LANGUAGES
    }
