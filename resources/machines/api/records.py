"""One resource, all of them, and addresses at which there is nothing."""

from django.http import HttpResponsePermanentRedirect, StreamingHttpResponse
from django.urls import Resolver404, resolve

from ... import limits
from ...addresses import asking, origin
from ...models import Resource
from ...public import look_up
from ...search import Search
from . import openapi
from .parameters import errors
from .responses import (
    Problem,
    as_object,
    dumps,
    endpoint,
    json_response,
    refuse,
)

CHUNK = 500


@endpoint(parameters=["fields"])
def resource_detail(request, pk):
    refuse(list(errors(request.GET)))
    document = look_up(request).document(pk)
    if document:
        return json_response(as_object(document, origin(request), request.GET))
    withdrawn = Resource.objects.withdrawn().filter(pk=pk).first()
    if withdrawn:
        reason = withdrawn.withdrawn_reason
        raise Problem(410, f"“{withdrawn.title}” was withdrawn: {reason}")
    raise Problem(404, "There is no resource with this id.")


@endpoint("application/jsonl", parameters=["fields"])
def dump(request):
    refuse(list(errors(request.GET)))
    lines = []
    look_up(request)  # while the database is not there, it fails before it begins
    limits.spend(request, limits.FILE)
    if request.method == "GET":
        lines = all_lines(origin(request), request.GET)
    return StreamingHttpResponse(lines, content_type="application/jsonl")


def all_lines(here, data):
    """
    Yield every record as a line of JSON, a few hundred at a time.

    Each chunk is read again behind the last id, so that no transaction stays open for
    as long as a client takes to read.
    """
    last = 0
    ids = Resource.objects.published().order_by("pk").values_list("pk", flat=True)
    while chunk := list(ids.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1]
        documents = Search().documents(chunk)
        objects = [as_object(document, here, data) for document in documents]
        yield "".join(f"{dumps(one)}\n" for one in objects)


@endpoint()
def description(request):
    return json_response(openapi.document(origin(request)))


@endpoint(parameters=None)
def nowhere(request, rest):
    """
    Answer addresses that do not exist; Django's own 404 would be HTML.

    Those that lack a slash at the end, or have one too many, lead where they should.
    """
    path = request.path_info
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    if is_endpoint(other):
        return HttpResponsePermanentRedirect(
            asking(other, request.META["QUERY_STRING"])
        )
    raise Problem(404, f"There is nothing at this address; see {origin(request)}/api/")


def is_endpoint(path):
    try:
        return resolve(path).view_name.startswith("machines:api-")
    except Resolver404:
        return False
