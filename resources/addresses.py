"""Paths that many pages link to; each is reversed once in each language."""

from functools import lru_cache

from django.conf import settings
from django.urls import register_converter, reverse
from django.utils import translation

# Stands for what differs in a text that many pages have; no address has it.
MARK = "\0"


class RecordId:
    """Converter of URL patterns: a number that fits the column of ids, and not 0."""

    regex = r"[1-9][0-9]{0,17}"
    to_python = int
    to_url = str


register_converter(RecordId, "id")


@lru_cache(maxsize=10_000)
def page(name, language, *args):
    """Return the path of a page in a language, by the name of its URL pattern."""
    with translation.override(language):
        return reverse(f"resources:{name}", args=args)


def of_list(language):
    return page("list", language)


def asking(address, query):
    return f"{address}?{query}" if query else address


def origin(request):
    """
    Return scheme and host of the site: "https://host".

    They are those of SITE_URL or, on a local run, those of the request.
    """
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
