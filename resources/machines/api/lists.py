"""The list of the API: which resources there are, with keys to the next ones."""

from ... import limits
from ...addresses import origin
from ...facets import FACETS, choices
from ...filters import BEST, NEWEST
from ...public import look_up
from ...search import DEEPEST, Unusable
from . import parameters
from .changes import changed_list
from .filters import ApiFilter
from .responses import as_object, endpoint, refuse, with_next

# The keys of these orders are positions, up to which the engine sorts in memory.
BY_POSITION = {BEST, "title", "-title"}


@endpoint(parameters=parameters.PARAMETERS)
def resource_list(request):
    data = request.GET
    refuse(list(parameters.errors(data)))
    limits.spend(request, limits.LIST)
    if "changed_since" in data:
        return changed_list(request)
    search = look_up(request)
    filterset = ApiFilter(data, search=search)
    if not search.is_usable and (filterset.text or "facets" in data):
        # The database neither ranks nor counts.
        raise Unusable
    size = int(data.get("size", parameters.USUAL_SIZE))
    body, order, after = page(filterset, data.get("after"), size)
    here = origin(request)
    documents = search.documents(body["results"])
    body["results"] = [as_object(document, here, data) for document in documents]
    if "facets" in data:
        body["facets"] = counted(filterset.find(size=1), filterset)
    query = ""
    if after:
        paging = {name: data.get(name) for name in ["size", "facets", "fields"]}
        query = filterset.query_string(after=f"{order}-{after:x}", **paging)
    return with_next(request, body, query)


def page(filterset, key, size):
    """Return the body of a page, with ids as results, its order and the next mark."""
    search, query = filterset.search, filterset.query
    body = {"total": 0, "results": [], "next": None, "corrections": {}, "ignored": []}
    if not search.is_usable:
        order = filterset.order
        found = filterset.after(read_key(key, order), size)
    else:
        parsed, body["corrections"], _query = search.read(
            query["text"], query["all_words"], query["exact"]
        )
        body["ignored"] = parsed.ignored
        # As Search decides it, which looks at more than whether anything was typed.
        order = query["sort"] or (BEST if parsed.search_terms else NEWEST)
        found = search.after(read_key(key, order), size, **query)
    body["results"], mark, body["total"] = found
    return body, order, mark


def read_key(key, order):
    """Return the position that a key stands for; it has to be of this order."""
    if key is None:
        return 0
    of, _dash, mark = key.rpartition("-")
    mark = int(mark, 16)
    if of != order:
        detail = f"This key is of the order {of}, but the order of the list is {order}."
    elif order in BY_POSITION and mark > DEEPEST:
        detail = (
            f"The order {order} ends after {DEEPEST} resources. Narrow the list, or "
            "use the order newest or year, or /api/resources.jsonl."
        )
    else:
        return mark
    refuse([{"parameter": "after", "detail": detail}])


def counted(results, filterset):
    """Return the values of each facet with their names and numbers of resources."""
    counts = {
        # What no public resource has may have a name that is not public.
        name: {
            value: numbers[value]
            for value in filterset.known_values(name, list(numbers))
        }
        for name, numbers in results.counts.items()
    }
    named = choices(counts, filterset.version)
    facets = {
        name: [
            {"value": one.value, "name": str(one), "count": one.number}
            for one in named.get(name, [])
        ]
        for name in FACETS
    }
    facets["year"] = [
        {"value": str(year), "name": str(year), "count": number}
        for year, number in results.years.items()
    ]
    return facets
