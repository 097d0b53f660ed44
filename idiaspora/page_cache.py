"""
A cache of whole public pages: one small middleware before all others.

Its keys contain the version of the catalogue and the release of the site, so nothing
is ever invalidated: a change makes a new version, and pages of the old one are not
looked up again. Only responses of public views are stored (resources.public), which do
not look at who is asking, so that one copy serves everybody.

The same version makes the ETag, by which browsers and proxies revalidate their copies.
"""

from datetime import UTC, datetime
from hashlib import sha256
from time import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import condition

from resources import changes
from resources.public import DATABASE_ERRORS

from .release import fingerprint

CACHE_CONTROL = "public, max-age=0, must-revalidate"
# Bytes. Larger responses are for programs, which seldom fetch them twice.
LARGEST = 100_000
# A 304 repeats these: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
REPEATED = ["Cache-Control", "Content-Location", "ETag", "Last-Modified", "Vary"]
# And browsers read a 304 on behalf of other sites only with these.
REPEATED += ["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"]

# A new release may show old data differently, so no page is older than this process.
STARTED_AT = datetime.now(UTC)


def page_cache(get_response):
    names = ["SITE_NAME", "SITE_URL", "CONTACT_EMAIL", "TIME_ZONE"]
    names += ["ORGANISATION_NAME", "ORGANISATION_URL"]
    shown_settings = [getattr(settings, name) for name in names]
    release = fingerprint(settings.BASE_DIR, *shown_settings)
    pages = caches["default"]

    def middleware(request):
        if request.method not in {"GET", "HEAD"} or is_private(request.path_info):
            return get_response(request)
        # As proxies do: what is stored depends on this and no other part of the header.
        encoding = "gzip" if accepts_gzip(request) else ""
        request.META["HTTP_ACCEPT_ENCODING"] = encoding
        try:
            request.catalogue = last = changes.last()
        except DATABASE_ERRORS:
            # What needs no database is answered; what does says that it is not there.
            return get_response(request)
        # Weak, as the compressed and the plain form of a page share it.
        etag = f'W/"{last.epoch}-{last.pk:x}-{release}"'
        modified_at = max(last.at, STARTED_AT)
        key = page_key(request, etag)
        stored = pages.get(key) if settings.PAGE_CACHE else None
        # What else lies in a cache that others write to is not looked at.
        if isinstance(stored, HttpResponse):
            request.cache_result = "hit"
            request.view_name = getattr(stored, "view_name", "")
            return not_modified_or(request, stored, modified_at)
        response = get_response(request)
        if not is_shareable(response):
            return response
        if not getattr(request, "index_is_current", True):
            response["Cache-Control"] = "no-store"
            return response
        add_validators(response, etag, modified_at)
        if settings.PAGE_CACHE and request.method == "GET" and is_worth_it(response):
            request.cache_result = "miss"
            response.view_name = request.resolver_match.view_name
            pages.set(key, response)
        return not_modified_or(request, response, modified_at)

    return middleware


def is_private(path):
    """Whether this cache leaves a path alone: the admin, and what files answer."""
    return "/admin/" in path[:10] or path.startswith(("/static/", "/covers/"))


def accepts_gzip(request):
    """Whether a client accepts gzip, for which it may give a weight of 0: then not."""
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return not weight or weight.strip("0.") != ""
    return False


def page_key(request, etag):
    """Return one key for each address, as it was written, and each encoding."""
    parts = [
        etag,
        request.scheme,
        request.META.get("HTTP_HOST", ""),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        request.META["HTTP_ACCEPT_ENCODING"],
    ]
    return sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def is_shareable(response):
    """
    Whether a response is the same for everybody.

    Middleware adds a cookie where that of a visitor is broken.
    """
    is_public = getattr(response, "is_public", False)
    return is_public and response.status_code == 200 and not response.cookies


def is_worth_it(response):
    """Whether a public response is likely to be requested again."""
    if response.streaming or not getattr(response, "is_cacheable", True):
        return False
    return len(response.content) <= LARGEST


def add_validators(response, etag, modified_at):
    """Let browsers and proxies store a response and revalidate it every time."""
    response["ETag"] = etag
    # More changes may follow within the same second. Until it is over, responses
    # carry the second before, so that nobody misses the later changes.
    second = int(modified_at.timestamp())
    response["Last-Modified"] = http_date(
        second if time() >= second + 1 else second - 1
    )
    response["Cache-Control"] = CACHE_CONTROL


def not_modified_or(request, response, modified_at):
    """Return 304 where the client has the response already, else the response."""
    if not is_date_of(modified_at, request.META.get("HTTP_IF_MODIFIED_SINCE", "")):
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
    answer = conditional(request, response, modified_at)
    if answer.status_code == 304:
        for name in REPEATED:
            if name in response:
                answer[name] = response[name]
    return answer


def is_date_of(modified_at, text):
    """
    Whether the date that a client sends can be of no other state than this one.

    A later date is of another state too: the clock was set back meanwhile.
    """
    second = int(modified_at.timestamp())
    return parse_http_date_safe(text) == second and time() >= second + 1


@condition(
    etag_func=lambda request, response, modified_at: response["ETag"],
    last_modified_func=lambda request, response, modified_at: modified_at,
)
def conditional(request, response, modified_at):
    return response
