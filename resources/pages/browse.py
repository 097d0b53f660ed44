"""Pages of the values of a facet: all themes, and all resources on one theme."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect

from .. import documents
from ..addresses import asking, origin
from ..facets import FACETS, choices
from ..filters import ResourceFilter
from ..formats import metadata
from ..public import address_of, look_up, page_number, public, render
from .linked_data import collection, first_steps, full_address
from .pagination import PER_PAGE, paginate

MOST_VALUES = 1000


@public
def browse_all(request, facet):
    search = look_up(request)
    numbers = ResourceFilter(search=search).values(facet, MOST_VALUES)
    values = choices({facet: numbers}, search.version)[facet]
    context = {"facet": FACETS[facet], "choices": values}
    return render(request, "browse_all.html", context)


@public
def browse(request, facet, value, slug=None):
    facet, search = FACETS[facet], look_up(request)
    number = page_number(request.GET)
    filterset = ResourceFilter({facet.name: [value]}, search=search)
    if filterset.selected.get(facet.name) != [value]:
        raise Http404
    results = filterset.find(number, PER_PAGE, counted=False)
    named = choices({facet.name: {value: results.total}}, search.version)[facet.name]
    if not named:
        raise Http404
    [choice] = named
    path = choice.get_absolute_url()

    def address(number):
        return asking(path, f"page={number}" if number > 1 else "")

    # Names of people are escaped in one and not in request.path.
    if request.get_full_path() != address(number):
        return HttpResponseRedirect(address(number))
    page = paginate(results.total, search.documents(results.ids), number)
    terms = documents.snapshot(search.version).terms.get(facet.vocabulary, {})
    query = urlencode({facet.name: value})
    here = origin(request)
    steps = [(str(one), here + one.get_absolute_url()) for one in [facet, choice]]
    context = {
        "facet": facet,
        "choice": choice,
        "term": terms.get(value),
        "page": page,
        "address": address,
        "canonical": full_address(request),
        "feed": address_of(request, "feed", query),
        "query": query,
        "linked_data": [
            collection(request, page, str(choice)),
            metadata.breadcrumb([*first_steps(request), *steps]),
        ],
    }
    return render(request, "browse.html", context)
