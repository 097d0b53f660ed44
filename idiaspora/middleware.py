"""What every request passes: addresses, languages, who may see, and headers."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.urls import Resolver404, resolve
from django.utils import translation

from .urls import pages

PUBLIC_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# The admin shows covers before they are saved.
ADMIN_POLICY = PUBLIC_POLICY.replace("img-src 'self'", "img-src 'self' blob:")

# Other sites may read the API and show covers:
# https://fetch.spec.whatwg.org/#http-cors-protocol
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def is_admin(path):
    return "/admin/" in path[:10]


def security_headers(get_response):
    """https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP"""

    def middleware(request):
        response = get_response(request)
        policy = ADMIN_POLICY if is_admin(request.path_info) else PUBLIC_POLICY
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        if request.path_info.startswith(("/api/", "/covers/")):
            for name, value in SHARED.items():
                response.setdefault(name, value)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response

    return middleware


def language_of_address(get_response):
    """
    The address alone decides the language: /fr/… is French, without prefix English.

    Django's own middleware also looks at cookies and headers, and says so in Vary,
    which would keep shared caches from keeping our pages.
    """

    languages = dict(settings.LANGUAGES)

    def middleware(request):
        first = request.path_info[1:].partition("/")[0]
        request.LANGUAGE_CODE = first if first in languages else settings.LANGUAGE_CODE
        # To go over to a language and back takes longer than to look.
        if request.LANGUAGE_CODE == translation.get_language():
            response = get_response(request)
        else:
            with translation.override(request.LANGUAGE_CODE):
                response = get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


def public_views(get_response):
    """
    Answer for public views here, before all that only people who sign in need.

    Sessions, forms, accounts and messages cost more than many a page. A view is
    passed on to them, and is for staff, unless it says of itself that it never looks
    who is asking (resources.public).
    """

    def middleware(request):
        if request.method in {"GET", "HEAD"} and not is_admin(request.path_info):
            try:
                match = match_of(request)
            except Resolver404:
                return get_response(request)
            if is_for_all(match.func):
                request.resolver_match = match
                return match.func(request, *match.args, **match.kwargs)
        return get_response(request)

    return middleware


def match_of(request):
    """
    What an address asks for. Raises Resolver404.

    Pages are looked for without the language, which is known by now: to find it again
    takes Django longer than all the rest.
    """
    path, language = request.path_info, request.LANGUAGE_CODE
    if language != settings.LANGUAGE_CODE:
        path = path.removeprefix(f"/{language}")
    try:
        return resolve(path, pages)
    except Resolver404:
        return resolve(request.path_info)


def is_for_all(view):
    """Whether a view is open to everybody, and the same for everybody."""
    is_open = not getattr(view, "login_required", True)
    return is_open and getattr(view, "is_same_for_all", False)


class StaffByDefault(LoginRequiredMiddleware):
    """Every view is for staff, unless it is marked with login_not_required."""

    def process_view(self, request, view, args, kwargs):
        # Public pages do not even look who is asking: that would make them vary.
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return super().process_view(request, view, args, kwargs)
