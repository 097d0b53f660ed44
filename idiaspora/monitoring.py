"""The access log and the metrics: what each request took, and what came of it."""

import logging
from dataclasses import asdict, dataclass
from time import perf_counter
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed

logger = logging.getLogger("idiaspora.access")


@dataclass(frozen=True)
class Answered:
    """
    One request. `cache` is hit, miss, or none for what the page cache leaves alone.

    The path has no query, which may hold what somebody typed; nor are there addresses
    of visitors, cookies or other headers: the log of a proxy is the place for these.
    """

    method: str
    path: str
    status: int
    bytes: int
    ms: float
    cache: str
    view: str

    def __str__(self):
        return (
            f"{self.method} {self.path} {self.status} {self.bytes} B {self.ms} ms "
            f"{self.cache} {self.view or '-'}"
        )


def observe(get_response):
    recorders = []
    if settings.ACCESS_LOG:
        recorders.append(log)
    if settings.METRICS_TOKEN:
        from .metrics import count

        recorders.append(count)
    if not recorders:
        raise MiddlewareNotUsed

    def middleware(request):
        started_at = perf_counter()
        response = get_response(request)

        def finish(size):
            ms = round((perf_counter() - started_at) * 1000, 1)
            answered = describe(request, response, size, ms)
            for record in recorders:
                record(answered)

        if response.streaming and not response.has_header("Content-Length"):
            if request.method != "HEAD":
                content = counted(response.streaming_content, finish)
                response.streaming_content = content
                return response
        finish(size_of(response))
        return response

    return middleware


def counted(parts, finish):
    """Yield the parts of a response, and finish when all are sent or nobody reads."""
    size = 0
    try:
        for part in parts:
            size += len(part)
            yield part
    finally:
        finish(size)


def size_of(response):
    if response.has_header("Content-Length"):
        return int(response["Content-Length"])
    return 0 if response.streaming else len(response.content)


def describe(request, response, size, ms):
    match = request.resolver_match
    return Answered(
        method=request.method,
        # Encoded, so that nobody can write lines of their own into the log.
        path=quote(request.path),
        status=response.status_code,
        bytes=size,
        ms=ms,
        cache=getattr(request, "cache_result", "none"),
        view=match.view_name if match else getattr(request, "view_name", ""),
    )


def log(answered):
    logger.info("%s", answered, extra={"fields": asdict(answered)})
