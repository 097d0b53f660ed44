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
# Control characters, and what XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
# Marks that turn the direction of what follows: https://www.unicode.org/reports/tr9/
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
ISOLATES = "\u2066\u2067\u2068"
END_OF_EMBEDDING, END_OF_ISOLATE = "\u202c", "\u2069"


def clean(text):
    """Return the text without characters that no format may hold; its lines stay."""
    # True of nearly all texts, and much quicker than the expression.
    if text.isprintable():
        return text
    return FORBIDDEN.sub("", text).replace("\x0b", "\n").replace("\x0c", "\n")


def contained(text):
    """
    Return the text so that it does no harm to a page or feed that shows it.

    Marks of direction stay only where each is closed within the text: then they turn
    nothing that follows it.
    """
    if text.isprintable():
        return text
    text = clean(text)
    unpaired = unpaired_directions(text)
    return "".join(c for n, c in enumerate(text) if n not in unpaired)


def unpaired_directions(text):
    """Return the places of marks of direction that are not closed or close nothing."""
    unpaired, open_marks = set(), []
    for match in DIRECTIONS.finditer(text):
        place, mark = match.start(), match[0]
        if mark not in {END_OF_EMBEDDING, END_OF_ISOLATE}:
            open_marks.append((place, mark in ISOLATES))
            continue
        closes_isolate = mark == END_OF_ISOLATE
        # The end of an isolate ends what was embedded in it.
        while closes_isolate and open_marks and not open_marks[-1][1]:
            unpaired.add(open_marks.pop()[0])
        if open_marks and open_marks[-1][1] == closes_isolate:
            open_marks.pop()
        else:
            unpaired.add(place)
    return unpaired | {place for place, _is_isolate in open_marks}


def without_directions(text):
    """Return the text without any marks of direction, to be shown in pieces."""
    return text if text.isprintable() else DIRECTIONS.sub("", text)


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
    tokens = MARKDOWN.parse(contained(text))
    headings = [token for token in tokens if token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 2, 6)}"
    return Markup(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))
