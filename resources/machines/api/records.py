"""One resource, all of them, and addresses at which there is nothing."""

from django.http import StreamingHttpResponse

from ... import limits
from ...addresses import origin
from ...formats.json import as_json
from ...models import Resource
from ...public import look_up
from ...search import Search
from . import openapi
from .responses import Problem, dumps, endpoint, json_response

CHUNK = 500


@endpoint()
def resource_detail(request, pk):
    document = look_up(request).document(pk)
    if document:
        return json_response(as_json(document, origin(request)))
    withdrawn = Resource.objects.withdrawn().filter(pk=pk).first()
    if withdrawn:
        reason = withdrawn.withdrawn_reason
        raise Problem(410, f"“{withdrawn.title}” was withdrawn: {reason}")
    raise Problem(404, "There is no resource with this id.")


@endpoint("application/jsonl")
def dump(request):
    lines = []
    limits.spend(request, limits.FILE)
    if request.method == "GET":
        lines = all_lines(origin(request))
    return StreamingHttpResponse(lines, content_type="application/jsonl")


def all_lines(here):
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
        yield "".join(f"{dumps(as_json(document, here))}\n" for document in documents)


@endpoint()
def description(request):
    return json_response(openapi.document(origin(request)))


@endpoint(parameters=None)
def nowhere(request, rest):
    """Answer addresses that do not exist; Django's own 404 would be HTML."""
    raise Problem(404, f"There is nothing at this address; see {origin(request)}/api/")
