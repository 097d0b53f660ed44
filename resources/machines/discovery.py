"""Small files in which machines look what there is, and what they may do."""

from datetime import timedelta
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from ..addresses import origin
from ..formats import signposting, xml
from ..formats.values import cover_url, page_url
from ..public import PLAIN, in_languages, look_up, missing, public
from ..texts import contained
from . import feeds

DESCRIPTION = "Reports, toolkits, project briefs and studies on diaspora engagement."


def shortened(text, most):
    """Return at most so many characters of a name, cut between words if possible."""
    if len(text) <= most:
        return text
    words, _space, _rest = text[: most + 1].rpartition(" ")
    return (words or text[:most]).strip()


@public
def robots(request):
    """
    Say what crawlers should not read: https://www.rfc-editor.org/rfc/rfc9309

    Pages with noindex are allowed: a crawler has to read them to see it.
    """
    closed = [
        *in_languages("/admin/").values(),
        *in_languages(reverse("resources:suggest")).values(),
        *(f"{path}?" for path in in_languages(reverse("resources:feed")).values()),
        # Filtered lists as files: there are countless ones.
        "/resources.*?",
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines.append(f"Sitemap: {origin(request)}{reverse('machines:sitemap-index')}")
    return HttpResponse("\n".join(lines) + "\n", PLAIN)


@public
def opensearch(request):
    """https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md"""
    icon = urljoin(origin(request), static("icon-192.png"))
    languages = [xml.element("Language", code) for code, _name in settings.LANGUAGES]
    contact = []
    if settings.CONTACT_EMAIL:
        contact = [xml.element("Contact", settings.CONTACT_EMAIL)]
    root = xml.element(
        "OpenSearchDescription",
        xml.element("ShortName", shortened(settings.SITE_NAME, 16)),
        xml.element("Description", DESCRIPTION),
        *opensearch_urls(origin(request)),
        *contact,
        xml.element("LongName", shortened(settings.SITE_NAME, 48)),
        xml.element("Image", icon, width="192", height="192", type="image/png"),
        xml.element("Query", role="example", searchTerms="health workers"),
        *languages,
        xml.element("InputEncoding", "UTF-8"),
        xml.element("OutputEncoding", "UTF-8"),
        xmlns="http://a9.com/-/spec/opensearch/1.1/",
    )
    return HttpResponse(xml.document(root), "application/opensearchdescription+xml")


def opensearch_urls(origin):
    """Return the elements that say where to send words, and for what."""
    page, words = "page={startPage?}&", "q={searchTerms}"
    results = f"{reverse('resources:list')}?{page}{words}"
    feed = f"{reverse('resources:feed')}?{page}{words}"
    suggestions = f"{reverse('resources:suggest')}?{words}"
    description = reverse("machines:opensearch")
    return [
        xml.element("Url", rel=rel, type=content_type, template=origin + template)
        for rel, content_type, template in [
            ("results", "text/html", results),
            ("results", feeds.CONTENT_TYPE, feed),
            ("suggestions", "application/x-suggestions+json", suggestions),
            ("self", "application/opensearchdescription+xml", description),
        ]
    ]


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
        "background_color": "#fbf8f1",
        "theme_color": "#1c2b3f",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


@public
def security(request):
    """Say where to report a weakness: https://www.rfc-editor.org/rfc/rfc9116"""
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


@public
def oembed(request):
    if request.GET.get("format", "json") not in {"", "json"}:
        return HttpResponse("There is only JSON.", PLAIN, status=501)
    match = match_record(request.GET.get("url", ""), urlsplit(origin(request)).netloc)
    if match is None:
        return HttpResponseNotFound("This is not the address of a resource.", PLAIN)
    pk, language = match
    document = look_up(request).document(pk)
    if document is None:
        return missing(pk)
    max_width = pixels(request.GET.get("maxwidth", ""))
    max_height = pixels(request.GET.get("maxheight", ""))
    width, height = min(CARD_WIDTH, max_width), min(CARD_HEIGHT, max_height)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": contained(document.title),
        "provider_name": settings.SITE_NAME,
        "provider_url": origin(request) + reverse("resources:home"),
        "width": width,
        "height": height,
        "html": card(document, origin(request), language, width, height),
    }
    if document.creators:
        answer["author_name"] = author_names(document)
    answer |= thumbnail(document, origin(request), width, max_height)
    return JsonResponse(answer)


def pixels(text):
    """Return a number of pixels; a very large one unless the text is a number."""
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text):
        return int(text)
    return 99_999


def match_record(address, host):
    """Return id and language of the page of a record on this host, or None."""
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


def author_names(document):
    return ", ".join(
        contained(author.name) for author in document.authors or document.editors
    )


def card(document, origin, language, width, height):
    """Return the HTML that other sites put into their pages."""
    credit = [author_names(document), str(document.year or ""), settings.SITE_NAME]
    context = {
        "document": document,
        "address": page_url(document, origin, language),
        "width": width,
        "height": height,
        "credit": " · ".join(filter(None, credit)),
    }
    return render_to_string("oembed.html", context, using=language)


def thumbnail(document, origin, max_width, max_height):
    """Return what the answer says about the largest file of the cover that fits."""
    files = [
        file
        for file in document.renditions
        if file.width <= max_width and file.height <= max_height
    ]
    if not files:
        return {}
    return {
        "thumbnail_url": cover_url(document.id, files[-1].name, origin),
        "thumbnail_width": files[-1].width,
        "thumbnail_height": files[-1].height,
    }


@public
def linkset(request, pk):
    document = look_up(request).document(pk)
    if document is None:
        return missing(pk)
    return JsonResponse(
        signposting.linkset(document, origin(request)),
        content_type=signposting.CONTENT_TYPE,
    )
