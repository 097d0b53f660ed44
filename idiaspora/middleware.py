"""The middleware of our own: security headers, the language, and who may see what."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpResponsePermanentRedirect
from django.utils import translation

from resources import limits
from resources.public import is_for_machines

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

# Other sites may read what is for machines, and show covers:
# https://fetch.spec.whatwg.org/#http-cors-protocol
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Retry-After, RateLimit, RateLimit-Policy"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def is_admin(path):
    return "/admin/" in path[:10]


def one_address(get_response):
    """
    Redirect from other names of the site to SITE_URL.

    So caches, search engines and harvesters know each page by one address.
    """

    def middleware(request):
        host = urlsplit(settings.SITE_URL).netloc
        if host and request.get_host() != host and request.method in {"GET", "HEAD"}:
            address = settings.SITE_URL + request.get_full_path()
            return HttpResponsePermanentRedirect(address)
        return get_response(request)

    return middleware


def rate_limit_headers(get_response):
    """
    Tell who has spent tokens how many are left.

    It stands outside of the page cache: what is stored there is sent to others, for
    whom it costs nothing, and so has no such headers.
    """

    def middleware(request):
        response = get_response(request)
        left = getattr(request, "tokens_left", None)
        if left is not None:
            for name, value in limits.headers(left).items():
                response[name] = value
        return response

    return middleware


def security_headers(get_response):
    """https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP"""

    def middleware(request):
        response = get_response(request)
        policy = ADMIN_POLICY if is_admin(request.path_info) else PUBLIC_POLICY
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        if is_for_machines(request):
            for name, value in CORS_HEADERS.items():
                response.setdefault(name, value)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response

    return middleware


def language_from_path(get_response):
    """
    Set the language of a request: /fr/… is French, paths without prefix are English.

    It takes the place of Django's LocaleMiddleware, which looks at cookies and headers
    as well and adds "Vary: Accept-Language", so that shared caches store our pages
    once for each header.
    """
    languages = dict(settings.LANGUAGES)

    def middleware(request):
        first = request.path_info[1:].partition("/")[0]
        request.LANGUAGE_CODE = first if first in languages else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


class StaffByDefault(LoginRequiredMiddleware):
    """Close every view to all but staff, unless it is marked login_not_required."""

    def process_view(self, request, view, args, kwargs):
        # First, as reading request.user would make public pages vary by cookie.
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return super().process_view(request, view, args, kwargs)
