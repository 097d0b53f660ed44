"""Covers, alone and with the title of what they are on."""

from functools import lru_cache
from html import escape
from typing import NamedTuple
from zlib import crc32

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from .. import languages
from ..models import Theme
from ..texts import opening

TONES = 6
LAZY = {True: "", False: ' loading="lazy"'}
BOOK_SIZES = "(min-width: 48rem) 176px, 42vw"


@lru_cache(maxsize=1000)
def attributes(language, of_page):
    """The attributes of text in this language, where the page speaks another."""
    if language == of_page:
        return ""
    return f' lang="{escape(language)}" dir="{languages.direction(language)}"'


# Names of vocabularies, each of which stands on very many pages.
term_name = lru_cache(maxsize=10_000)(escape)


@lru_cache(maxsize=1)
def cover_address():
    """Where covers are, whatever the language."""
    return reverse("cover", args=[1, "-"]).removesuffix("1/-")


def cover(
    resource, language, sizes, is_first=False, alt=None, is_preview=False, widest=None
):
    """
    The cover of a resource, or a made one, on a page in this language.

    `sizes` as in HTML; `is_first` for what shows without scrolling. `alt` replaces
    the alternative text: "" where the title stands beside it. Nothing wider than
    `widest` is offered, whatever the density of the screen.
    """
    own = attributes(resource.language, language)
    files = [one for one in resource.covers if not widest or one.width <= widest]
    if not files:
        tone = crc32(str(resource.programme_id or resource.type_id).encode()) % TONES
        above = term_name((resource.programme or resource.type).name_in(language))
        return (
            f'<span class="cover cover--made tone-{tone}" aria-hidden="true">'
            f'<span class="cover__programme">{above}</span>'
            f'<span class="cover__title"{own}>{escape(opening(resource.title, 70))}'
            "</span></span>"
        )

    def address(file):
        name = file.name.rpartition("/")[2]
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


def book(resource, language, is_first=False, shared=()):
    """A cover with its title; `shared` are the terms it has in common with another."""
    own = attributes(resource.language, language)
    image = cover(resource, language, BOOK_SIZES, is_first, alt="")
    facts = term_name(resource.type.name_in(language))
    if resource.year:
        facts += f", {resource.year}"
    why = ""
    if shared:
        why = f'<p class="book__why">{escape(reason(shared, language))}</p>\n'
    return (
        f'<li class="book" data-id="{resource.pk}">\n'
        f'<div class="book__cover">{image}</div>\n'
        '<h3 class="book__title">'
        f'<a href="{resource.address_in(language)}"{own}>'
        f"{escape(resource.title)}</a></h3>\n"
        f'<p class="book__facts">{facts}</p>\n{why}</li>'
    )


def reason(shared, language):
    """What two resources have in common, in words."""
    say = words(language)
    themes = [one.name_in(language) for one in shared if one.model is Theme]
    places = [one.name_in(language) for one in shared if one.model is not Theme]
    told = {"themes": say.comma.join(themes), "places": say.comma.join(places)}
    if not places:
        return say.also_about % told
    if not themes:
        return say.also_on % told
    return say.also_about_in % told


class Words(NamedTuple):
    comma: str
    also_about: str
    also_on: str
    also_about_in: str


@lru_cache(maxsize=20)
def words(_language):
    return Words(
        comma=pgettext("between names", ", "),
        also_about=gettext("Also about: %(themes)s"),
        also_on=gettext("Also on: %(places)s"),
        also_about_in=gettext("Also about: %(themes)s in %(places)s"),
    )
