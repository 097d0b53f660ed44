"""What has changed since a time, withdrawn resources included: how to keep up."""

from urllib.parse import urlencode

from ...addresses import origin
from ...formats.values import utc
from ...models import Resource
from ...public import look_up
from .. import change_lists
from .moments import parse_moment
from .parameters import USUAL_SIZE
from .responses import as_object, refuse, with_next

ORDER = "changed"


def changed_list(request):
    """Return a page of the changes since a time, in the order of the change log."""
    data, search = request.GET, look_up(request)
    after = read_key(data.get("after"))
    size = int(data.get("size", USUAL_SIZE))
    # SQLite compares times as text, and only whole seconds come before their parts.
    since = parse_moment(data["changed_since"]).replace(microsecond=0)
    changes = change_lists.last_changes().filter(at__gte=since)
    rows, has_more = change_lists.page(changes, after, size)
    if after and not rows and not change_lists.is_known(after):
        refuse([{"parameter": "after", "detail": "This key is not of this catalogue."}])
    body = {
        "total": None if after else changes.count(),
        "results": list(results(request, rows, search)),
        "next": None,
        "corrections": {},
        "ignored": [],
        "changed_until": utc(change_lists.complete_until(request.catalogue)),
    }
    query = ""
    if has_more:
        names = ["changed_since", "fields", "size"]
        query = {name: data[name] for name in names if name in data}
        query = urlencode({"after": f"{ORDER}-{rows[-1].pk:x}", **query})
    return with_next(request, body, query)


def read_key(key):
    """Return the id of the change that a key stands for."""
    if key is None:
        return 0
    of, _dash, pk = key.rpartition("-")
    if of != ORDER:
        detail = (
            f"This key is of the order {of}, but changes come in an order of theirs."
        )
        refuse([{"parameter": "after", "detail": detail}])
    return int(pk, 16)


def results(request, rows, search):
    """Yield the resource of each change, or what there is to say of a withdrawn one."""
    published = change_lists.documents_of(rows, search, request.catalogue.pk)
    gone = [row.resource_id for row in rows if row.resource_id not in published]
    withdrawn = Resource.objects.withdrawn().filter(pk__in=gone)
    reasons = dict(withdrawn.values_list("pk", "withdrawn_reason"))
    for row in rows:
        if document := published.get(row.resource_id):
            yield as_object(document, origin(request), request.GET)
        else:
            yield {
                "id": row.resource_id,
                "withdrawn": True,
                "reason": reasons.get(row.resource_id, ""),
                "changed_at": utc(row.at),
            }
