"""Pages of the values of a facet: all themes, and all resources on one theme."""

from itertools import groupby
from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect

from .. import documents, limits
from ..addresses import asking, origin
from ..facets import FACETS, Choice, choices, tree, with_terms
from ..filters import ResourceFilter
from ..formats import metadata
from ..models import Contributor, sort_key
from ..public import address_of, look_up, page_number, public, render
from .linked_data import collection, first_steps, full_address
from .pagination import PER_PAGE, paginate

MOST_VALUES = 1000
# Authors and publishers that are found by name.
MOST_FOUND = 50


@public
def browse_all(request, facet):
    search = look_up(request)
    filterset = ResourceFilter(search=search)
    numbers = filterset.values(facet, MOST_VALUES)
    is_truncated = len(numbers) >= MOST_VALUES
    find = " ".join(request.GET.get("find", "").split())[:100]
    if find and is_truncated and FACETS[facet].is_of_contributors:
        limits.spend(request)
        numbers |= rare_contributors(filterset, facet, find, numbers)
    if FACETS[facet].is_of_contributors:
        values = contributors(facet, numbers, request.LANGUAGE_CODE)
    else:
        values = choices({facet: numbers}, search.version)[facet]
        values.sort(key=lambda choice: sort_key(choice.full_name))
    if wanted := sort_key(find):
        values = [one for one in values if wanted in sort_key(one.full_name)]
    context = {
        "facet": FACETS[facet],
        "choices": values,
        "find": find,
        "is_truncated": is_truncated and not find,
        "letters": by_letter(values) if FACETS[facet].is_of_contributors else [],
        "tree": tree(values) if facet == "region" else [],
        "themes": with_terms(values, search.version) if facet == "theme" else [],
    }
    return render(request, "browse_all.html", context)


def rare_contributors(filterset, facet, name, known):
    """Return the numbers of some contributors with a name that are not `known`."""
    rows = Contributor.objects.filter(name__icontains=name).exclude(pk__in=known)
    ids = map(str, rows.values_list("pk", flat=True)[:MOST_FOUND])
    return {
        pk: filterset.with_selected(**{facet: [pk]}).find(counted=False).total
        for pk in filterset.known_values(facet, list(ids))
    }


def contributors(facet, numbers, language):
    """Return choices of authors or publishers in the order of their family names."""
    found = []
    for row in Contributor.objects.filter(pk__in=numbers):
        value, name = str(row.pk), index_name(row)
        number = numbers[value]
        found.append(Choice(facet, value, row.name, language, None, number, name))
    return sorted(found, key=lambda choice: (sort_key(choice.full_name), choice.value))


def by_letter(choices):
    """Return authors or publishers under the first letters of their family names."""
    return [(letter, list(group)) for letter, group in groupby(choices, first_letter)]


def index_name(contributor):
    """Return the name of a contributor as an index has it, the family name first."""
    parts = [contributor.family, contributor.given, contributor.suffix]
    name = ", ".join(part for part in parts if part)
    name = name or contributor.sort_name or contributor.name
    others = [contributor.romanised, contributor.note]
    return name + "".join(f" ({one})" for one in others if one)


def first_letter(choice):
    """Return the letter that a name stands under; "#" for what is none."""
    first = sort_key(choice.full_name)[:1].upper()
    return first if first.isalpha() else "#"


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
    term, language = terms.get(value), request.LANGUAGE_CODE
    description, described_in = term.description_in(language) if term else ("", "")
    query = urlencode({facet.name: value})
    here = origin(request)
    steps = [(str(one), here + one.get_absolute_url()) for one in [facet, choice]]
    context = {
        "facet": facet,
        "choice": choice,
        "term": term,
        "description": description,
        "described_in": described_in,
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
