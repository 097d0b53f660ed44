"""What pages have around their content."""

from functools import lru_cache
from html import escape

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext

from .. import addresses
from ..metadata import LOCALES

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


def alternates(languages, origin):
    """Where the same page is in each language, for the head."""
    return "\n".join(
        f'<link rel="alternate" hreflang="{one["code"]}" '
        f'href="{escape(origin + one["url"])}">'
        for one in languages
    )


def tongues(languages, language):
    """The same for people, on a page in one of them."""
    items = "".join(
        f'<li><a href="{escape(one["url"])}" lang="{one["code"]}" '
        f'hreflang="{one["code"]}"{CURRENT[one["is_current"]]}>{one["name"]}</a></li>'
        for one in languages
    )
    return (
        f'<nav class="tongues" aria-label="{told_languages(language)}">\n'
        f'<ul role="list">{items}</ul>\n</nav>'
    )


@lru_cache(maxsize=20)
def told_languages(_language):
    return gettext("Language")


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
