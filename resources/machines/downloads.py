"""
Records as files: one of them, or any list, in each of the formats.

A list is streamed, a few hundred records at a time.
"""

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse

from .. import limits
from ..addresses import origin
from ..filters.programs import ProgramFilter
from ..formats import FORMATS
from ..public import look_up, missing, public

CHUNK = 100
# Characters that are sent at once: to send each record by itself would be slow.
BLOCK = 32_768


@public
def one(request, pk, extension):
    document = look_up(request).document(pk)
    if document is None:
        return missing(pk)
    text = "".join(FORMATS[extension].render([document], origin(request)))
    return as_file(HttpResponse(text), extension, f"resource-{pk}")


@public
def many(request, extension):
    search = look_up(request)
    filterset = ProgramFilter(request.GET, search=search)
    address = filterset.query_string()
    if request.META["QUERY_STRING"] != address:
        path = reverse("machines:download-set", args=[extension])
        return HttpResponseRedirect(f"{path}?{address}" if address else path)
    limits.spend(request, limits.FILE)
    documents = stream(search, filterset.ids(CHUNK))
    text = blocks(FORMATS[extension].render(documents, origin(request)))
    if request.method == "HEAD":
        text = []
    return as_file(StreamingHttpResponse(text), extension, "resources")


def stream(search, chunks):
    """Yield the documents of lists of ids, one list after the other."""
    for ids in chunks:
        yield from search.documents(ids)


def blocks(texts):
    """Yield the same text in fewer pieces; the first piece at once."""
    waiting, size, most = [], 0, 1
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= most:
            yield "".join(waiting)
            waiting, size, most = [], 0, BLOCK
    yield "".join(waiting)


def as_file(response, extension, name):
    response["Content-Type"] = FORMATS[extension].CONTENT_TYPE
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response
