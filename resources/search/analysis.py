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

# Languages whose forms a query offers, by the name of their Snowball stemmer.
LANGUAGES = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "ar": "arabic",
    "de": "german",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
}


class Stemmers(threading.local):
    """Each thread's own: a stemmer keeps the word it works on."""

    def __init__(self):
        self.by_language = {
            # Without its own cache: `stem` keeps one for all threads.
            language: Stemmer.Stemmer(name, 0)
            for language, name in LANGUAGES.items()
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

ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=\w{3})")


class Word(NamedTuple):
    """A folded word and where it stands in the text it was taken from."""

    form: str
    start: int
    end: int


def fold(text):
    """Text with all spellings that people take for the same made the same."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    text = text.translate(LETTERS)
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=50_000)
def forms(raw):
    """The folded words in one unbroken run of characters."""
    found = []
    for run in RUNS.findall(fold(raw)):
        if re.match(f"[{CJK}]", run):
            found += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
        else:
            found.append(ARTICLE.sub("", run)[:64])
    return tuple(found)


def words(text):
    """The words of a text in their order, folded."""
    return [
        Word(form, match.start(), match.end())
        for match in WORD.finditer(text)
        for form in forms(match[0])
    ]


@lru_cache(maxsize=50_000)
def stem(form, language):
    """The form all forms of a word share, in a language; itself if not known."""
    stemmer = STEMMERS.by_language.get(language)
    return stemmer.stemWord(form) if stemmer and not form.isdigit() else form


def folded(text):
    """The words of a text in their order, without where they stand."""
    return [form for raw in WORD.findall(text) for form in forms(raw)]


def stems(text, language):
    """The words of a text as the index keeps them."""
    language = language.partition("-")[0]
    return [stem(form, language) for form in folded(text)]


def alternatives(form):
    """All under which the index may keep a word, whatever language it is in."""
    return tuple(dict.fromkeys([form, *(stem(form, lang) for lang in LANGUAGES)]))


# Words too common to tell records apart, folded.
STOP_WORDS = frozenset(
    fold(
        """
        a about an and are as at be been but by can do does for from had has have how i
        if in into is it its me my no not of on or our over so such than that the their
        them then there these they this those to under was we were what when where
        which who why will with would you your
        au aux avec ce ces cette comme comment d dans de des du elle elles en entre est
        et eux il ils j je l la le les leur leurs mais ne nos notre nous on ont ou par
        pas plus pour qu que quel quelle quelles quels qui sa se ses son sont sur un une
        vos votre vous y
        al ante como con contra cual cuales cuando de del desde donde e el ella ellas
        ellos en entre era es esa ese esta estas este estos fue ha han hasta hay la las
        lo los mas mi muy o para pero por que quien se sin sobre son su sus tambien un
        una unas uno unos ya
        di il dello della dei degli delle che per gli uno con da dal dalla nel nella do
        dos das na nas nos ao aos pela pelo um uma
        في من الى على عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم ما لا ان او ثم قد
        كان كانت كل بين بعد قبل عند حول و يا لم لن كما كيف اي
        """
    ).split()
)
