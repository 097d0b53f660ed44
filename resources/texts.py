"""Texts and numbers as a page shows them."""

import re
import unicodedata
from functools import lru_cache

from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import get_language
from markdown_it import MarkdownIt

# Raw HTML is shown as text and dangerous link schemes are refused; pictures would
# come from other hosts.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
ENDS = re.compile(r"[.!?؟。…](?=\s)")


def number(value):
    """A count with its thousands apart, as the language of the page writes it."""
    return number_in(get_language(), value)


@lru_cache(maxsize=10_000)
def number_in(_language, value):
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def opening(text, limit=280):
    """The beginning of a text, cut after a sentence if one ends late enough."""
    if len(text) <= limit:
        return text
    start = text[:limit]
    ends = [m.end() for m in ENDS.finditer(start)]
    if ends and ends[-1] > limit * 0.6:
        return start[: ends[-1]]
    words, _space, _rest = start.rpartition(" ")
    return (words if len(words) > limit * 0.6 else start).rstrip(" ,;:،") + "…"


def cut(text, most):
    """At most so many characters, of which the last shows that it was cut."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= most:
        return text
    start = text[: most + 1]
    # Marks on letters do not count, which nearly no text has once it is composed.
    if not start.isascii() and any(map(unicodedata.combining, start)):
        return Truncator(text).chars(most)
    return f"{start[:-2]}…"


def markdown(text):
    """A description as HTML. Its highest headings stand below the title."""
    tokens = MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 2, 6)}"
    return MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
