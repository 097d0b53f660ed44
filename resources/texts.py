"""Texts and numbers as a page shows them."""

import re
import unicodedata
from functools import lru_cache

from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import override
from markdown_it import MarkdownIt
from markupsafe import Markup

# Raw HTML is shown as text and dangerous link schemes are refused; pictures would
# come from other hosts.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
ENDS = re.compile(r"[.!?؟。…](?=\s)")


@lru_cache(maxsize=10_000)
def format_number(value, language):
    """Return a whole number as the language writes it, with thousands separated."""
    with override(language):
        return formats.number_format(value, use_l10n=True, force_grouping=True)


def truncate_sentences(text, limit=280):
    """Return the beginning of a text, cut after a sentence if one ends late enough."""
    if len(text) <= limit:
        return text
    start = text[:limit]
    ends = [match.end() for match in ENDS.finditer(start)]
    if ends and ends[-1] > limit * 0.6:
        return start[: ends[-1]]
    words, _space, _rest = start.rpartition(" ")
    return (words if len(words) > limit * 0.6 else start).rstrip(" ,;:،") + "…"


def cut(text, most):
    """Return at most so many characters of a text; a cut text ends with "…"."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= most:
        return text
    start = text[: most + 1]
    # Marks on letters do not count, which nearly no text has once it is composed.
    if not start.isascii() and any(map(unicodedata.combining, start)):
        return Truncator(text).chars(most)
    return f"{start[:-2]}…"


def markdown(text):
    """Return Markdown as HTML. Its highest heading is an <h2>, below the title."""
    tokens = MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 2, 6)}"
    return Markup(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))
