"""Highlight the words in a text that somebody searched for."""

from functools import lru_cache

from markupsafe import Markup, escape

from ..texts import contained, truncate_sentences, without_directions
from .analysis import WORD, forms_and_stems

SENTENCE_ENDS = ".!?؟。…"


def highlight(text, stems, language, limit=None):
    """
    Return a text as HTML, with the words that have one of these stems in <mark>.

    Everything else is escaped. With a limit, the passage with most of the words is
    returned; without a match, the beginning.
    """
    text = without_directions(text) if stems else text
    found = spans(text, language, stems) if stems else []
    if not found:
        return escape(contained(truncate_sentences(text, limit) if limit else text))
    start, end = window(text, found, limit) if limit else (0, len(text))
    parts, position = ["…" if start else ""], start
    for first, last in found:
        if start <= first and last <= end:
            parts += [text[position:first], Markup("<mark>"), text[first:last]]
            parts.append(Markup("</mark>"))
            position = last
    parts += [text[position:end], "…" if end < len(text) else ""]
    return Markup().join(parts)


def spans(text, language, stems):
    """Return start and end of each word that has one of these stems."""
    language = language.partition("-")[0]
    return [
        match.span()
        for match in WORD.finditer(text)
        if not stems.isdisjoint(spellings(match[0], language))
    ]


@lru_cache(maxsize=100_000)
def spellings(word, language):
    """Return a word folded, as its parts and as their stems."""
    forms, stems = forms_and_stems(word, language)
    return {*forms, *stems}


def window(text, found, limit):
    """Return start and end of the passage of a text that has most of the matches."""
    if len(text) <= limit or not found:
        return 0, min(len(text), limit)
    best, start = 0, 0
    for first, _end in found:
        inside = sum(first <= s and e <= first + limit for s, e in found)
        if inside > best:
            best, start = inside, first
    # Rather from the beginning of a sentence, or of a word, before it.
    room = max(0, start - limit // 3)
    lead = text[room:start]
    ends = [i for i, c in enumerate(lead[:-1]) if c in SENTENCE_ENDS]
    if room == 0:
        start = 0
    elif ends:
        start = room + ends[-1] + 1
    elif " " in lead:
        start = room + lead.index(" ") + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    end = min(len(text), start + limit)
    if end < len(text) and " " in text[start:end]:
        end = start + text[start:end].rindex(" ")
    return start, end
