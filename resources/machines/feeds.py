"""
Atom feeds: any list of the catalogue, to subscribe to.

https://www.rfc-editor.org/rfc/rfc4287, in pages after
https://www.rfc-editor.org/rfc/rfc5005#section-3
"""

from math import ceil

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseRedirect

from .. import limits, records
from ..addresses import origin
from ..facets import FACETS
from ..filters import NEWEST, ResourceFilter
from ..formats.xml import add, document, new
from ..pages.pagination import asked_page
from ..public import PLAIN, address_of, look_up, public
from ..search import DEEPEST

CONTENT_TYPE = "application/atom+xml"
PER_FEED = 50
NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


class FeedFilter(ResourceFilter):
    """A feed tells what is new: newest first goes without saying, even with words."""

    default_sort = NEWEST


@public
def feed(request):
    number = asked_page(request.GET)
    search = look_up(request)
    asked = FeedFilter(request.GET, search=search)
    address = asked.query_string(page=number)
    if request.META["QUERY_STRING"] != address and not asked.has_too_many_values:
        return HttpResponseRedirect(address_of(request, "feed", address))
    limits.spend(request)
    found = asked.find(number, PER_FEED, counted=False)
    if not is_in_reach(number, found.total):
        text = "The feed has no page with this number."
        return HttpResponseNotFound(text, PLAIN)
    rows = records.whole(found.ids, search.version)
    resources = [rows[pk] for pk in found.ids if pk in rows]
    root = head(request, asked, found.total, number)
    changed = [resource.changed_at for resource in resources]
    add(root, "updated", moment(max(changed, default=request.catalogue.at)))
    for resource in resources:
        root.append(entry(origin(request), resource))
    return HttpResponse(document(root), CONTENT_TYPE)


def is_in_reach(number, total):
    """Whether there is such a page, and near enough to one end of the list."""
    start = (number - 1) * PER_FEED
    return number == 1 or (start < total and min(start, total - start) <= DEEPEST)


def head(request, asked, total, number):
    """The feed without its entries."""
    host = origin(request)

    def link(rel, page):
        if is_in_reach(page, total):
            href = host + address_of(request, "feed", asked.query_string(page=page))
            add(root, "link", rel=rel, type=CONTENT_TYPE, href=href)

    last = ceil(total / PER_FEED) or 1
    root = new("feed", **NAMESPACES, **{"xml:lang": request.LANGUAGE_CODE})
    # All pages are one feed.
    add(root, "id", host + address_of(request, "feed", asked.query_string()))
    add(root, "title", title(asked))
    add(add(root, "author"), "name", settings.SITE_NAME)
    page = host + address_of(request, "list", asked.query_string())
    add(root, "link", rel="alternate", type="text/html", href=page)
    link("self", number)
    link("first", 1)
    if number > 1:
        link("previous", number - 1)
    if number < last:
        link("next", number + 1)
    link("last", last)
    add(root, "opensearch:totalResults", str(total))
    add(root, "opensearch:startIndex", str((number - 1) * PER_FEED + 1))
    add(root, "opensearch:itemsPerPage", str(PER_FEED))
    return root


def title(asked):
    """The name of the site, and what the feed is narrowed to."""
    chosen = asked.selected_filters()
    narrowed = [f"{label}: {value}" for label, value, _query in chosen]
    return " · ".join([settings.SITE_NAME, *narrowed])


def entry(host, resource):
    speaks = {"xml:lang": resource.language}
    node = new("entry")
    add(node, "id", host + resource.permanent_path)
    add(node, "title", resource.title, **speaks)
    add(node, "updated", moment(resource.changed_at))
    add(node, "published", moment(resource.published_at))
    for contributor in resource.credits:
        add(add(node, "author"), "name", contributor.name)
    page = host + resource.get_absolute_url()
    add(node, "link", rel="alternate", type="text/html", href=page)
    for theme in resource.themes.all():
        scheme = host + FACETS["theme"].get_absolute_url()
        add(node, "category", term=theme.slug, scheme=scheme, label=str(theme))
    add(node, "summary", resource.summary, type="text", **speaks)
    return node


def moment(time):
    return time.isoformat(timespec="seconds")
