"""What tells machines where to look, and what they may do: one small file each."""

from datetime import timedelta
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.html import format_html

from .. import records
from ..addresses import MARK, origin
from ..formats import OF_ONE
from ..formats.metadata import schema_type
from ..formats.xml import add, document, new
from ..public import PLAIN, in_languages, missing, public
from ..templatetags.catalogue import opening
from . import feeds

DESCRIPTION = "Reports, toolkits, project briefs and studies on diaspora engagement."


def shortened(text, most):
    """A name that is no longer than this, cut between words if that can be."""
    if len(text) <= most:
        return text
    words, _space, _rest = text[: most + 1].rpartition(" ")
    return (words or text[:most]).strip()


@public
def robots(request):
    """
    What crawlers leave alone: https://www.rfc-editor.org/rfc/rfc9309

    Pages that say noindex are not among it: who may not read them cannot see that.
    """
    closed = [
        *in_languages("/admin/").values(),
        *in_languages(reverse("resources:suggest")).values(),
        *(f"{path}?" for path in in_languages(reverse("resources:feed")).values()),
        # Lists as files, narrowed in any of countless ways.
        "/resources.*?",
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines.append(f"Sitemap: {origin(request)}{reverse('machines:sitemap-index')}")
    return HttpResponse("\n".join(lines) + "\n", PLAIN)


@public
def opensearch(request):
    """https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md"""
    host = origin(request)
    root = new("OpenSearchDescription", xmlns="http://a9.com/-/spec/opensearch/1.1/")
    add(root, "ShortName", shortened(settings.SITE_NAME, 16))
    add(root, "Description", DESCRIPTION)
    paged = "?page={startPage?}&q={searchTerms}"
    for rel, type, template in [
        ("results", "text/html", reverse("resources:list") + paged),
        ("results", feeds.CONTENT_TYPE, reverse("resources:feed") + paged),
        (
            "suggestions",
            "application/x-suggestions+json",
            reverse("resources:suggest") + "?q={searchTerms}",
        ),
        (
            "self",
            "application/opensearchdescription+xml",
            reverse("machines:opensearch"),
        ),
    ]:
        add(root, "Url", rel=rel, type=type, template=host + template)
    if settings.CONTACT_EMAIL:
        add(root, "Contact", settings.CONTACT_EMAIL)
    add(root, "LongName", shortened(settings.SITE_NAME, 48))
    icon = urljoin(host, static("icon-192.png"))
    add(root, "Image", icon, width="192", height="192", type="image/png")
    add(root, "Query", role="example", searchTerms="health workers")
    for language, _name in settings.LANGUAGES:
        add(root, "Language", language)
    add(root, "InputEncoding", "UTF-8")
    add(root, "OutputEncoding", "UTF-8")
    return HttpResponse(document(root), "application/opensearchdescription+xml")


@public
def manifest(request):
    """https://www.w3.org/TR/appmanifest/"""
    icons = [
        {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    about = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": shortened(settings.SITE_NAME, 12),
        "description": DESCRIPTION,
        "lang": settings.LANGUAGE_CODE,
        "start_url": reverse("resources:home"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbfaf7",
        "theme_color": "#00528f",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


@public
def security(request):
    """Whom to tell of a weakness: https://www.rfc-editor.org/rfc/rfc9116"""
    if not settings.CONTACT_EMAIL:
        return HttpResponseNotFound("No contact is given.", PLAIN)
    expires = timezone.now() + timedelta(days=180)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {origin(request)}{reverse('machines:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", PLAIN)


# Cards to embed: https://oembed.com

CARD_WIDTH, CARD_HEIGHT = 600, 240
CARD = """<blockquote lang="{}" dir="{}" \
style="max-width:{}px;max-height:{}px;overflow:auto">\
<p><a href="{}">{}</a></p><p>{}</p><footer>{}</footer></blockquote>"""


@public
def oembed(request):
    if request.GET.get("format", "json") not in {"", "json"}:
        return HttpResponse("There is only JSON.", PLAIN, status=501)
    asked = record_at(request.GET.get("url", ""), request.get_host())
    if asked is None:
        return HttpResponseNotFound("This is not the address of a resource.", PLAIN)
    pk, language = asked
    [resource] = records.cards([pk], request.catalogue.pk) or [None]
    if resource is None:
        return missing(pk)
    most_wide = size(request.GET.get("maxwidth", ""))
    most_high = size(request.GET.get("maxheight", ""))
    with translation.override(language):
        page = origin(request) + resource.get_absolute_url()
    width, height = min(CARD_WIDTH, most_wide), min(CARD_HEIGHT, most_high)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": resource.title,
        "provider_name": settings.SITE_NAME,
        "provider_url": origin(request) + reverse("resources:home"),
        "width": width,
        "height": height,
        "html": card(resource, page, width, height),
    }
    if resource.credits:
        answer["author_name"] = ", ".join(one.name for one in resource.credits)
    for rendition in resource.covers:
        if rendition.width <= width and rendition.height <= most_high:
            name = rendition.name.rpartition("/")[2]
            answer |= {
                "thumbnail_url": origin(request) + reverse("cover", args=[pk, name]),
                "thumbnail_width": rendition.width,
                "thumbnail_height": rendition.height,
            }
    return JsonResponse(answer)


def size(text):
    """A number of pixels; as many as there may be, unless this is one."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text):
        return int(text)
    return 99_999


def record_at(address, host):
    """The id and the language of the page of a resource on this host, or None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != host.lower():
        return None
    path = unquote(parts.path)
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    if match.view_name not in {"resources:permanent", "resources:detail"}:
        return None
    return match.kwargs["pk"], language


def card(resource, page, width, height):
    names = [contributor.name for contributor in resource.credits]
    told = [", ".join(names), str(resource.year or ""), settings.SITE_NAME]
    return format_html(
        CARD,
        resource.language,
        resource.dir,
        width,
        height,
        page,
        resource.title,
        opening(resource.summary),
        " · ".join(one for one in told if one),
    )


# Signposts: https://signposting.org/FAIR/

LINKSET = "application/linkset+json"


def signposts(pk, kind, host):
    """
    Address, relation and attributes of each link that the page of a record has.

    `kind` is what schema.org calls it.
    """
    record = f"{host}/resources/{pk}"
    yield f"{record}/", "cite-as", {}
    for extension, module in OF_ONE.items():
        yield f"{record}.{extension}", "describedby", {"type": module.CONTENT_TYPE}
    yield "https://schema.org/AboutPage", "type", {}
    yield f"https://schema.org/{kind}", "type", {}
    yield f"{record}.linkset.json", "linkset", {"type": LINKSET}


def link_header(resource, host):
    """https://www.rfc-editor.org/rfc/rfc8288"""
    return links_of(schema_type(resource), host).replace(MARK, str(resource.pk))


@lru_cache(maxsize=100)
def links_of(kind, host):
    links = []
    for url, rel, attributes in signposts(MARK, kind, host):
        told = "".join(f'; {name}="{value}"' for name, value in attributes.items())
        links.append(f'<{url}>; rel="{rel}"{told}')
    return ", ".join(links)


@public
def linkset(request, pk):
    """The same links as a file: https://www.rfc-editor.org/rfc/rfc9264"""
    resource = records.shelf([pk], request.catalogue.pk).get(pk)
    if resource is None:
        return missing(pk)
    host = origin(request)
    page = resource.get_absolute_url()
    of_page, of_metadata = {}, []
    for url, rel, attributes in signposts(pk, schema_type(resource), host):
        if rel != "linkset":
            of_page.setdefault(rel, []).append({"href": url, **attributes})
        if rel == "describedby":
            describes = [{"href": host + page, "type": "text/html"}]
            of_metadata.append({"anchor": url, "describes": describes})
    pages = [{"anchor": host + path} | of_page for path in in_languages(page).values()]
    return JsonResponse({"linkset": [*pages, *of_metadata]}, content_type=LINKSET)
