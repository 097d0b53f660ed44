"""
What the machinery around the site asks: does it live, is it ready, how is it used.

It asks this process by whatever name and scheme, a container's on 127.0.0.1. So these
addresses stand before all that looks at names and schemes, and before the page cache.
"""

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.crypto import constant_time_compare

from resources.health import faults, index_state, worker_state

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def health(get_response):
    views = {"/health/": ready, "/health/live": live, "/health/ready": ready}
    if settings.METRICS_TOKEN:
        views["/metrics"] = metrics

    def middleware(request):
        view = views.get(request.path_info)
        if not view:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return view(request)

    return middleware


def live(request):
    """Say that this process answers; nothing else is looked at."""
    return JsonResponse({"status": "ok"}, headers=HEADERS)


def ready(request):
    """Say whether visitors can be sent here, and what is wrong if not."""
    found = faults()
    answer = {"status": "failing" if found else "ok", "faults": found}
    if not found:
        # Without an index lists come from the database, so it is no fault.
        answer["index"] = index_state()
        # Visitors need no worker; curators do.
        answer["worker"] = worker_state()
    return JsonResponse(answer, status=503 if found else 200, headers=HEADERS)


def metrics(request):
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        answer = HttpResponse("A token is needed.\n", "text/plain", 401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    from .metrics import exposition

    text, content_type = exposition()
    return HttpResponse(text, content_type, headers=HEADERS)
