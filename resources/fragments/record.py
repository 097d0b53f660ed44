"""
The page of one resource, in parts.

A resource is one from records.whole(), or a model that is previewed.
"""

from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext, pgettext

from .. import addresses
from ..addresses import MARK
from ..formats import OF_ONE
from ..texts import markdown, opening
from .covers import attributes, book, cover
from .frame import crumbs

COVER_SIZES = "(min-width: 48rem) 280px, 60vw"


class Words(NamedTuple):
    """What the pages of all resources say, in one language."""

    comma: str
    read: str
    cite: str
    other_styles: str
    copy: str
    copied: str
    selected: str
    download: str
    about: str
    type: str
    year: str
    language: str
    publisher: str
    programme: str
    regions: str
    origin: str
    residence: str
    themes: str
    added: str
    more: str
    related: str


@lru_cache(maxsize=20)
def words(_language):
    return Words(
        comma=pgettext("between names", ", "),
        read=gettext("Read at the source"),
        cite=gettext("Cite"),
        other_styles=gettext("Other styles"),
        copy=gettext("Copy"),
        copied=gettext("Copied"),
        selected=gettext("The text is selected: copy it from there."),
        download=gettext("Download:"),
        about=gettext("About this resource"),
        type=pgettext("of a resource", "Type"),
        year=gettext("Year"),
        language=gettext("Language"),
        publisher=gettext("Publisher"),
        programme=gettext("Programme"),
        regions=gettext("Regions"),
        origin=gettext("Countries of origin"),
        residence=gettext("Countries of residence"),
        themes=gettext("Themes"),
        added=gettext("Added"),
        more=gettext("More from this programme"),
        related=gettext("Related resources"),
    )


def for_machines(resource, address, origin, tags, json_ld):
    """What its head tells others than people."""
    canonical = origin + address
    # Of what quote() would escape, only these are in the address of a page.
    asked = quoted(origin) + address.replace("%", "%25").replace("/", "%2F")
    title, start = escape(resource.title), opening(resource.summary, 200)
    return (
        f'<link rel="canonical" href="{escape(canonical)}">\n'
        '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">\n'
        f'<link rel="alternate" type="application/json+oembed" title="{title}" '
        f'href="{escape(origin)}{oembed()}?url={asked}">\n{tags}\n{json_ld}\n'
        f'<meta name="description" content="{escape(start)}">'
    )


@lru_cache(maxsize=100)
def quoted(origin):
    return quote(origin, safe="")


@lru_cache(maxsize=1)
def oembed():
    return reverse("machines:oembed")


def article(resource, language, citations=(), is_preview=False):
    """All that is known about it; a preview is not yet to be cited."""
    above = resource.programme or resource.type
    way = crumbs(language, above.name_in(language), above.address_in(language))
    own = attributes(resource.language, language)
    text = markdown(resource.description) if resource.description else ""
    cited = "" if is_preview else cite(resource, citations, own, language)
    return (
        f'<article class="record">\n{way}\n{note(resource) if is_preview else ""}\n'
        f"{head(resource, own, language)}\n{source(resource, language, is_preview)}\n"
        f'<div class="record__text"{own}>\n'
        f'<p class="lead">{escape(resource.summary)}</p>\n{text}\n</div>\n'
        f"{cited}\n{facts(resource, own, language)}\n</article>\n"
    )


def note(resource):
    text = gettext(
        "Preview. This resource is %(status)s: only staff can see this page."
    )
    text %= {"status": escape(resource.get_status_display())}
    return f'<p class="note" role="status">{text}</p>'


def head(resource, own, language):
    """Who made it, and what it is called."""
    authors = words(language).comma.join(
        contributor(one, "author", language) for one in resource.credits
    )
    return (
        '<header class="record__head">\n'
        + (f'<p class="record__credit">{authors}</p>\n' if authors else "")
        + f"<h1{own}>{escape(resource.title)}</h1>\n</header>"
    )


def contributor(one, role, language):
    address = one.address_as(role, language)
    return f'<a href="{address}"><bdi>{escape(one.name)}</bdi></a>'


def source(resource, language, is_preview):
    """Its cover, and where it can be read."""
    image = cover(resource, language, COVER_SIZES, is_first=True, is_preview=is_preview)
    link = ""
    if resource.source_url:
        host = escape(str(resource.source_host))
        link = (
            f'<p><a class="button" href="{escape(resource.source_url)}" '
            f'rel="external noopener">{words(language).read}</a></p>\n'
            f'<p class="record__host"><bdi>{host}</bdi></p>'
        )
    return f'<div class="record__cover">{image}\n{link}\n</div>'


def cite(resource, citations, own, language):
    """How to cite it, and the files that other programs cite it from."""
    say = words(language)
    first, *others = [citation(one, own, say) for one in citations]
    return (
        '<section class="record__cite" aria-labelledby="cite">\n'
        f'<h2 id="cite">{say.cite}</h2>\n{first}\n'
        f"<details><summary>{say.other_styles}</summary>\n{''.join(others)}\n</details>\n"
        f'<div class="files"><p>{say.download}</p>\n'
        f'<ul role="list">{files().replace(MARK, str(resource.pk))}</ul>\n'
        "</div>\n</section>"
    )


@lru_cache(maxsize=1)
def files():
    """The forms in which a resource can be had."""
    return "".join(
        f'<li><a href="/resources/{MARK}.{end}" rel="nofollow">{module.NAME}</a></li>'
        for end, module in OF_ONE.items()
    )


def citation(one, own, say):
    # What copies it shows only where scripts run.
    return (
        f'<div class="cite" data-copy>\n<h3>{one.name}</h3>\n<p{own}>{one.html}</p>\n'
        f'<div class="cite__copy" hidden><span role="status" data-done="{say.copied}" '
        f'data-else="{say.selected}"></span> <button type="button">{say.copy} <span'
        f' class="unseen">{one.name}</span></button></div>\n</div>\n'
    )


def facts(resource, own, language):
    """What is known about it, each with its label."""
    say = words(language)
    parts = [
        '<section class="record__facts" aria-labelledby="facts">\n'
        f'<h2 id="facts">{say.about}</h2>\n<dl>',
        fact(say.type, term(resource.type, language)),
    ]
    if resource.year:
        parts.append(fact(say.year, resource.year))
    address = addresses.page("language", language, resource.language)
    told = f'<a href="{escape(address)}"{own}>{escape(resource.language_name)}</a>'
    parts.append(fact(say.language, told))
    if resource.publisher:
        told = contributor(resource.publisher, "publisher", language)
        parts.append(fact(say.publisher, told))
    if resource.programme:
        parts.append(fact(say.programme, term(resource.programme, language)))
    for label, terms in [
        (say.regions, resource.regions),
        (say.origin, resource.countries_of_origin),
        (say.residence, resource.countries_of_residence),
        (say.themes, resource.themes),
    ]:
        items = "".join(f"<li>{term(one, language)}</li>" for one in terms.all())
        if items:
            parts.append(fact(label, f'<ul class="inline" role="list">{items}</ul>'))
    parts += identifiers(resource)
    if resource.published_at:
        parts.append(fact(say.added, day(resource.published_at, language)))
    return "\n".join([*parts, "</dl>\n</section>"])


def fact(label, told):
    return f"<div><dt>{label}</dt><dd>{told}</dd></div>"


def term(one, language):
    return link(one.address_in(language), one.name_in(language))


@lru_cache(maxsize=10_000)
def link(address, name):
    """A term of a vocabulary, on very many pages."""
    return f'<a href="{escape(address)}">{escape(name)}</a>'


def identifiers(resource):
    found = []
    if resource.doi:
        address = f"https://doi.org/{quote(resource.doi)}"
        told = f"<bdi>{escape(resource.doi)}</bdi>"
        link = f'<a href="{address}" rel="external noopener">{told}</a>'
        found.append(fact("DOI", link))
    if resource.isbn:
        found.append(fact("ISBN", f"<bdi>{escape(resource.isbn)}</bdi>"))
    return found


def day(moment, language):
    # Nobody is in another time zone, which would be looked for first.
    moment = localtime(moment, get_default_timezone())
    told = day_in(language, moment.date())
    return f'<time datetime="{moment.isoformat()}">{told}</time>'


@lru_cache(maxsize=10_000)
def day_in(_language, date):
    return escape(date_format(date, "DATE_FORMAT"))


def shelves(resource, language, more, related):
    """Others of its programme, as books, and those like it for other reasons."""
    say, programme = words(language), resource.programme
    link = f" {term(programme, language)}" if programme else ""
    of_programme = shelf("more", say.more, more, link)
    books = [book(other, language, shared=shared) for other, shared in related]
    return of_programme + shelf("related", say.related, books)


def shelf(name, title, books, beside=""):
    if not books:
        return ""
    return (
        f'<section class="shelf" aria-labelledby="{name}">\n'
        f'<div class="shelf__head"><h2 id="{name}">{title}</h2>{beside}</div>\n'
        f'<ul class="shelf__books" role="list">\n{"".join(books)}\n</ul>\n</section>\n'
    )
