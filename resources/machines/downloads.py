"""
Resources as files: one of them, or any list, in each of the formats.

A list is written while it is read, a few hundred records at a time.
"""

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse

from .. import limits, records
from ..addresses import origin
from ..filters import ResourceFilter
from ..formats import FORMATS
from ..public import look_up, missing, public

CHUNK = 500
# Characters that go out at once; every one of them alone would be slow.
BLOCK = 32_768


@public
def one(request, pk, extension):
    resource = records.whole([pk], request.catalogue.pk).get(pk)
    if resource is None:
        return missing(pk)
    text = "".join(FORMATS[extension].render([resource], origin(request)))
    return as_file(HttpResponse(text), extension, f"resource-{pk}")


@public
def many(request, extension):
    search = look_up(request)
    asked = ResourceFilter(request.GET, search=search)
    address = asked.query_string()
    if request.META["QUERY_STRING"] != address:
        path = reverse("machines:download-set", args=[extension])
        return HttpResponseRedirect(f"{path}?{address}" if address else path)
    limits.spend(request, limits.FILE)
    found = stream(asked.ids(CHUNK), search.version)
    text = blocks(FORMATS[extension].render(found, origin(request)))
    if request.method == "HEAD":
        text = []
    return as_file(StreamingHttpResponse(text), extension, "resources")


def stream(chunks, version):
    """The records with these ids, as they are needed."""
    for ids in chunks:
        found = records.whole(ids, version)
        yield from (found[pk] for pk in ids if pk in found)


def blocks(texts):
    """The same text in fewer pieces; the first ones at once."""
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
