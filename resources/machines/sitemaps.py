"""
Sitemaps: every page that a search engine may show, with its translations.

Records are divided into files by their ids, so each file is one query by primary key
and stays the same while others change. https://www.sitemaps.org/protocol.html
"""

from django.db.models import Count, F, Max, Q
from django.http import HttpResponse, HttpResponseNotFound
from django.urls import reverse

from ..addresses import origin
from ..facets import FACETS, choices
from ..files.covers import renditions
from ..formats import xml
from ..formats.values import cover_url
from ..models import Change, Resource, address_end
from ..public import in_languages, look_up, public

CONTENT_TYPE = "application/xml"
# With four translations in the longest addresses, a file stays below 50 MB.
IDS_IN_A_FILE = 5000
# All facets together stay below 50,000 addresses; pages link to the rest.
MOST_OF_A_FACET = 5000
STATIC = ["home", "list", "about", "accessibility", "api"]

NAMESPACE = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
NAMESPACES = NAMESPACE | {
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
    "xmlns:image": "http://www.google.com/schemas/sitemap-image/1.1",
}


def respond(root):
    return HttpResponse(xml.document(root), CONTENT_TYPE)


@public
def sitemap_index(request):
    host = origin(request)
    entries = [sitemap_entry(host + reverse("machines:sitemap-pages"))]
    for number, changed_at in files():
        url = host + reverse("machines:sitemap", args=[number])
        entries.append(sitemap_entry(url, last_modified(changed_at)))
    return respond(xml.element("sitemapindex", *entries, **NAMESPACE))


def sitemap_entry(url, *details):
    return xml.element("sitemap", xml.element("loc", url), *details)


def last_modified(moment):
    return xml.element("lastmod", f"{moment:%Y-%m-%dT%H:%M:%S}+00:00")


def files():
    """Return the number of each file with records, and when one of them changed."""
    # A withdrawal changes its file too, but a file cannot be empty.
    is_public = ~Q(kind=Change.Kind.WITHDRAWN)
    return (
        Change.objects.filter(is_last=True)
        .annotate(number=F("resource") / IDS_IN_A_FILE)
        .values_list("number")
        .annotate(at=Max("at"))
        .alias(public=Count("pk", filter=is_public))
        .filter(public__gt=0)
        .order_by("number")
    )


@public
def sitemap(request, number):
    rows = (
        Resource.objects.published()
        .with_changed_at()
        .filter(
            pk__gte=number * IDS_IN_A_FILE,
            pk__lt=(number + 1) * IDS_IN_A_FILE,
        )
        .order_by("pk")
        .values_list(
            "pk", "title", "changed_at", "cover", "cover_width", "cover_height"
        )
    )
    entries = [record(origin(request), *row) for row in rows]
    if not entries:
        return HttpResponseNotFound("No records have these numbers.", "text/plain")
    return respond(xml.element("urlset", *entries, **NAMESPACES))


def record(host, pk, title, changed_at, *cover):
    """Return the entry of a record; `cover` is its name, width and height."""
    details = [last_modified(changed_at)]
    if files := renditions(*cover):
        location = xml.element("image:loc", cover_url(pk, files[-1].name, host))
        details.append(xml.element("image:image", location))
    return page(host, f"/resources/{pk}/{address_end(title)}/", *details)


def page(host, path, *details):
    """Return the entry of a page, with the addresses of its translations."""
    links = [
        xml.element("xhtml:link", rel="alternate", hreflang=code, href=host + address)
        for code, address in [*in_languages(path).items(), ("x-default", path)]
    ]
    return xml.element("url", xml.element("loc", host + path), *details, *links)


@public
def sitemap_pages(request):
    """List all pages that are not about one record."""
    host, search = origin(request), look_up(request)
    paths = [reverse(f"resources:{name}") for name in STATIC]
    paths += [facet.get_absolute_url() for facet in FACETS.values()]
    counts = search.find(size=1, most=MOST_OF_A_FACET).counts
    for found in choices(counts, search.version).values():
        paths += [choice.get_absolute_url() for choice in found]
    entries = [page(host, path) for path in paths]
    return respond(xml.element("urlset", *entries, **NAMESPACES))
