"""The list, the record page and what belongs to them."""

from itertools import islice
from urllib.parse import quote

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse

from .. import limits
from ..addresses import origin
from ..documents import snapshot
from ..drawings import MOTIFS, PALETTES, draw
from ..facets import FACETS, MOST_SHOWN, choices, most_frequent
from ..files import covers
from ..filters import MOST_TYPED, ResourceFilter
from ..formats import metadata
from ..formats.citations import citations
from ..formats.signposting import link_header
from ..models import Resource, sort_key
from ..models.identifiers import NORMAL
from ..public import (
    address_of,
    drawing,
    look_up,
    mail_about,
    page_number,
    public,
    render,
)
from ..search.parsing import tidy
from ..search.suggestions import begins_like
from ..texts import contained
from .linked_data import collection, first_steps, full_address
from .pagination import PER_PAGE, paginate
from .panel import filter_panel

MOST_CHOICES = 1000
CHOICES_PER_PAGE = 100
MOST_SUGGESTIONS = 8
# Vocabularies whose terms are suggested, before authors, publishers and titles.
SUGGESTED = ["theme", "country", "programme"]
MOST_SUGGESTED_TERMS = 4
OTHERS = 4
# In the units of its view box.
MOTIF_SIZE = 640, 400


@public
def resource_list(request):
    search, number = look_up(request), page_number(request.GET)
    filterset = ResourceFilter(request.GET, search=search)
    query = filterset.query_string(page=number)
    is_canonical = request.META["QUERY_STRING"] == query
    # The canonical address is without wrong values, and could not name them.
    if not is_canonical and not filterset.has_wrong_values:
        return HttpResponseRedirect(address_of(request, "list", query))
    if filterset.text or filterset.is_filtered:
        limits.spend(request)
    if filterset.selected.keys() == {"q"} and number == 1:
        if document := identified(search, filterset.text):
            return HttpResponseRedirect(document.address_in(request.LANGUAGE_CODE))
    results = filterset.find(number, PER_PAGE, most=MOST_SHOWN + 1)
    documents = search.documents(results.ids)
    page = paginate(results.total, documents, number, filterset.is_ranked)
    context = {
        "filterset": filterset,
        "results": results,
        "page": page,
        "selected": list(filterset.selected_filters()),
        "panel": filter_panel(filterset, results, request.LANGUAGE_CODE),
        "canonical": full_address(request),
        "address": lambda number: address_of(
            request, "list", filterset.query_string(page=number)
        ),
        "feed": address_of(request, "feed", filterset.feed_query),
        "query": filterset.query_string(),
        # Crawlers keep only the whole list.
        "collection": None
        if filterset.selected or filterset.has_wrong_values
        else collection(request, page, settings.SITE_NAME),
    }
    return render(request, "list.html", context)


def identified(search, text):
    """Return the one record that a text is an identifier of, or None."""
    if not search.is_usable:
        return None
    for name, normal in NORMAL.items():
        if value := normal(text):
            ids = search.find(filters={name: [value]}, size=2, counted=False).ids
            if len(ids) == 1:
                return search.document(ids[0])
    return None


@public
def choose(request, facet):
    """All values of one facet under the selected filters, to select from."""
    limits.spend(request)
    search, number = look_up(request), page_number(request.GET)
    filterset = ResourceFilter(request.GET, search=search)
    numbers = filterset.values(facet, MOST_CHOICES)
    values = choices({facet: numbers}, search.version)[facet]
    find = " ".join(request.GET.get("find", "").split())[:100]
    wanted = sort_key(find)
    selected = filterset.selected.get(facet, ())
    matching = [
        choice
        for choice in values
        if choice.value not in selected and wanted in sort_key(choice.label)
    ]
    start = (number - 1) * CHOICES_PER_PAGE
    end = start + CHOICES_PER_PAGE
    context = {
        "filterset": filterset,
        "facet": FACETS[facet],
        "find": find,
        "chosen": [choice for choice in values if choice.value in selected],
        "choices": most_frequent(matching, len(matching))[start:end],
        "next": number + 1 if len(matching) > end else None,
        "previous": number - 1 if number > 1 else None,
        "is_truncated": len(values) >= MOST_CHOICES,
    }
    return render(request, "choose.html", context)


@public
def suggest(request):
    """
    Return what somebody who types may mean, in the form of OpenSearch suggestions.

    https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki
    """
    limits.spend(request)
    text = tidy(request.GET.get("q", ""))[:MOST_TYPED]
    search, typed = look_up(request), sort_key(text)
    documents = search.documents(search.suggest(text, MOST_SUGGESTIONS))
    people = [
        str(one)
        for document in documents
        for one in [*document.creators, document.publisher]
        if one and is_begun_by(sort_key(str(one)), typed)
    ]
    names = [*suggested_terms(search, typed, request.LANGUAGE_CODE), *people]
    terms = dict.fromkeys(contained(str(one)) for one in [*names, *documents])
    return JsonResponse(
        [text, list(terms)[:MOST_SUGGESTIONS]],
        safe=False,
        content_type="application/x-suggestions+json",
        json_dumps_params={"ensure_ascii": False},
    )


def suggested_terms(search, typed, language):
    """Return the names of a few terms with records that begin with what was typed."""
    # Without an index it is not known which terms only drafts have.
    if len(typed) < 2 or not search.is_usable:
        return []
    terms = snapshot(search.version).terms
    keys = [
        (sort_key(" ".join(term.both_names_in(language))), facet, term)
        for facet in SUGGESTED
        for term in terms[facet].values()
    ]

    def named(is_like):
        names = (
            term.full_name_in(language)
            for key, facet, term in keys
            if is_like(key, typed) and search.has_value(facet, term.slug)
        )
        return list(islice(names, MOST_SUGGESTED_TERMS))

    return named(is_begun_by) or named(begins_like)


def is_begun_by(name, typed):
    """Whether the name, from any of its words on, begins with what was typed."""
    return f" {name}".find(f" {typed}") >= 0


@public
def resource_detail(request, pk, slug):
    search = look_up(request)
    document = search.document(pk)
    if document is None:
        resource = get_object_or_404(Resource.objects.withdrawn(), pk=pk)
        return render(request, "withdrawn.html", {"resource": resource}, 410)
    here, language = origin(request), request.LANGUAGE_CODE
    address = document.address_in(language)
    if slug != document.slug:
        return HttpResponsePermanentRedirect(address)
    url = here + address
    above = document.programme or document.type
    steps = [
        *first_steps(request),
        (above.name_in(language), here + above.address_in(language)),
        (document.title, url),
    ]
    context = {
        "document": document,
        "canonical": url,
        "citations": citations(document, here + document.permanent_path),
        "metadata": metadata.highwire(document, here),
        "open_graph": metadata.open_graph(document, here, language),
        "linked_data": [
            metadata.json_ld(document, here, url),
            metadata.breadcrumb(steps),
        ],
        "report": mail_about(document.title, url),
        "oembed_url": f"{here}{reverse('machines:oembed')}?url={quote(url, safe='')}",
        **others(document, search),
    }
    response = render(request, "record.html", context)
    response["Link"] = link_header(document, here)
    return response


def others(document, search):
    """Return other records of the programme, and records similar for other reasons."""
    same_programme = []
    if document.programme and search.is_usable:
        filters = {"programme": [document.programme.slug]}
        newest = search.find(filters=filters, size=OTHERS + 1, counted=False)
        ids = [pk for pk in newest.ids if pk != document.id][:OTHERS]
        same_programme = search.documents(ids)
    shown = {one.id for one in same_programme}
    similar = search.related(document, count=2 * OTHERS)
    ids = islice((pk for pk in similar if pk not in shown), OTHERS)
    terms = {("theme", term.slug): term for term in document.themes}
    terms |= {("country", term.slug): term for term in document.countries}
    related = [
        (one, [term for key, term in terms.items() if key in similar[one.id]])
        for one in search.documents(ids)
    ]
    return {
        "same_programme": [(one, ()) for one in same_programme],
        "related": related,
    }


@public
def about(request):
    return render(request, "about.html")


@public
def accessibility(request):
    return render(request, "accessibility.html")


@public
def cover(request, pk, name):
    if name.endswith(".svg"):
        return drawn_cover(request, pk, name)
    resources = Resource.objects.published().only(
        "cover", "cover_width", "cover_height"
    )
    file = covers.file_of(get_object_or_404(resources, pk=pk), name)
    if file is None:
        raise Http404
    return as_picture(FileResponse(file, content_type="image/webp"))


def drawn_cover(request, pk, name):
    """Return the drawn cover of a record; an old name leads to the present one."""
    document = look_up(request).document(pk)
    if document is None or document.cover:
        raise Http404
    cover = document.drawn_cover
    if name != cover.name:
        return HttpResponseRedirect(reverse("cover", args=[pk, cover.name]))
    return as_picture(drawing(request, "drawn_cover.svg", {"cover": cover}))


@public
def motif(request, motif, palette):
    """A motif in a palette, as wide as the top of a page."""
    if motif not in MOTIFS or palette not in PALETTES:
        raise Http404
    width, height = MOTIF_SIZE
    shapes = draw(motif, palette, width, height)
    context = {"shapes": shapes, "width": width, "height": height}
    return as_picture(drawing(request, "motif.svg", context))


def as_picture(response):
    """Return a response with the headers of a picture that never changes."""
    response["Cache-Control"] = "public, max-age=604800"
    # Whatever the file may be, a browser that opens it runs nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
