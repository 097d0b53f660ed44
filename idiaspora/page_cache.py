"""
Whole public pages, kept for as long as the catalogue does not change.

The key holds the version of the catalogue, so nothing is ever invalidated: a change
makes a new version, and old pages are simply not asked for again. Public pages do
not look who is asking, so one copy serves everybody; nothing else is kept.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from resources import changes

CACHE_CONTROL = "public, max-age=0, must-revalidate"


# Bytes; what is larger is for machines, which ask for it once.
LARGEST = 100_000


# The same on all pages, until the catalogue changes.
written = lru_cache(maxsize=10)(http_date)


@lru_cache(maxsize=10)
def stamps(catalogue, release):
    # Weak: the compressed and the plain form of a page share it.
    etag = f'W/"{catalogue.pk:x}-{release & 0xFFFFFFFFFF:x}"'
    return etag, int(max(catalogue.at.timestamp(), release / 1e9))


def released():
    """When its newest template, code or style was written, in nanoseconds."""
    files = [
        file.stat().st_mtime_ns
        for folder in ["idiaspora", "resources", "templates", "static"]
        for file in Path(settings.BASE_DIR, folder).rglob("*")
        if file.suffix in {".py", ".html", ".css", ".js", ".mo"}
    ]
    return max(files, default=0)


def page_cache(get_response):
    release = released()
    pages = caches["pages"]

    def middleware(request):
        if request.method not in {"GET", "HEAD"} or is_private(request.path_info):
            return get_response(request)
        request.catalogue = changes.last()
        version = request.catalogue.pk
        etag, modified = stamps(request.catalogue, release)
        if is_known(request, etag, modified):
            return stamped(HttpResponseNotModified(), etag, modified)
        key = settings.PAGE_CACHE and page_key(request, etag)
        kept = key and pages.get(key)
        if kept:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = get_response(request)
        if getattr(response, "is_public", False) and response.status_code == 200:
            # What was found by an index that lags behind may not be kept by anybody.
            if getattr(request, "seen_version", version) < version:
                response["Cache-Control"] = "no-store"
                return response
            stamped(response, etag, modified)
            if key and request.method == "GET" and is_worth_it(response):
                pages.set(key, (response.content, dict(response.headers)))
        return response

    return middleware


def is_worth_it(response):
    """Whether a public answer is likely to be asked for again."""
    if response.streaming or not getattr(response, "is_kept", True):
        return False
    return len(response.content) <= LARGEST


def is_private(path):
    return "/admin/" in path[:10] or path.startswith(("/static/", "/covers/"))


def page_key(request, etag):
    """One key for each address, as it was written, and each form of the answer."""
    parts = [
        etag,
        request.scheme,
        request.META.get("HTTP_HOST", ""),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
        "gzip" if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") else "",
    ]
    return sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def is_known(request, etag, modified):
    """https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2"""
    if "HTTP_IF_NONE_MATCH" in request.META:
        return etag in parse_etags(request.META["HTTP_IF_NONE_MATCH"])
    if "HTTP_IF_MODIFIED_SINCE" in request.META:
        since = parse_http_date_safe(request.META["HTTP_IF_MODIFIED_SINCE"])
        return since is not None and modified <= since
    return False


def stamped(response, etag, modified):
    response["ETag"] = etag
    # Within a second there may be more changes than one: until it is over, the
    # second before it is told, so that nobody misses the later ones.
    is_over = time() >= modified + 1
    response["Last-Modified"] = written(modified if is_over else modified - 1)
    response["Cache-Control"] = CACHE_CONTROL
    return response
