"""
The parts of a page that repeat, made in Python: cards, covers, pagers.

Templates took ten times as long for the cards of a list as for everything else of its
page together; what is shown once stays in a template.
"""

from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from zlib import crc32

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext

from . import languages
from .exports import FORMATS
from .models import Theme
from .search import marks
from .texts import number, opening

TONES = 6
# What a list is offered as; each resource has more.
LISTED = ["csv", "json", "ris", "bib"]
CURRENT = {True: ' aria-current="true"', False: ""}
LAZY = {True: "", False: ' loading="lazy"'}
BOOK_SIZES = "(min-width: 48rem) 176px, 42vw"
CARD_SIZES = "(min-width: 48rem) 120px, 88px"


def speaks(language):
    """The attributes of text in this language, where the page speaks another."""
    return attributes(language, get_language())


@lru_cache(maxsize=1000)
def attributes(language, of_page):
    if language == of_page:
        return ""
    return f' lang="{escape(language)}" dir="{languages.direction(language)}"'


def marked(text, language, stems, limit=None):
    """
    A text with the words that were looked for in <mark>, everything else escaped.

    With a limit, the stretch of it that holds most of them.
    """
    found = marks.spans(text, language, stems) if stems else []
    if not found:
        return escape(opening(text, limit) if limit else text)
    start, end = marks.window(text, found, limit) if limit else (0, len(text))
    parts, at = ["…" if start else ""], start
    for first, last in found:
        if start <= first and last <= end:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last])]
            parts.append("</mark>")
            at = last
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)


@lru_cache(maxsize=1)
def cover_address():
    """Where covers are, whatever the language."""
    return reverse("cover", args=[1, "-"]).removesuffix("1/-")


def cover(
    resource, sizes, is_first=False, alt=None, is_preview=False, widest=None, own=""
):
    """
    The cover of a resource, or a made one.

    `sizes` as in HTML; `is_first` for what shows without scrolling. `alt` replaces
    the alternative text: "" where the title stands beside it. Nothing wider than
    `widest` is offered, whatever the density of the screen.
    """
    own = own or speaks(resource.language)
    files = [one for one in resource.covers if not widest or one.width <= widest]
    if not files:
        tone = crc32(str(resource.programme_id or resource.type_id).encode()) % TONES
        return (
            f'<span class="cover cover--made tone-{tone}" aria-hidden="true">'
            '<span class="cover__programme">'
            f"{escape(str(resource.programme or resource.type))}</span>"
            f'<span class="cover__title"{own}>{escape(opening(resource.title, 70))}'
            "</span></span>"
        )

    def address(file):
        name = PurePosixPath(file.name).name
        if is_preview:
            return reverse("admin:resources_resource_cover", args=[resource.pk, name])
        return f"{cover_address()}{resource.pk}/{name}"

    offered = ", ".join(f"{address(file)} {file.width}w" for file in files)
    # The middle one suits browsers that do not know srcset.
    middle = files[min(1, len(files) - 1)]
    alt = resource.cover_alt if alt is None else alt
    return (
        f'<img class="cover" src="{address(middle)}" srcset="{offered}" '
        f'sizes="{sizes}" width="{middle.width}" height="{middle.height}" '
        f'alt="{escape(alt)}"{own}{LAZY[is_first]} decoding="async">'
    )


def card(resource, is_first=False, stems=()):
    """A resource, from records.cards(), as the list shows it."""
    own = speaks(resource.language)
    image = cover(resource, CARD_SIZES, is_first, alt="", widest=240, own=own)
    comma = pgettext("between names", ", ")
    credit = comma.join(f"<bdi>{escape(one.name)}</bdi>" for one in resource.credits)
    facts = [f"<li>{escape(str(resource.type))}</li>"]
    if resource.year:
        facts.append(f"<li>{resource.year}</li>")
    facts.append(f"<li><span{own}>{escape(resource.language_name)}</span></li>")
    if resource.programme:
        facts.append(f"<li>{escape(str(resource.programme))}</li>")
    title = marked(resource.title, resource.language, stems)
    summary = marked(resource.summary, resource.language, stems, 280)
    return (
        f'<li class="card" data-id="{resource.pk}">\n'
        f'<div class="card__cover">{image}</div>\n<div class="card__text">\n'
        + (f'<p class="card__credit">{credit}</p>\n' if credit else "")
        + f'<h2 class="card__title"><a href="{escape(resource.get_absolute_url())}"'
        f"{own}>{title}</a></h2>\n"
        f'<p class="card__summary"{own}>{summary}</p>\n'
        f'<ul class="card__facts" role="list">{"".join(facts)}</ul>\n</div>\n</li>'
    )


def book(resource, is_first=False, shared=()):
    """A cover with its title; `shared` are the terms it has in common with another."""
    own = speaks(resource.language)
    image = cover(resource, BOOK_SIZES, is_first, alt="", own=own)
    facts = escape(str(resource.type))
    if resource.year:
        facts += f", {resource.year}"
    why = ""
    if shared:
        why = f'<p class="book__why">{escape(reason(shared))}</p>\n'
    return (
        f'<li class="book" data-id="{resource.pk}">\n'
        f'<div class="book__cover">{image}</div>\n'
        f'<h3 class="book__title"><a href="{escape(resource.get_absolute_url())}"{own}>'
        f"{escape(resource.title)}</a></h3>\n"
        f'<p class="book__facts">{facts}</p>\n{why}</li>'
    )


def reason(shared):
    """What two resources have in common, in words."""
    comma = pgettext("between names", ", ")
    themes = comma.join(str(one) for one in shared if one.model is Theme)
    places = comma.join(str(one) for one in shared if one.model is not Theme)
    if not places:
        return gettext("Also about: %(themes)s") % {"themes": themes}
    if not themes:
        return gettext("Also on: %(places)s") % {"places": places}
    return gettext("Also about: %(themes)s in %(places)s") % {
        "themes": themes,
        "places": places,
    }


def pager(page, address):
    """The pages of a list; `address` gives that of a page by its number."""
    if not page.has_other_pages():
        return ""

    def step(number, name, rel=""):
        rel = f' rel="{rel}"' if rel else ""
        return (
            f'<li><a class="pager__step"{rel} href="{escape(address(number))}">'
            f"{escape(name)}</a></li>"
        )

    parts, label = [], escape(gettext("Page"))
    if page.has_previous():
        parts.append(step(1, gettext("First")))
        parts.append(step(page.number - 1, gettext("Previous"), "prev"))
    for place in page.numbers:
        if place == page.paginator.ELLIPSIS:
            parts.append('<li><span class="pager__gap">…</span></li>')
            continue
        current = ' aria-current="page"' if place == page.number else ""
        parts.append(
            f'<li><a href="{escape(address(place))}"{current}><span class="unseen">'
            f"{label} </span>{number(place)}</a></li>"
        )
    if page.has_next():
        parts.append(step(page.number + 1, gettext("Next"), "next"))
        parts.append(step(page.paginator.num_pages, gettext("Last")))
    told = escape(gettext("Pages"))
    return (
        f'<nav class="pager" aria-label="{told}">\n'
        f'<ul role="list">\n{"".join(parts)}\n</ul>\n</nav>'
    )


def alternates(languages, origin):
    """Where the same page is in each language, for the head."""
    return "\n".join(
        f'<link rel="alternate" hreflang="{one["code"]}" '
        f'href="{escape(origin + one["url"])}">'
        for one in languages
    )


def tongues(languages):
    """The same for people."""
    return "".join(
        f'<li><a href="{escape(one["url"])}" lang="{one["code"]}" '
        f'hreflang="{one["code"]}"{CURRENT[one["is_current"]]}>{one["name"]}</a></li>'
        for one in languages
    )


def along(feed, query):
    """The list that is shown as a feed, and as files of all that this query gives."""
    query = f"?{query}" if query else ""
    links = [("Atom", feed), *((name, path + query) for name, path in files())]
    items = "".join(
        f'<li><a href="{escape(address)}" rel="nofollow">{name}</a></li>'
        for name, address in links
    )
    told = escape(gettext("Take this list along:"))
    return f'<div class="files"><p>{told}</p><ul role="list">{items}</ul></div>'


@lru_cache(maxsize=1)
def files():
    """The formats that lists are offered in, and where the whole list is in them."""
    return [
        (FORMATS[extension].NAME, reverse("machines:download-set", args=[extension]))
        for extension in LISTED
    ]
