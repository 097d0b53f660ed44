"""Highlight the words in a text that somebody searched for."""

from functools import lru_cache
from itertools import chain, product
from string import ascii_lowercase

from markupsafe import Markup, escape

from ..texts import truncate_sentences
from .analysis import TATWEEL, WORD, fold, forms_and_stems

SENTENCE_ENDS = ".!?؟。…"
# Stemming leaves the first letter of a Latin word alone, but for the ge- of Dutch
# participles; the second too, but for "men", "dying" and what German has for umlauts,
# and in languages that change a vowel for an ending.
CHANGING = {"nl", "tr"}
UNLIKE = {"ae", "oe", "ue"}
SPELLINGS = {
    letter: [c for c in map(chr, range(0x180)) if fold(c) == letter]
    for letter in ascii_lowercase
}
ARABIC = [chr(code) for code in range(0x621, 0x64B) if chr(code) != TATWEEL]


def spelled(*letters):
    """Return each way to write some letters that fold to these."""
    return map("".join, product(*(SPELLINGS.get(one, one) for one in letters)))


LATIN = frozenset(
    chain(
        *(spelled(one) for one in ascii_lowercase),
        *(
            spelled(one, other)
            for one, other in product(ascii_lowercase, repeat=2)
            if other != "y" and one + other not in UNLIKE
        ),
    )
)
LATIN_AND_ARABIC = LATIN | {*map("".join, product(ARABIC, repeat=2)), *ARABIC}


def highlight(text, stems, language, limit=None):
    """
    Return a text as HTML, with the words that have one of these stems in <mark>.

    Everything else is escaped. With a limit, the passage with most of the words is
    returned; without a match, the beginning.
    """
    found = spans(text, language, stems) if stems else []
    if not found:
        return escape(truncate_sentences(text, limit) if limit else text)
    start, end = window(text, found, limit) if limit else (0, len(text))
    parts, position = ["…" if start else ""], start
    for first, last in found:
        if start <= first and last <= end:
            parts += [text[position:first], Markup("<mark>"), text[first:last]]
            parts.append(Markup("</mark>"))
            position = last
    parts += [text[position:end], "…" if end < len(text) else ""]
    return Markup().join(parts)


def spans(text, language, marked):
    """Return start and end of each word that has one of these stems."""
    base = language.partition("-")[0]
    size = 1 if base in CHANGING else 2
    begun, others = beginnings(marked, size)
    runs, found = text.split(" "), []
    # Nearly all words are passed over by how they begin.
    likely = [
        place
        for place, run in enumerate(runs)
        if (begin := run[:size]) in begun
        or begin not in others
        or not (run.isalpha() or run[:-1].isalpha())
    ]
    for place in likely:
        run = runs[place]
        if run.isalpha():
            forms, stems = forms_and_stems(run, base)
            if marked.isdisjoint(stems) and marked.isdisjoint(forms):
                continue
        start = sum(map(len, runs[:place])) + place
        for match in WORD.finditer(text, start, start + len(run)):
            if is_marked(match[0], base, marked):
                found.append(match.span())
    return found


def is_marked(raw, language, marked):
    forms, stems = forms_and_stems(raw, language)
    return not (marked.isdisjoint(forms) and marked.isdisjoint(stems))


@lru_cache(maxsize=100)
def beginnings(stems, size):
    """Return the first letters of words that may have these stems, and of others."""
    stems = {stem[:size] for stem in stems}
    begun = {one for letters in stems for one in spelled(*letters)}
    if size == 1:
        begun |= {*"gG"}  # of the ge- that may stand before any
    elif "ma" in stems:
        begun |= {*spelled(*"me")}
    is_arabic = any("\u0600" < letters < "\u0700" for letters in stems)
    return begun, LATIN if is_arabic else LATIN_AND_ARABIC


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
