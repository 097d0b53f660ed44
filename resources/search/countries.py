"""
Which countries a text names: by their names, by who comes from there, by abbreviations.

Names come from the vocabulary; countries.txt has what else people type, in the four
languages of the interface. Words that are ordinary ones too ("reunion") name a country
where they stand alone or are typed with a capital.
"""

from functools import lru_cache
from pathlib import Path

from .analysis import alternatives, folded, stem

TABLE = Path(__file__).with_name("countries.txt")
LANGUAGES = ["en", "fr", "es", "ar"]
# Names that are ordinary words in a text on migration, or names of people.
ORDINARY = {"reunion", "cocos", "grenade", "indio", "maurice", "salvador"}


@lru_cache(maxsize=1)
def table():
    """Return (code, language, name) of each name in the table, and the abbreviations.

    An abbreviation that counts in capitals only has the codes it stands for.
    """
    names, abbreviations = [], {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("#"):
            continue
        code, *columns = [column.strip() for column in line.split("|")]
        for language, column in zip(LANGUAGES, columns, strict=True):
            for name in column.replace("،", ",").split(","):
                name = name.strip()
                if name.startswith("="):
                    abbreviations.setdefault(name[1:], set()).add(code.lower())
                elif name:
                    names.append((code.lower(), language, name))
    return names, abbreviations


@lru_cache(maxsize=1)
def other_names():
    """Return the codes that each name in the table stands for, by its folded words."""
    found = {}
    for code, language, name in table()[0]:
        for forms in inflected(folded(name), language):
            found.setdefault(forms, set()).add(code)
    return found


def inflected(forms, language):
    """Return a name with the feminine forms and plurals of its last word, or of all."""
    every = [inflections(form, language) for form in forms]
    found = {(*forms[:-1], last) for last in every[-1]}
    # "samoanes américaines": all words agree.
    longest = max(map(len, every))
    if len(forms) == 2 and language in {"fr", "es"}:
        found |= {
            tuple(one[min(n, len(one) - 1)] for one in every) for n in range(longest)
        }
    return found


def inflections(word, language):
    """Return a word in all its forms, as far as rules make them; some are of no use."""
    if language == "en":
        ends = {"man": "men"}.get(word[-3:])
        return [word, f"{word}s", *([word[:-3] + ends] if ends else [])]
    if language == "fr":
        feminine = [f"{word}e", f"{word}{word[-1]}e"]
        if word.endswith("c"):
            feminine = [f"{word[:-1]}que", f"{word}que"]
        both = [word, *feminine]
        return [*both, *(f"{one}s" for one in both)]
    if language == "es":
        feminine = word[:-1] + "a" if word.endswith("o") else f"{word}a"
        plural = f"{word}s" if word[-1] in "aeiou" else f"{word}es"
        return [word, feminine, plural, f"{feminine}s", f"{word}es"]
    if word.endswith("ي"):
        return [word, *(word + end for end in ["ه", "ون", "ين", "ات", "ا"])]
    return [word, word + "ات"]


@lru_cache(maxsize=2)
def names_in(vocabularies):
    """
    Return the codes that each name stands for, by its folded words, of all countries.

    A name of the vocabulary is known without what stands in brackets too.
    """
    found = {forms: set(codes) for forms, codes in other_names().items()}
    official = {}
    for code, term in vocabularies.terms["country"].items():
        for name in term.names.values():
            for text in [name, name.partition("(")[0]]:
                official.setdefault(tuple(folded(text)), set()).add(code)
    # "Guinea" is Guinea, whatever else it may stand for.
    return found | official


@lru_cache(maxsize=1)
def owners():
    """Return the codes of the countries that a stem may name: "nigeri" is Nigeria's."""
    found = {}
    for code, language, name in table()[0]:
        for forms in inflected(folded(name), language):
            if len(forms) == 1:
                found.setdefault(stem(forms[0], language), set()).add(code)
    return found


@lru_cache(maxsize=2)
def words_of_names(vocabularies):
    """Return every folded word of every name of a country."""
    return {form for forms in names_in(vocabularies) for form in forms}


def named(typed, raw, vocabularies):
    """
    Return the codes of the countries that a text names, by the words that do so.

    `typed` are its folded words, `raw` the same as they were typed. Of names within
    names the longest counts: "Equatorial Guinea" is not Guinea.
    """
    names, abbreviations = names_in(vocabularies), table()[1]
    found, start = {}, 0
    while start < len(typed):
        for length in range(min(longest(vocabularies), len(typed) - start), 0, -1):
            forms = typed[start : start + length]
            # What looks like an abbreviation is not folded.
            codes = names.get(tuple(form.lower() for form in forms), set())
            if length == 1:
                codes = codes | abbreviations.get(raw[start], set())
                if forms[0] in ORDINARY and not raw[start][:1].isupper():
                    codes = set() if len(typed) > 1 else codes
            if codes:
                for form in forms:
                    found.setdefault(form, set()).update(codes)
                break
        else:
            length = 1
        start += length
    return found


@lru_cache(maxsize=2)
def longest(vocabularies):
    return max(map(len, names_in(vocabularies)))


def stems_of(form, codes):
    """Return the stems of a word without those that name other countries."""
    return tuple(
        one
        for one in alternatives(form)
        if one == form or owners().get(one, codes) <= codes
    )
