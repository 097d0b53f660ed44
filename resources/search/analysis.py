"""
How text becomes words that can be found: the same for records and for queries.

Pure functions. Folding makes spellings alike (case, accents, Arabic vowel signs and
letter variants); stemming makes the forms of one word alike. Records are stemmed by
their own language, query words by each language of the catalogue.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from . import wordlists

# Languages whose forms a query offers, by the name of their Snowball stemmer. Not the
# Arabic one, which takes nouns without their article for verbs.
SNOWBALL = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "de": "german",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
}
LANGUAGES = [*SNOWBALL, "ar"]

# Those most records are in; what only another's stemmer makes of a word is a guess.
MAIN_LANGUAGES = ["en", "fr", "es", "ar"]


class Stemmers(threading.local):
    """The stemmers of one thread; a stemmer is not safe to share between threads."""

    def __init__(self):
        self.by_language = {
            # Without a cache: forms_and_stems() has one for all threads.
            language: Stemmer.Stemmer(name, 0)
            for language, name in SNOWBALL.items()
        }


STEMMERS = Stemmers()

LATIN_MARKS = "\u0300-\u036f"
ARABIC_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
TATWEEL = "\u0640"
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
DROPPED = re.compile(f"[{LATIN_MARKS}{ARABIC_MARKS}{TATWEEL}{INVISIBLE}]")
LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        # Arabic: hamza carriers and alef variants, ta marbuta, alif maqsura, and
        # the Persian letters that are typed for Arabic ones.
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
    }
)

# What a word is made of in running text: marks belong to it, apostrophes do not.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
MARKS = "".join(c for c in map(chr, range(0x10000)) if unicodedata.combining(c))
WORD = re.compile(rf"[\w{re.escape(MARKS)}{ARABIC_MARKS}{TATWEEL}{INVISIBLE}]+")
RUNS = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")

ARTICLE = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{3})")
# What Arabic adds to a word: endings of number, gender, origin, case and possession,
# and before it "and", "so", "with", "like" and "for".
AFTER = re.compile(r"(?<=\w{3})(?:ت?ه[ام]|ت?نا|ته|ات|ان|ون|ين|[هياء])$")
BEFORE = re.compile(r"^(?:و(?=\w{3})|[فبكل](?=\w{4}))")


class Word(NamedTuple):
    """A folded word, with its start and end in the text it comes from."""

    form: str
    start: int
    end: int


def fold(text):
    """Return text in which spellings that people consider the same are the same."""
    if text.isascii() and text.isalnum():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    text = text.translate(LETTERS)
    return unicodedata.normalize("NFKC", text)


def forms(raw):
    """Return the folded words in a run of characters without spaces."""
    found, folded = [], fold(raw)
    if folded.isascii() and folded.isalnum():
        return (folded[:64],)
    for run in RUNS.findall(folded):
        if re.match(f"[{CJK}]", run):
            found += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
        else:
            found.append(ARTICLE.sub("", run)[:64])
    return tuple(found)


def words(text):
    """Return the folded words of a text, in their order, as Words."""
    return [
        Word(form, match.start(), match.end())
        for match in WORD.finditer(text)
        for form in forms(match[0])
    ]


def arabic(form):
    """Return an Arabic word without its prefixes and suffixes."""
    short = AFTER.sub("", form)
    while short != form:
        form, short = short, AFTER.sub("", short)
    return BEFORE.sub("", form)


# Broken plurals, as stems, by what they are the plural of.
ARABIC_PLURALS = {
    arabic(fold(plural)): arabic(fold(one))
    for one, *plurals in map(str.split, wordlists.ARABIC_PLURALS.strip().splitlines())
    for plural in plurals
}


# What the stemmers leave apart: British and American spelling, plurals, and in French
# participles, which they do not know without their accents.
ENDINGS = {
    language: [(re.compile(before), after) for before, after in endings]
    for language, endings in {
        "en": [
            (r"(?<=\w{2}[iy])z(?=(?:e|ed|ers?|es|ing|ations?|ational)$)", "s"),
            (r"(?<=\w{3})our(?=(?:s|ed|ing|ers?|hoods?)?$)", "or"),
            (r"(?<=\w[bt])re(?=s?$)", "er"),
            (r"(?<=gram)me(?=s?$)", ""),
            (r"(?<=\w{4})ships?$", ""),
            (r"(?<=\w{4})ees?$", ""),
            (r"(?<=^child)ren$", ""),
            (r"^(wo)?men$", r"\1man"),
            (r"^people$", "person"),
            (r"(?<=cris)es$", "is"),
        ],
        "fr": [(r"(?<=\w{3}e)es?$", ""), (r"(?<=[lv]oi)s$", "")],
        "es": [(r"(?<=\w{2})ces$", "z"), (r"(?<=^joven)es$", "")],
    }.items()
}


# Countries and who comes from them: how their names begin, and how they go on.
NATION = re.compile(
    rf"({'|'.join(wordlists.NATIONS)})"
    r"(?:[aeioy]|i[ae]|istan|on"  # Somalia, Somalie, Afghanistan, Lebanon
    r"|(?:ai|vi|[aeiy])?(?:ain|i?an|enn?)[aeo]?"  # Kenyan, marocaine, boliviano
    r"|l?(?:ese|[ao]ise?|esa?|en[oa]|ense)"  # Senegalese, béninois, salvadoreña
    r"|tec[oa])?(?:e?s)?"
)


def stem(form, language):
    """Return the stem of a word; the word itself if the language is unknown."""
    if language == "ar":
        short = arabic(form)
        return ARABIC_PLURALS.get(short, short)
    if nation := NATION.fullmatch(form):
        return nation[1]
    for before, after in ENDINGS.get(language, ()):
        form = before.sub(after, form)
    stemmer = STEMMERS.by_language.get(language)
    return stemmer.stemWord(form) if stemmer and not form.isdigit() else form


def folded(text):
    """Return the folded words of a text, in their order, as texts."""
    return [form for raw in WORD.findall(text) for form in forms(raw)]


def is_acronym(raw):
    """Return whether a word is a stop word but for its capitals: WHO, UN, IT."""
    return raw.isupper() and 1 < len(raw) and raw.lower() in STOP_WORDS


@lru_cache(maxsize=100_000)
def forms_and_stems(raw, language):
    found = forms(raw)
    if is_acronym(raw):
        return found, (raw,)
    return found, tuple([stem(form, language) for form in found])


@lru_cache(maxsize=200_000)
def both_spellings(raw, language):
    return tuple(map(" ".join, forms_and_stems(raw, language)))


def spelled(text, language):
    """Return two texts: the folded words of a text, and their stems."""
    language = language.partition("-")[0]
    words = [both_spellings(raw, language) for raw in WORD.findall(text)]
    return " ".join([word[0] for word in words]), " ".join([word[1] for word in words])


def stems(text, language):
    """Return the stems of a text, as the index has them."""
    return spelled(text, language)[1].split()


HYPHENS = "-\u2010\u2011"
# Without going back in a word, as most have no hyphen.
HYPHENED = re.compile(rf"(?<!\w)\w++(?:[{HYPHENS}]\w++)+")


def joined(text):
    """Return the hyphenated words of a text, written without hyphens."""
    if not any(hyphen in text for hyphen in HYPHENS):
        return ""
    return " ".join("".join(folded(one)) for one in HYPHENED.findall(text))


@lru_cache(maxsize=10_000)
def alternatives(form):
    """Return all stems that the index may have of a word, in any language."""
    official = wordlists.COUNTRY_WORDS.get(form)
    others = alternatives(official) if official else ()
    if form in STOP_WORDS:
        others += (form.upper(),)
    return tuple(
        dict.fromkeys([form, *(stem(form, lang) for lang in LANGUAGES), *others])
    )


@lru_cache(maxsize=10_000)
def likely(form):
    """Return those of the main languages."""
    official = wordlists.COUNTRY_WORDS.get(form)
    others = likely(official) if official else ()
    stemmed = (stem(form, language) for language in MAIN_LANGUAGES)
    return frozenset([form, *stemmed, *others])


STOP_WORDS = frozenset(word.form for word in words(wordlists.STOP_WORDS))
