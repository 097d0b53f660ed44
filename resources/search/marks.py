"""Where in a text the words stand that were looked for."""

from functools import lru_cache
from string import ascii_letters

from .analysis import WORD, forms_and_stems

SENTENCE_ENDS = ".!?؟。…"


def spans(text, language, marked):
    """Start and end of each word whose stem is looked for."""
    base = language.partition("-")[0]
    elsewhere = other_initials("".join(sorted({one[:1].lower() for one in marked})))
    runs, found = text.split(" "), []
    # Nearly all words are passed over by how they begin.
    likely = [
        place
        for place, run in enumerate(runs)
        if run[:1] not in elsewhere or not run.isalpha()
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


@lru_cache(maxsize=1000)
def other_initials(initials):
    """
    The letters that a word does not begin with whose stem begins with one of these.

    Only of the Latin alphabet, in which stemming leaves the first letter alone, but
    for the ge- of Dutch participles.
    """
    return frozenset(ascii_letters) - {*initials, *initials.upper(), "g", "G"}


def window(text, found, limit):
    """Start and end of the stretch of a text that holds most of what was found."""
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
