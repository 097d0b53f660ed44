"""
The vocabularies: what values of the filters mean, in each language of the interface.

They hold the terms that a public resource has. Others are not public: that there is a
term may tell what a draft is about.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from ... import addresses, documents, languages
from ...addresses import asking, origin
from ...facets import FACETS
from ...filters import database
from ...models import Resource
from ...public import look_up
from .responses import Problem, endpoint, json_response

VOCABULARIES = ["programme", "region", "country", "theme", "type", "language"]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@endpoint()
def vocabulary_list(request):
    results = [
        {
            "name": name,
            "url": origin(request) + reverse("machines:api-vocabulary", args=[name]),
            "titles": in_each_language(FACETS[name].plural),
        }
        for name in VOCABULARIES
    ]
    return json_response({"results": results})


@endpoint()
def vocabulary(request, name):
    if name not in VOCABULARIES:
        names = ", ".join(VOCABULARIES)
        raise Problem(404, f"There is no such vocabulary. There are: {names}.")
    search = look_up(request)
    vocabularies = documents.snapshot(search.version)
    describe = language if name == "language" else term
    results = [
        describe(name, value, vocabularies)
        | addresses_of(request, name, value)
        | {"resources": number}
        for value, number in totals(name, search, vocabularies).items()
    ]
    results.sort(key=lambda one: (one["names"]["en"], one["value"]))
    titles = in_each_language(FACETS[name].plural)
    return json_response({"name": name, "titles": titles, "results": results})


def totals(name, search, vocabularies):
    """Return the number of resources with each value; None while there is no index."""
    if search.is_usable:
        return search.totals(name)
    published = Resource.objects.published()
    return dict.fromkeys(database.values_of(name, published, vocabularies))


def term(name, slug, vocabularies):
    """Return what is public about a term; all terms have the same keys."""
    one = vocabularies.term(name, slug)
    return {
        "value": slug,
        "code": one.code or None,
        "names": {language: one.names.get(language) for language in LANGUAGES},
        "description": one.description or None,
        "descriptions": {code: one.descriptions.get(code) for code in LANGUAGES},
        "aliases": list(filter(None, map(str.strip, one.aliases.splitlines()))),
        # Of a region or a country: the region that contains it.
        "parent": vocabularies.parents.get(name, {}).get(slug),
        "home_page": one.url or None,
        "started_in": one.started_in,
        "ended_in": one.ended_in,
    }


def language(name, tag, vocabularies):
    """Return the same of a language; its code is that of BCP 47."""
    return {
        "value": tag,
        "code": tag,
        "names": languages.names(tag, LANGUAGES),
        "description": None,
        "descriptions": dict.fromkeys(LANGUAGES),
        "aliases": [languages.own_name(tag)],
        "parent": None,
        "home_page": None,
        "started_in": None,
        "ended_in": None,
    }


def addresses_of(request, name, value):
    """Return where the resources with a value are, for programs and for people."""
    here, listed = origin(request), reverse("machines:api-list")
    return {
        "url": here + asking(listed, urlencode({name: value})),
        "page": here + addresses.page(name, settings.LANGUAGE_CODE, value),
    }


def in_each_language(text):
    titles = {}
    for language in LANGUAGES:
        with translation.override(language):
            titles[language] = str(text)
    return titles
