"""One short function for each public page."""

from itertools import islice
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString

from .. import addresses, limits, records
from ..addresses import origin
from ..facets import FACETS, choices, most_frequent
from ..files import covers
from ..filters import MOST_TYPED, ResourceFilter
from ..formats import metadata
from ..formats.citations import citations
from ..formats.signposting import link_header
from ..fragments import frame, panel, record
from ..fragments.covers import book
from ..models import Programme, Resource, ResourceType, Theme, sort_key
from ..public import address_of, look_up, page_number, public
from ..rendering import render
from ..search.query import tidy
from .pagination import PER_PAGE, NoSuchPage, paginate

# Vocabularies whose terms have more to tell than a name.
DESCRIBED = {Programme, Theme, ResourceType}
MOST_ON_A_PAGE = 1000
# All regions, so that none of the continents is missing.
MOST_AT_HOME = 50
CHOICES_ON_A_PAGE = 100
MOST_SUGGESTIONS = 8


@public
def home(request):
    search = look_up(request)
    newest = search.find(size=6, most=MOST_AT_HOME)
    counts = {
        name: newest.counts.get(name, {}) for name in ["programme", "region", "theme"]
    }
    browse = []
    for name, found in choices(counts, search.version).items():
        found = [choice for choice in found if not choice.parent]
        browse.append((FACETS[name], most_frequent(found, 12)))
    rows = records.shelf(newest.ids, search.version)
    here, language = origin(request), request.LANGUAGE_CODE
    site = metadata.website(
        settings.SITE_NAME,
        here + addresses.page("home", language),
        here + addresses.of_list(language),
        language,
    )
    shown = {
        "newest": [rows[pk] for pk in newest.ids if pk in rows],
        "browse": browse,
        "json_ld": metadata.block(site),
    }
    return render(request, "resources/home.html", shown)


@public
def resource_list(request):
    number = page_number(request.GET)
    search = look_up(request)
    asked = ResourceFilter(request.GET, search)
    address = asked.address(page=number)
    if request.META["QUERY_STRING"] != address and not asked.has_too_many:
        return HttpResponseRedirect(address_of(request, "list", address))
    if asked.words:
        limits.spend(request)
    found = asked.find(number)
    resources = records.cards(found.ids, search.version)
    page = paginate(found.total, resources, number, asked.is_ranked)
    side, chosen = search.remembered(
        ("panel", request.LANGUAGE_CODE, asked.address()),
        lambda: around_list(asked, found, search),
    )
    return render(
        request,
        "resources/list.html",
        {
            "asked": asked,
            "found": found,
            "page": page,
            "panel": side,
            "chosen": chosen,
            "canonical": address_asked(request),
            "feed": address_of(request, "feed", asked.feed_address),
            "query": asked.address(),
            # Crawlers keep only the whole list.
            "json_ld": ""
            if asked.chosen
            else metadata.block(collection(request, page, settings.SITE_NAME)),
        },
    )


def address_asked(request):
    return origin(request) + request.get_full_path()


def collection(request, page, name):
    """What a page of a list that crawlers keep tells them."""
    here, language = origin(request), request.LANGUAGE_CODE
    return metadata.collection_page(
        name,
        address_asked(request),
        [(one.title, here + one.address_in(language)) for one in page],
        page.paginator.count,
        page.start_index(),
    )


def around_list(asked, found, search):
    """The facets and the chosen filters: the same on all pages of a list."""
    values = choices(found.counts, search.version)
    chosen = panel.chosen(asked.removals(values)) if asked.narrows else ""
    groups = asked.panel(values)
    return SafeString(panel.panel(asked, groups, found.years)), SafeString(chosen)


@public
def choose(request, facet):
    """All values of one facet under the filters that are chosen, to pick from."""
    search = look_up(request)
    asked = ResourceFilter(request.GET, search)
    found = asked.find(1, most=MOST_ON_A_PAGE)
    values = choices({facet: found.counts.get(facet, {})}, search.version)[facet]
    wanted = sort_key(request.GET.get("find", "")[:100])
    matching = [choice for choice in values if wanted in sort_key(str(choice))]
    matching = most_frequent(matching, len(matching))
    number = page_number(request.GET)
    start = (number - 1) * CHOICES_ON_A_PAGE
    return render(
        request,
        "resources/choose.html",
        {
            "asked": asked,
            "facet": FACETS[facet],
            "find": " ".join(request.GET.get("find", "").split())[:100],
            "choices": matching[start : start + CHOICES_ON_A_PAGE],
            "chosen": asked.chosen.get(facet, []),
            "next": number + 1 if len(matching) > start + CHOICES_ON_A_PAGE else None,
            "previous": number - 1 if number > 1 else None,
            "is_cut": len(values) >= MOST_ON_A_PAGE,
        },
    )


@public
def suggest(request):
    """
    What somebody who types may mean, in the form of OpenSearch suggestions.

    https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki
    """
    text = tidy(request.GET.get("q", ""))[:MOST_TYPED]
    search = look_up(request)
    found = search.suggest(text, MOST_SUGGESTIONS)
    resources = records.cards(found, search.version)
    start = sort_key(text)
    names = [
        name
        for resource in resources
        for name in [resource.programme, *resource.credits]
        if name and any(w.startswith(start) for w in suffixes(sort_key(str(name))))
    ]
    terms = dict.fromkeys(str(one) for one in [*names, *resources])
    return JsonResponse(
        [text, list(terms)[:MOST_SUGGESTIONS]],
        safe=False,
        content_type="application/x-suggestions+json",
        json_dumps_params={"ensure_ascii": False},
    )


def suffixes(text):
    """A text from each of its words on."""
    words = text.split()
    return [" ".join(words[i:]) for i in range(len(words))]


@public
def resource_detail(request, pk, slug):
    search = look_up(request)
    resource = records.whole([pk], search.version).get(pk)
    if resource is None:
        gone = get_object_or_404(Resource.objects.withdrawn(), pk=pk)
        return render(request, "resources/withdrawn.html", {"gone": gone}, status=410)
    if slug != resource.slug:
        return redirect(resource, permanent=True)
    here = origin(request)
    language = request.LANGUAGE_CODE
    cited = citations(resource, here + resource.permanent_path)
    article = record.article(resource, language, cited)
    shelves = record.shelves(resource, language, **beside(resource, search, language))
    shown = {
        "resource": resource,
        **for_machines(resource, here, language),
        "content": SafeString(article + shelves),
    }
    response = render(request, "resources/detail.html", shown)
    response["Link"] = link_header(resource, here)
    return response


def for_machines(resource, here, language):
    """What the head of its page tells of a resource."""
    address = resource.address_in(language)
    url = here + address
    above = resource.programme or resource.type
    way = way_to(
        here,
        *frame.first_steps(language),
        (above.name_in(language), above.address_in(language)),
        (resource.title, address),
    )
    open_graph = metadata.open_graph(resource, here, language)
    tags = metadata.tags(metadata.highwire(resource, here))
    json_ld = metadata.block(
        metadata.json_ld(resource, here, url), metadata.breadcrumb(way)
    )
    return {
        "head": SafeString(record.for_machines(resource, address, here, tags, json_ld)),
        "open_graph": metadata.tags(open_graph, "property"),
    }


def way_to(here, *steps):
    """Name and address of each page on the way to one, which is the last step."""
    return [(name, here + address) for name, address in steps]


def beside(resource, search, language):
    """Others of its programme, and others that are like it for other reasons."""
    of_it = of_programme(resource.programme, search, language)
    more = {pk: shown for pk, shown in of_it.items() if pk != resource.pk}
    more = dict(islice(more.items(), 4))
    like = search.related(resource, count=8)
    like_it = [pk for pk in like if pk not in more][:4]
    rows = records.shelf(like_it, search.version)
    own = {("theme", term.slug): term for term in resource.themes.all()}
    own |= {("country", country.slug): country for country in resource.countries}
    related = [
        (rows[pk], [term for key, term in own.items() if key in like[pk]])
        for pk in like_it
        if pk in rows
    ]
    return {"more": more.values(), "related": related}


def of_programme(programme, search, language):
    """The newest of a programme, by id, as the pages of all of them show them."""
    if not programme:
        return {}

    def make():
        of_it = {"programme": [programme.slug]}
        found = search.find(filters=of_it, size=5, counted=False)
        rows = records.shelf(found.ids, search.version)
        return {pk: book(rows[pk], language) for pk in found.ids if pk in rows}

    return search.often.of(("of programme", programme.slug, language), make)


@public
def browse_all(request, facet):
    search = look_up(request)
    numbers = search.find(size=1, most=MOST_ON_A_PAGE).counts.get(facet, {})
    values = choices({facet: numbers}, search.version)[facet]
    return render(
        request,
        "resources/browse_all.html",
        {"facet": FACETS[facet], "choices": values},
    )


@public
def browse(request, facet, value, slug=None):
    facet, search = FACETS[facet], look_up(request)
    if not search.has_value(facet.name, value):
        raise Http404
    number = page_number(request.GET)
    found = search.find(
        filters={facet.name: [value]},
        start=(number - 1) * PER_PAGE,
        size=PER_PAGE,
        counted=False,
    )
    named = choices({facet.name: {value: found.total}}, search.version)[facet.name]
    if not named:
        raise Http404
    [choice] = named
    query = f"page={number}" if number > 1 else ""
    address = choice.get_absolute_url()
    address = f"{address}?{query}" if query else address
    # Names of people are escaped in one and not in request.path.
    if request.get_full_path() != address:
        return HttpResponseRedirect(address)
    resources = records.cards(found.ids, search.version)
    term = None
    if facet.model in DESCRIBED:
        term = facet.model.objects.get(slug=value)
    page = paginate(found.total, resources, number)
    narrowed = urlencode({facet.name: value})
    steps = [(str(one), one.get_absolute_url()) for one in [facet, choice]]
    way = way_to(origin(request), *frame.first_steps(request.LANGUAGE_CODE), *steps)
    return render(
        request,
        "resources/browse.html",
        {
            "facet": facet,
            "choice": choice,
            "term": term,
            "page": page,
            "canonical": address_asked(request),
            "feed": address_of(request, "feed", narrowed),
            "query": narrowed,
            "json_ld": metadata.block(
                collection(request, page, str(choice)), metadata.breadcrumb(way)
            ),
        },
    )


@public
def about(request):
    return render(request, "about.html")


@public
def cover(request, pk, name):
    resources = Resource.objects.published().only(
        "cover", "cover_width", "cover_height"
    )
    file = covers.file_of(get_object_or_404(resources, pk=pk), name)
    if file is None:
        raise Http404
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=604800"
    return response


def not_found(request, exception):
    """The page for whatever is not there; tells why when the reason is ours."""
    why = str(exception) if isinstance(exception, NoSuchPage) else ""
    return render(request, "404.html", {"why": why}, status=404)


def not_allowed(request, exception):
    return render(request, "403.html", status=403)


def not_understood(request, exception):
    return render(request, "400.html", status=400)


def server_error(request):
    return render(request, "500.html", status=500)
