"""
What the head of a page tells machines: Google Scholar, social sites, schema.org.

Pairs are (name, content) of <meta> elements; the template escapes them.
"""

import json
from html import escape

from django.conf import settings
from django.utils.safestring import SafeString

from ..texts import cut
from . import dublin_core, values
from .values import BOOKS, clean, inverted, line

# Nothing of it holds itself.
AS_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
# What could end the element early, or a line in JavaScript.
UNSAFE = {one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}
CONTEXT = "https://schema.org"
# https://schema.org/CreativeWork#subtypes
TYPES = {
    "article": "Article",
    "book": "Book",
    "brochure": "CreativeWork",
    "course": "LearningResource",
    "dataset": "Dataset",
    "guide": "LearningResource",
    "handbook": "Book",
    "journal-article": "ScholarlyArticle",
    "map": "Map",
    "newsletter": "CreativeWork",
    "other": "CreativeWork",
    "toolkit": "LearningResource",
    "video": "VideoObject",
    "working-paper": "ScholarlyArticle",
}
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR"}
# Dublin Core that stands beside the tags of Google Scholar, with <link
# rel="schema.DC">. The summary stays out: the page has it.
DC_NAMES = {
    "title": "DC.title",
    "creator": "DC.creator",
    "subject": "DC.subject",
    "publisher": "DC.publisher",
    "date": "DC.issued",
    "type": "DC.type",
    "identifier": "DC.identifier",
    "language": "DC.language",
    "coverage": "DC.coverage",
}

Pairs = list[tuple[str, str]]


def highwire(resource, origin: str) -> Pairs:
    """https://scholar.google.com/intl/en/scholar/inclusion.html#indexing"""
    publisher = line(resource.publisher.name) if resource.publisher else ""
    added = values.utc(resource.published_at) or ""
    pairs = [
        ("citation_title", line(resource.title)),
        *[("citation_author", inverted(one)) for one in resource.credits],
        ("citation_publication_date", str(resource.year or "")),
        ("citation_online_date", added[:10].replace("-", "/")),
        (publisher_tag(resource.type.slug), publisher),
        ("citation_isbn", line(resource.isbn)),
        ("citation_doi", line(resource.doi)),
        ("citation_language", resource.language),
        *[("citation_keywords", line(theme.name)) for theme in resource.themes.all()],
        ("citation_abstract_html_url", values.page_url(resource, origin)),
        *[
            (DC_NAMES[name], value)
            for name, value in dublin_core.statements(resource, origin)
            if name in DC_NAMES
        ],
    ]
    return known(pairs)


def publisher_tag(slug: str) -> str:
    if slug == "journal-article":
        return "citation_journal_title"
    if slug == "working-paper" or slug not in TYPES:
        return "citation_technical_report_institution"
    return "citation_publisher"


def open_graph(resource, origin: str, locale: str) -> Pairs:
    """https://ogp.me, for the page in a language of the interface: "fr"."""
    is_book = resource.type.slug in BOOKS
    pairs = [
        ("og:title", line(resource.title)),
        ("og:type", "book" if is_book else "article"),
        ("og:url", values.page_url(resource, origin, locale)),
        ("og:description", cut(line(resource.summary), 200)),
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", LOCALES.get(locale, "")),
        ("book:isbn", line(resource.isbn) if is_book else ""),
    ]
    cover = values.cover(resource, origin)
    if cover:
        pairs += [
            ("og:image", cover["url"]),
            ("og:image:type", "image/webp"),
            ("og:image:width", str(cover["width"])),
            ("og:image:height", str(cover["height"])),
            ("og:image:alt", cover["alt"]),
        ]
    return known(pairs)


# schema.org


def schema_type(resource) -> str:
    return TYPES.get(resource.type.slug, "Report")


def json_ld(resource, origin: str, url: str) -> dict:
    """A resource; `url` is the canonical address of the page that shows it."""
    slug, kind = resource.type.slug, schema_type(resource)
    publisher, programme = resource.publisher, resource.programme
    title, isbn = line(resource.title), line(resource.isbn)
    cover = values.cover(resource, origin)
    doi = values.doi_url(resource)
    is_lesson = kind == "LearningResource"
    in_journal = publisher and slug == "journal-article"
    return filled(
        {
            "@context": CONTEXT,
            "@type": kind,
            "@id": values.permanent_url(resource, origin),
            "url": url,
            "name": title,
            "headline": title,
            "abstract": clean(resource.summary),
            "author": [agent(contributor) for contributor in resource.credits],
            "publisher": publisher and not in_journal and agent(publisher),
            "isPartOf": in_journal
            and {"@type": "Periodical", "name": line(publisher.name)},
            "producer": programme
            and {"@type": "Project", "name": line(programme.name)},
            "datePublished": resource.year and str(resource.year),
            "dateModified": values.utc(resource.changed_at),
            "sdDatePublished": values.utc(resource.published_at),
            "inLanguage": resource.language,
            "genre": line(resource.type.name),
            "learningResourceType": is_lesson and line(resource.type.name),
            "keywords": [line(theme.name) for theme in resource.themes.all()],
            "spatialCoverage": places(resource),
            "identifier": doi
            and {
                "@type": "PropertyValue",
                "propertyID": "DOI",
                "value": line(resource.doi),
                "url": doi,
            },
            "isbn": kind == "Book" and isbn,
            "sameAs": [link for link in [doi, line(resource.source_url)] if link],
            "image": cover and picture(cover),
            "thumbnailUrl": kind == "VideoObject" and cover and cover["url"],
        }
    )


def agent(contributor) -> dict:
    return filled(
        {
            "@type": "Person" if contributor.is_person else "Organization",
            "name": line(contributor.name),
            "familyName": contributor.given and line(contributor.family),
            "givenName": line(contributor.given),
        }
    )


def places(resource) -> list[dict]:
    countries = [
        {"@type": "Country", "name": line(country.name), "identifier": country.code}
        for country in resource.countries
    ]
    regions = [
        {"@type": "Place", "name": line(region.name), "identifier": region.code}
        for region in resource.regions.all()
    ]
    return countries + regions


def picture(cover: dict) -> dict:
    return filled(
        {
            "@type": "ImageObject",
            "url": cover["url"],
            "width": cover["width"],
            "height": cover["height"],
            "caption": cover["alt"],
        }
    )


def breadcrumb(items: list[tuple[str, str]]) -> dict:
    """The way to a page from the first one on: (name, address) of each step."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": line(name), "item": url}
            for n, (name, url) in enumerate(items, 1)
        ],
    }


def collection_page(
    name: str,
    url: str,
    items: list[tuple[str, str]],
    total: int | None = None,
    start: int = 1,
    description: str = "",
) -> dict:
    """
    A page of a list: (name, address) of what it shows.

    `total` is the length of the whole list, `start` the place of the first in it.
    """
    return filled(
        {
            "@context": CONTEXT,
            "@type": "CollectionPage",
            "@id": url,
            "url": url,
            "name": line(name),
            "description": line(description),
            "mainEntity": filled(
                {
                    "@type": "ItemList",
                    "numberOfItems": len(items) if total is None else total,
                    "itemListElement": list_items(items, start),
                }
            ),
        }
    )


def list_items(items: list[tuple[str, str]], start: int) -> list[dict]:
    return [
        {"@type": "ListItem", "position": n, "name": line(name), "url": url}
        for n, (name, url) in enumerate(items, start)
    ]


def website(name: str, url: str, search_url: str, language: str = "") -> dict:
    """The site; `search_url` is the address of the list, to which ?q= is added."""
    return filled(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": url,
            "url": url,
            "name": line(name),
            "inLanguage": language,
            "publisher": {"@type": "Organization", "name": line(name), "url": url},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{search_url}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def script(data: dict | list | tuple) -> SafeString:
    """JSON for <script type="application/ld+json">, which nothing in it can end."""
    text = AS_JSON.encode(data)
    for unsafe, escaped in UNSAFE.items():
        text = text.replace(unsafe, escaped)
    return SafeString(text)


def filled(data: dict) -> dict:
    """Without what is empty or not known; a 0 is neither."""
    return {key: value for key, value in data.items() if value or type(value) is int}


def known(pairs: Pairs) -> Pairs:
    return [(name, content) for name, content in pairs if content]


# As HTML


def tags(pairs: Pairs, attribute: str = "name") -> SafeString:
    """<meta> elements; Open Graph names them by "property"."""
    return SafeString(
        "\n".join(
            [
                f'<meta {attribute}="{name}" content="{escape(content)}">'
                for name, content in pairs
            ]
        )
    )


def block(*data: dict) -> SafeString:
    return SafeString(f'<script type="application/ld+json">{script(data)}</script>')
