"""Addresses that many pages have in common: each is made once in each language."""

from functools import lru_cache

from django.urls import register_converter, reverse
from django.utils import translation

# Stands for what differs in a text that many pages have; no address has it.
MARK = "\0"


class RecordId:
    """A number that fits the column of ids; 0 and longer ones are no ids."""

    regex = r"[1-9][0-9]{0,17}"
    to_python = int
    to_url = str


register_converter(RecordId, "id")


@lru_cache(maxsize=10_000)
def page(name, language, *args):
    """Where a page is in this language, by the name of its address."""
    with translation.override(language):
        return reverse(f"resources:{name}", args=args)


def of_list(language):
    return page("list", language)


def asking(address, query):
    return f"{address}?{query}" if query else address


def origin(request):
    """Scheme and host of the site, as this request reached it: "https://host"."""
    if not hasattr(request, "origin"):
        request.origin = f"{request.scheme}://{request.get_host()}"
    return request.origin
