"""
Whole public pages, kept for as long as the catalogue does not change.

The key holds the version of the catalogue, so nothing is ever invalidated: a change
makes a new version, and old pages are simply not asked for again. Public pages do
not look who is asking, so one copy serves everybody; nothing else is kept.
"""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from resources import changes

CACHE_CONTROL = "public, max-age=0, must-revalidate"


def build():
    """What tells this release from another: its newest template, code or style."""
    files = [
        file.stat().st_mtime_ns
        for folder in ["idiaspora", "resources", "templates", "static"]
        for file in Path(settings.BASE_DIR, folder).rglob("*")
        if file.suffix in {".py", ".html", ".css", ".js", ".mo"}
    ]
    return format(max(files, default=0) & 0xFFFFFFFFFF, "x")


def page_cache(get_response):
    release = build()
    pages = caches["pages"]

    def middleware(request):
        if request.method not in {"GET", "HEAD"} or is_private(request.path_info):
            return get_response(request)
        request.catalogue = changes.last()
        version = request.catalogue.pk
        # Weak: the compressed and the plain form of a page share it.
        etag = f'W/"{version:x}-{release}"'
        if etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
            return stamped(HttpResponseNotModified(), etag)
        key = page_key(request, etag)
        kept = settings.PAGE_CACHE and pages.get(key)
        if kept:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = get_response(request)
        if getattr(response, "is_public", False) and response.status_code == 200:
            stamped(response, etag)
            # What was found by an index that lags behind may not be kept.
            is_true = getattr(request, "seen_version", version) >= version
            if settings.PAGE_CACHE and request.method == "GET" and is_true:
                pages.set(key, (response.content, dict(response.headers)))
        return response

    return middleware


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


def stamped(response, etag):
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response
