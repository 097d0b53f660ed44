"""Where in a text the words stand that were looked for."""

from .analysis import WORD, forms_and_stems

SENTENCE_ENDS = ".!?؟。…"


def spans(text, language, marked):
    """Start and end of each word whose stem is looked for."""
    base = language.partition("-")[0]
    found = []
    for match in WORD.finditer(text):
        forms, stems = forms_and_stems(match[0], base)
        if not marked.isdisjoint(forms) or not marked.isdisjoint(stems):
            found.append(match.span())
    return found


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
