"""What pages have around their content."""

from functools import lru_cache
from html import escape

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language_info, gettext

from .. import addresses
from ..addresses import MARK
from ..formats.metadata import LOCALES

# The languages: their own names, and what addresses in them begin with.
NAMES = {code: get_language_info(code)["name_local"] for code, _ in settings.LANGUAGES}
STARTS = {code: f"/{code}" for code in NAMES} | {settings.LANGUAGE_CODE: ""}
CURRENT = {True: ' aria-current="true"', False: ""}


def website(canonical, origin, language):
    """Open Graph of pages that are about nothing in particular, after the title."""
    return (
        '<meta property="og:type" content="website">\n'
        f'<meta property="og:url" content="{escape(canonical)}">\n'
        f'<meta property="og:site_name" content="{escape(settings.SITE_NAME)}">\n'
        f'<meta property="og:locale" content="{LOCALES.get(language, "")}">\n'
        f'<meta property="og:image" content="{escape(origin + icon())}">'
    )


@lru_cache(maxsize=1)
def icon():
    return static("icon-512.png")


def alternates(path, origin):
    """Where a page is in each language, for the head; `path` is without a language."""
    return alternates_at(escape(origin)).replace(MARK, escape(path))


@lru_cache(maxsize=100)
def alternates_at(origin):
    return "\n".join(
        f'<link rel="alternate" hreflang="{code}" href="{origin}{start}{MARK}">'
        for code, start in STARTS.items()
    )


def tongues(path, language):
    """The same for people, on a page in one of them."""
    return tongues_in(language).replace(MARK, escape(path))


@lru_cache(maxsize=20)
def tongues_in(language):
    label = gettext("Language")
    items = "".join(
        f'<li><a href="{start}{MARK}" lang="{code}" '
        f'hreflang="{code}"{CURRENT[code == language]}>{NAMES[code]}</a></li>'
        for code, start in STARTS.items()
    )
    return (
        f'<nav class="tongues" aria-label="{label}">\n'
        f'<ul role="list">{items}</ul>\n</nav>'
    )


def crumbs(language, name="", address=""):
    """The way to a page from the first; with a page between the library and it."""
    told = library_crumbs(language)
    if name:
        told += f'<li><a href="{escape(address)}"><bdi>{escape(name)}</bdi></a></li>'
    return f"{told}</ol></nav>"


@lru_cache(maxsize=20)
def library_crumbs(language):
    told = gettext("Breadcrumb")
    return f'<nav class="crumbs" aria-label="{told}"><ol role="list">' + "".join(
        f'<li><a href="{address}">{name}</a></li>'
        for name, address in first_steps(language)
    )


@lru_cache(maxsize=20)
def first_steps(language):
    """Name and address of the pages that stand above all others."""
    return [
        (gettext("Home"), addresses.page("home", language)),
        (gettext("All resources"), addresses.of_list(language)),
    ]
