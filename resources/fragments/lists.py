"""What a list is made of: its cards, the pages, and itself as files."""

from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from ..filters import SORTS
from ..formats import FORMATS
from ..search import marks
from ..texts import number_in, opening
from .covers import attributes, cover, term_name

# What a list is offered as; each resource has more.
LISTED = ["csv", "json", "ris", "bib"]
SELECTED = {True: " selected", False: ""}
CARD_SIZES = "(min-width: 48rem) 120px, 88px"


class Words(NamedTuple):
    """What lists say, in one language."""

    comma: str
    cover: str
    description: str
    pages: str
    page: str
    first: str
    previous: str
    next: str
    last: str
    along: str
    none: str
    one: str
    at_the_end: str
    some: str


@lru_cache(maxsize=20)
def words(_language):
    return Words(
        comma=pgettext("between names", ", "),
        cover=gettext("Cover Image"),
        description=gettext("Description"),
        pages=escape(gettext("Pages")),
        page=escape(gettext("Page")),
        first=escape(gettext("First")),
        previous=escape(gettext("Previous")),
        next=escape(gettext("Next")),
        last=escape(gettext("Last")),
        along=escape(gettext("Take this list along:")),
        none=gettext("No resources to display"),
        one=gettext("Displaying 1 resource"),
        at_the_end=gettext("Displaying %(last)s of %(total)s"),
        some=gettext("Displaying %(first)s - %(last)s of %(total)s"),
    )


def counter(page, language):
    """How much of the list is shown: "Displaying 31 - 38 of 38"."""
    say, total = words(language), page.paginator.count
    if total < 2:
        return say.one if total else say.none
    first, last = page.start_index(), page.end_index()
    text = say.at_the_end if first == last else say.some
    numbers = {"first": first, "last": last, "total": total}
    return text % {name: number_in(language, one) for name, one in numbers.items()}


def orders(asked, language):
    """What the list can be sorted by, as the choices of the form."""
    return "".join(
        f'<option value="{value}"{SELECTED[value == asked.order]}>{label}</option>'
        for value, label in labels_of_orders(tuple(asked.sort_choices), language)
    )


@lru_cache(maxsize=20)
def labels_of_orders(values, _language):
    return [(value, escape(str(SORTS[value]))) for value in values]


def neighbours(page, address):
    """The pages before and after this one, for the head."""
    before = after = ""
    if page.has_previous():
        target = escape(address(page.previous_page_number()))
        before = f'<link rel="prev" href="{target}">'
    if page.has_next():
        target = escape(address(page.next_page_number()))
        after = f'<link rel="next" href="{target}">'
    return before + after


def results(page, language, address, stems=()):
    """The list itself with its two columns; `address` gives that of a page."""
    say = words(language)
    return (
        '<div class="columns" aria-hidden="true">'
        f"<span>{say.cover}</span><span>{say.description}</span></div>\n"
        f'<ol class="cards" role="list" start="{page.start_index()}">\n'
        f"{cards(page.object_list, language, stems)}\n</ol>\n"
        f"{pager(page, address, language)}\n"
    )


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


def cards(resources, language, stems=()):
    """The cards of a list; two of them show without scrolling."""
    comma = words(language).comma
    return "".join(
        card(resource, language, comma, place < 2, stems)
        for place, resource in enumerate(resources)
    )


def card(resource, language, comma, is_first, stems):
    """A resource, from records.cards(), as the list shows it."""
    own = attributes(resource.language, language)
    image = cover(resource, language, CARD_SIZES, is_first, alt="", widest=240)
    credit = comma.join(f"<bdi>{escape(one.name)}</bdi>" for one in resource.credits)
    facts = f"<li>{term_name(resource.type.name_in(language))}</li>"
    if resource.year:
        facts += f"<li>{resource.year}</li>"
    facts += f"<li><span{own}>{escape(resource.language_name)}</span></li>"
    if resource.programme:
        facts += f"<li>{term_name(resource.programme.name_in(language))}</li>"
    title = marked(resource.title, resource.language, stems)
    summary = marked(resource.summary, resource.language, stems, 280)
    return (
        f'<li class="card" data-id="{resource.pk}">\n'
        f'<div class="card__cover">{image}</div>\n<div class="card__text">\n'
        + (f'<p class="card__credit">{credit}</p>\n' if credit else "")
        + f'<h2 class="card__title"><a href="{resource.address_in(language)}"'
        f"{own}>{title}</a></h2>\n"
        f'<p class="card__summary"{own}>{summary}</p>\n'
        f'<ul class="card__facts" role="list">{facts}</ul>\n</div>\n</li>'
    )


def pager(page, address, language):
    """The pages of a list; `address` gives that of a page by its number."""
    if not page.has_other_pages():
        return ""

    def step(number, name, rel=""):
        target = escape(address(number))
        return f'<li><a class="pager__step"{rel} href="{target}">{name}</a></li>'

    parts, say = [], words(language)
    if page.has_previous():
        parts.append(step(1, say.first))
        parts.append(step(page.number - 1, say.previous, ' rel="prev"'))
    for place in page.numbers:
        # What stands for the pages between is translated whenever it is looked at.
        if not isinstance(place, int):
            parts.append('<li><span class="pager__gap">…</span></li>')
            continue
        current = ' aria-current="page"' if place == page.number else ""
        parts.append(
            f'<li><a href="{escape(address(place))}"{current}><span class="unseen">'
            f"{say.page} </span>{number_in(language, place)}</a></li>"
        )
    if page.has_next():
        parts.append(step(page.number + 1, say.next, ' rel="next"'))
        parts.append(step(page.paginator.num_pages, say.last))
    return (
        f'<nav class="pager" aria-label="{say.pages}">\n'
        f'<ul role="list">\n{"".join(parts)}\n</ul>\n</nav>'
    )


def along(feed, query, language):
    """The list that is shown as a feed, and as files of all that this query gives."""
    query = f"?{query}" if query else ""
    links = [("Atom", feed), *((name, path + query) for name, path in files())]
    items = "".join(
        f'<li><a href="{escape(address)}" rel="nofollow">{name}</a></li>'
        for name, address in links
    )
    told = words(language).along
    return f'<div class="files"><p>{told}</p><ul role="list">{items}</ul></div>'


@lru_cache(maxsize=1)
def files():
    """The formats that lists are offered in, and where the whole list is in them."""
    return [
        (FORMATS[extension].NAME, reverse("machines:download-set", args=[extension]))
        for extension in LISTED
    ]
