"""
The Jinja2 environment of the public pages: one for each language of the interface.

Filters take no context, so Jinja2 calls those of constants once, when it compiles a
template: `"resources:list"|url` costs a page nothing, nor does `_("Search")`. There is
no bytecode cache, as its key does not see new translations or new static files.
"""

import json
from functools import lru_cache, wraps
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token

from resources import addresses, languages, texts
from resources.facets import FACETS
from resources.formats import FORMATS, OF_ONE
from resources.formats.metadata import LOCALES
from resources.search.highlighting import highlight

# What a list is offered as; one resource is offered in every format.
LIST_FORMATS = ["excel.csv", "csv", "json", "ris", "bib"]


def environment(*, language, **options):
    """Return the environment that renders pages in a language of the interface."""
    extensions = ["jinja2.ext.i18n", TranslateConstants]
    options |= {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "undefined": StrictUndefined,
    }
    env = Environment(extensions=extensions, finalize=finalize, **options)
    env.extend(language=language)
    gettext, ngettext, pgettext, npgettext = translators(language)
    env.install_gettext_callables(
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.policies["json.dumps_function"] = to_json
    env.globals |= {
        "language": language,
        "direction": languages.direction(language),
        "open_graph_locale": LOCALES.get(language, language),
        "languages": interface_languages(),
        "facet_names": facet_names(language),
        "list_formats": list_formats(language),
        "record_formats": {end: module.NAME for end, module in OF_ONE.items()},
    }
    env.filters |= filters(language)
    return env


def translators(language):
    """Return Django's four functions that translate, made to do so into a language."""

    def into_language(function):
        @wraps(function)
        def translate(*args):
            with translation.override(language):
                return function(*args)

        return translate

    names = ["gettext", "ngettext", "pgettext", "npgettext"]
    return [into_language(getattr(translation, name)) for name in names]


class TranslateConstants(Extension):
    """
    Replace `_("…")` and `pgettext("…", "…")` by the translation at compile time.

    Calls with variables, and {% trans %} blocks, are left to the i18n extension.
    """

    GETTEXT = ["name", "lparen", "string", "rparen"]
    PGETTEXT = ["name", "lparen", "string", "comma", "string", "rparen"]

    def filter_stream(self, stream):
        gettext, _ngettext, pgettext, _npgettext = translators(
            self.environment.language
        )
        calls = {"_": (self.GETTEXT, gettext), "pgettext": (self.PGETTEXT, pgettext)}
        tokens = list(stream)
        while tokens:
            first = tokens[0]
            types, translate = calls.get(first.value, ([], None))
            call = tokens[: len(types)]
            if types and [token.type for token in call] == types:
                strings = [token.value for token in call if token.type == "string"]
                first = Token(first.lineno, "string", translate(*strings))
            del tokens[: len(call) if first is not tokens[0] else 1]
            yield first


def interface_languages():
    """Return the code, own name and start of addresses of each language."""
    return [
        (
            code,
            translation.get_language_info(code)["name_local"],
            "" if code == settings.LANGUAGE_CODE else f"/{code}",
        )
        for code, _name in settings.LANGUAGES
    ]


def facet_names(language):
    """Return what pages call each facet, translated once."""
    with translation.override(language):
        return {
            name: {"title": str(facet.title), "all_title": str(facet.all_title)}
            for name, facet in FACETS.items()
        }


def finalize(value):
    """Return what a template shows of a value: a text cannot turn what follows it."""
    if type(value) is str:
        return texts.contained(value)
    if isinstance(value, int) or hasattr(value, "__html__"):
        return value
    return texts.contained(str(value))


def list_formats(language):
    """Return the name of each format that a list is offered in."""
    with translation.override(language):
        return {end: str(FORMATS[end].NAME) for end in LIST_FORMATS}


def to_json(value, **options):
    """Return JSON for the filter `tojson`, which escapes what could end an element."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def filters(language):
    """Return the filters of templates in a language, by name."""

    @lru_cache(maxsize=1000)
    def url(name, *args):
        """Return an address by its name, in the language of the page."""
        with translation.override(language):
            return reverse(name, args=args)

    @lru_cache(maxsize=10_000)
    def number(value):
        """Return a whole number with its thousands separated."""
        return texts.format_number(value, language)

    @lru_cache(maxsize=10_000)
    def day(date):
        with translation.override(language):
            return date_format(date, "DATE_FORMAT")

    return {
        "contained": texts.contained,
        "cover_image": cover_image,
        "date": lambda moment: day(localtime(moment).date()),
        "day": day,
        "direction": languages.direction,
        "highlight": highlight,
        "local_time": lambda moment: localtime(moment).isoformat(timespec="seconds"),
        "markdown": texts.markdown,
        "name_in": lambda term, code: term.name_in(code),
        "number": number,
        "quote_path": quote,
        "static": static,
        "truncate_sentences": texts.truncate_sentences,
        "url": url,
        "with_query": addresses.asking,
    }


class CoverImage(NamedTuple):
    """The attributes of an <img> that shows a cover."""

    src: str
    srcset: str
    width: int
    height: int


def cover_image(document, widest=None, in_admin=False):
    """
    Return the cover of a document as a CoverImage, a drawn one if it has none.

    Nothing wider than `widest` is offered, whatever the density of the screen. The
    addresses are those of the admin for a document that is not published.
    """
    start = cover_folder(in_admin).replace("0", str(document.id))
    files = [file for file in document.renditions if not widest or file.width <= widest]
    if not files:
        drawn = document.drawn_cover
        return CoverImage(start + drawn.name, "", drawn.width, drawn.height)
    urls = [start + quote(file.name.rpartition("/")[2]) for file in files]
    # The middle one suits browsers that do not know srcset.
    middle = min(1, len(files) - 1)
    srcset = ", ".join(
        f"{url} {file.width}w" for url, file in zip(urls, files, strict=True)
    )
    return CoverImage(urls[middle], srcset, files[middle].width, files[middle].height)


@lru_cache(maxsize=2)
def cover_folder(in_admin):
    """Return the address of the covers of the record with the number 0."""
    name = "admin:resources_resource_cover" if in_admin else "cover"
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, args=[0, "-"]).removesuffix("-")
