"""
Atom feeds: any list of the catalogue to subscribe to.

https://www.rfc-editor.org/rfc/rfc4287, in pages after
https://www.rfc-editor.org/rfc/rfc5005#section-3
"""

from math import ceil

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseRedirect

from .. import addresses, limits
from ..addresses import origin
from ..filters import NEWEST
from ..filters.programs import ProgramFilter
from ..formats import xml
from ..formats.values import page_url, permanent_url
from ..models import ROLES
from ..public import PLAIN, address_of, look_up, page_number, public
from ..search import DEEPEST
from ..texts import contained

CONTENT_TYPE = "application/atom+xml"
PER_FEED = 50
NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


class FeedFilter(ProgramFilter):
    """A feed is about what is new, so newest first is its default order."""

    default_sort = NEWEST


@public
def feed(request):
    number = page_number(request.GET)
    search = look_up(request)
    filterset = FeedFilter(request.GET, search=search)
    address = filterset.query_string(page=number)
    if request.META["QUERY_STRING"] != address and not filterset.has_too_many_values:
        return HttpResponseRedirect(address_of(request, "feed", address))
    limits.spend(request)
    results = filterset.find(number, PER_FEED, counted=False)
    if not is_in_reach(number, results.total):
        text = "The feed has no page with this number."
        return HttpResponseNotFound(text, PLAIN)
    documents = search.documents(results.ids)
    changed = [document.changed_at for document in documents]
    root = xml.element(
        "feed",
        *head(request, filterset, results.total, number),
        xml.element("updated", moment(max(changed, default=request.catalogue.at))),
        *[entry(request, document) for document in documents],
        **NAMESPACES,
        **{"xml:lang": request.LANGUAGE_CODE},
    )
    return HttpResponse(xml.document(root), CONTENT_TYPE)


def is_in_reach(number, total):
    """Return whether there is such a page, near enough to one end of the list."""
    start = (number - 1) * PER_FEED
    return number == 1 or (start < total and min(start, total - start) <= DEEPEST)


def head(request, filterset, total, number):
    """Return the elements of the feed that come before its entries."""

    def address(name, **options):
        return origin(request) + address_of(
            request, name, filterset.query_string(**options)
        )

    pages = {"self": number, "first": 1, "previous": number - 1, "next": number + 1}
    last = pages["last"] = ceil(total / PER_FEED) or 1
    return [
        # All pages are one feed.
        xml.element("id", address("feed")),
        xml.element("title", contained(title(filterset))),
        xml.element("author", xml.element("name", settings.SITE_NAME)),
        link("alternate", "text/html", address("list")),
        *[
            link(rel, CONTENT_TYPE, address("feed", page=page))
            for rel, page in pages.items()
            if 1 <= page <= last and is_in_reach(page, total)
        ],
        xml.element("opensearch:totalResults", str(total)),
        xml.element("opensearch:startIndex", str((number - 1) * PER_FEED + 1)),
        xml.element("opensearch:itemsPerPage", str(PER_FEED)),
    ]


def link(rel, content_type, href):
    return xml.element("link", rel=rel, type=content_type, href=href)


def title(filterset):
    """Return the name of the site, and the filters of the feed."""
    selected = filterset.selected_filters()
    narrowed = [f"{label}: {value}" for label, value, _query in selected]
    return " · ".join([settings.SITE_NAME, *narrowed])


def entry(request, document):
    host, language = origin(request), request.LANGUAGE_CODE
    text = {"xml:lang": document.language}
    return xml.element(
        "entry",
        xml.element("id", permanent_url(document, host)),
        xml.element("title", contained(document.title), **text),
        xml.element("updated", moment(document.changed_at)),
        xml.element("published", moment(document.published_at)),
        *[
            xml.element("author", xml.element("name", contained(author.name)))
            for author in document.authors
        ],
        *[
            xml.element("contributor", xml.element("name", contained(one.name)))
            for one in dict.fromkeys(document.with_role(*ROLES))
            if one not in document.authors
        ],
        link("alternate", "text/html", page_url(document, host, language)),
        *[category(theme, host, language) for theme in document.themes],
        xml.element("summary", contained(document.summary), type="text", **text),
    )


def category(theme, host, language):
    return xml.element(
        "category",
        term=theme.slug,
        scheme=host + addresses.page("theme-all", language),
        label=contained(theme.name_in(language)),
    )


def moment(time):
    return time.isoformat(timespec="seconds")
