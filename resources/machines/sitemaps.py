"""
Sitemaps: every page that a search engine may show, with its translations.

Records are cut into files by their ids, so each file is one query by key and stays
the same while others change. https://www.sitemaps.org/protocol.html
"""

from pathlib import PurePosixPath
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.db.models import Count, F, Max, Q
from django.http import HttpResponse, HttpResponseNotFound
from django.urls import reverse

from ..addresses import origin
from ..facets import FACETS, choices
from ..models import Change, Resource
from ..public import in_languages, look_up, public

CONTENT_TYPE = "application/xml"
# With four translations in the longest addresses, a file stays below 50 MB.
IDS_IN_A_FILE = 5000
# All facets together stay below 50,000 addresses; pages link to the rest.
MOST_OF_A_FACET = 5000
STATIC = ["home", "list", "about"]

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
INDEX = f"""{HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{{}}
</sitemapindex>
"""
PAGES = f"""{HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:xhtml="http://www.w3.org/1999/xhtml"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
{{}}
</urlset>
"""


@public
def sitemap_index(request):
    host = escape(origin(request))
    rows = [f"<sitemap><loc>{host}{reverse('machines:sitemap-pages')}</loc></sitemap>"]
    for number, at in files():
        address = host + reverse("machines:sitemap", args=[number])
        rows.append(
            f"<sitemap><loc>{address}</loc><lastmod>{at:%Y-%m-%dT%H:%M:%S}+00:00"
            "</lastmod></sitemap>"
        )
    return HttpResponse(INDEX.format("\n".join(rows)), CONTENT_TYPE)


def files():
    """The number of each file that has records, and when one of them changed."""
    # A withdrawal changes its file too, but a file cannot be empty.
    is_shown = ~Q(kind=Change.Kind.WITHDRAWN)
    return (
        Change.objects.filter(is_last=True)
        .annotate(number=F("resource") / IDS_IN_A_FILE)
        .values_list("number")
        .annotate(at=Max("at"))
        .alias(shown=Count("pk", filter=is_shown))
        .filter(shown__gt=0)
        .order_by("number")
    )


@public
def sitemap(request, number):
    host = escape(origin(request))
    resources = (
        Resource.objects.published()
        .with_changed_at()
        .only("title", "cover", "cover_width", "cover_height")
        .filter(
            pk__gte=number * IDS_IN_A_FILE,
            pk__lt=(number + 1) * IDS_IN_A_FILE,
        )
        .order_by("pk")
    )
    rows = [record(host, resource) for resource in resources]
    if not rows:
        return HttpResponseNotFound("No records have these numbers.", "text/plain")
    return HttpResponse(PAGES.format("\n".join(rows)), CONTENT_TYPE)


def record(host, resource):
    # What get_absolute_url() gives, which is too slow for thousands.
    path = f"{resource.permanent_path}{quote(resource.slug)}/"
    more = f"<lastmod>{resource.changed_at:%Y-%m-%dT%H:%M:%S}+00:00</lastmod>"
    if resource.covers:
        name = quote(PurePosixPath(resource.covers[-1].name).name)
        address = f"{host}/covers/{resource.pk}/{name}"
        more += f"<image:image><image:loc>{address}</image:loc></image:image>"
    return page(host, path, more)


def page(host, path, more=""):
    """A page with its translations; the path has no characters to escape."""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{host}{translated}"/>'
        for code, translated in [*in_languages(path).items(), ("x-default", path)]
    )
    return f"<url><loc>{host}{path}</loc>{more}{links}</url>"


@public
def sitemap_pages(request):
    """Pages that are no records: browsing, and what there is of each kind once."""
    host, search = escape(origin(request)), look_up(request)
    paths = [reverse(f"resources:{name}") for name in STATIC]
    paths += [facet.get_absolute_url() for facet in FACETS.values()]
    counts = search.find(size=1, most=MOST_OF_A_FACET).counts
    for found in choices(counts, search.version).values():
        paths += [choice.get_absolute_url() for choice in found]
    rows = [page(host, escape(path)) for path in paths]
    return HttpResponse(PAGES.format("\n".join(rows)), CONTENT_TYPE)
