"""
What the head of a page says to machines: Google Scholar, social sites, schema.org.

Pairs are (name, content) of <meta> elements, dicts are JSON-LD; templates render them.
"""

from django.conf import settings

from ..documents import Contributor, Document
from ..models import ROLES
from ..texts import cut
from . import dublin_core, values
from .values import BOOKS, clean, line

CONTEXT = "https://schema.org"
# https://schema.org/CreativeWork#subtypes
# A VideoObject needs the day of its upload, which the catalogue does not know.
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
    "video": "CreativeWork",
    "working-paper": "ScholarlyArticle",
}
# https://developers.google.com/search/docs/appearance/structured-data/dataset
DATASET_DESCRIPTION = range(50, 5001)
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR"}
# Dublin Core beside the tags of Google Scholar, with <link rel="schema.DC">. The
# summary is left out: the page has it.
DC_NAMES = {
    "title": "DC.title",
    "creator": "DC.creator",
    "contributor": "DC.contributor",
    "subject": "DC.subject",
    "publisher": "DC.publisher",
    "date": "DC.issued",
    "type": "DC.type",
    "identifier": "DC.identifier",
    "language": "DC.language",
    "coverage": "DC.coverage",
}

Pairs = list[tuple[str, str]]


def highwire(document: Document, origin: str) -> Pairs:
    """
    Return what Google Scholar reads, and Dublin Core.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
    """
    publisher = line(document.publisher.name) if document.publisher else ""
    pages = values.page_range(document)
    pairs = [
        ("citation_title", line(document.title)),
        *[("citation_author", values.undivided(one)) for one in document.authors],
        *[("citation_editor", values.undivided(one)) for one in document.editors],
        ("citation_publication_date", str(document.year or "")),
        (publisher_tag(document), publisher),
        ("citation_volume", line(document.volume)),
        ("citation_issue", line(document.issue)),
        *zip(["citation_firstpage", "citation_lastpage"], pages, strict=True),
        ("citation_isbn", line(document.isbn)),
        ("citation_doi", line(document.doi)),
        ("citation_language", line(document.language)),
        *[("citation_keywords", line(theme.name)) for theme in document.themes],
        ("citation_abstract_html_url", values.page_url(document, origin)),
        *[
            (DC_NAMES[name], value)
            for name, value in dublin_core.statements(document, origin)
            if name in DC_NAMES
        ],
    ]
    return with_content(pairs)


def is_in_periodical(document: Document) -> bool:
    """Return whether the publisher is a periodical, and not the site of an article."""
    is_numbered = document.volume or document.issue
    return document.type.slug == "journal-article" or bool(is_numbered)


def publisher_tag(document: Document) -> str:
    slug = document.type.slug
    if is_in_periodical(document):
        return "citation_journal_title"
    if slug == "working-paper" or slug not in TYPES:
        return "citation_technical_report_institution"
    return "citation_publisher"


def open_graph(document: Document, origin: str, locale: str) -> Pairs:
    """Return the pairs of https://ogp.me for the page in a language such as "fr"."""
    is_book = document.type.slug in BOOKS
    pairs = [
        ("og:title", line(document.title)),
        ("og:type", "book" if is_book else "article"),
        ("og:url", values.page_url(document, origin, locale)),
        ("og:description", cut(line(document.summary), 200)),
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", LOCALES.get(locale, "")),
        ("book:isbn", line(document.isbn) if is_book else ""),
    ]
    cover = values.cover(document, origin)
    if cover:
        pairs += [
            ("og:image", cover["url"]),
            ("og:image:type", "image/webp"),
            ("og:image:width", str(cover["width"])),
            ("og:image:height", str(cover["height"])),
            ("og:image:alt", cover["alt"]),
        ]
    return with_content(pairs)


# schema.org


def schema_type(document: Document) -> str:
    """Return a type of which all is known that search engines require."""
    kind = TYPES.get(document.type.slug, "Report")
    is_described = len(line(document.summary)) in DATASET_DESCRIPTION
    return "CreativeWork" if kind == "Dataset" and not is_described else kind


def json_ld(document: Document, origin: str, url: str) -> dict:
    """Return a record; `url` is the canonical address of the page that shows it."""
    kind = schema_type(document)
    publisher, programme = document.publisher, document.programme
    title, isbn = line(document.title), line(document.isbn)
    cover = values.cover(document, origin)
    doi = values.doi_url(document)
    is_for_learning = kind == "LearningResource"
    is_article = is_in_periodical(document)
    first_page, last_page = values.page_range(document)
    return filled(
        {
            "@context": CONTEXT,
            "@type": kind,
            "@id": values.permanent_url(document, origin),
            "url": url,
            "name": title,
            "headline": title,
            "description" if kind == "Dataset" else "abstract": clean(document.summary),
            **{
                terms.schema_org: [agent(one) for one in document.with_role(role)]
                for role, terms in ROLES.items()
            },
            "publisher": publisher and not is_article and agent(publisher),
            "isPartOf": is_article and periodical(document),
            "pageStart": last_page and first_page,
            "pageEnd": last_page,
            "pagination": not last_page and first_page,
            "producer": programme
            and {"@type": "Project", "name": line(programme.name)},
            "datePublished": document.year and str(document.year),
            "inLanguage": line(document.language),
            "genre": line(document.type.name),
            "learningResourceType": is_for_learning and line(document.type.name),
            "keywords": [line(theme.name) for theme in document.themes],
            "spatialCoverage": places(document),
            "identifier": doi
            and {
                "@type": "PropertyValue",
                "propertyID": "DOI",
                "value": line(document.doi),
                "url": doi,
            },
            "isbn": kind == "Book" and isbn,
            "sameAs": [link for link in [doi, line(document.source_url)] if link],
            "image": cover and picture(cover),
        }
    )


def agent(contributor: Contributor) -> dict:
    return filled(
        {
            "@type": "Person" if contributor.is_person else "Organization",
            "name": line(contributor.name),
            "familyName": contributor.given and line(contributor.family),
            "givenName": line(contributor.given),
            "honorificSuffix": line(contributor.suffix),
            "alternateName": line(contributor.romanised),
            "sameAs": values.authority_url(contributor),
        }
    )


def periodical(document: Document) -> dict | None:
    """Return the issue that an article is in, as part of its volume and periodical."""
    whole = None
    if document.publisher:
        whole = {"@type": "Periodical", "name": line(document.publisher.name)}
    for kind, key, number in [
        ("PublicationVolume", "volumeNumber", line(document.volume)),
        ("PublicationIssue", "issueNumber", line(document.issue)),
    ]:
        if number:
            whole = filled({"@type": kind, key: number, "isPartOf": whole})
    return whole


def places(document: Document) -> list[dict]:
    countries = [
        {
            "@type": "Country",
            "name": line(country.name),
            "identifier": line(country.code),
        }
        for country in document.countries
    ]
    regions = [
        {"@type": "Place", "name": line(region.name), "identifier": line(region.code)}
        for region in document.regions
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
    """Return the breadcrumb of a page: (name, address) of each step, home first."""
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
    Return a page of a list: `items` are (name, address) of what it shows.

    `total` is the length of the whole list, `start` the position of the first item.
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
    """Return the site; `search_url` is the address of the list, without a query."""
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


def filled(data: dict) -> dict:
    """Return only what has a value; a 0 is one."""
    return {key: value for key, value in data.items() if value or type(value) is int}


def with_content(pairs: Pairs) -> Pairs:
    return [(name, content) for name, content in pairs if content]
