"""The home page: what the library is for, and ways into it."""

from django.conf import settings

from .. import addresses
from ..addresses import origin
from ..facets import FACETS, choices, most_frequent, with_terms
from ..filters import ResourceFilter
from ..formats import metadata
from ..public import look_up, public, render

NEWEST = 6
# How many values of each facet it shows: all regions, so that no continent is missing.
MOST_SHOWN = {"theme": 6, "region": 50, "country": 12, "programme": 10}
MOST_COUNTED = 300
# The languages that the examples of searches are in.
EXAMPLE_LANGUAGES = ["en", "fr", "ar"]


@public
def home(request):
    search, language = look_up(request), request.LANGUAGE_CODE
    results = ResourceFilter(search=search).find(size=NEWEST, most=MOST_COUNTED)
    counts = {name: results.counts.get(name, {}) for name in MOST_SHOWN}
    named = choices(counts, search.version)
    named["region"] = [one for one in named["region"] if one.parent is None]
    top = {name: most_frequent(named[name], most) for name, most in MOST_SHOWN.items()}
    themes = with_terms(top["theme"], search.version)
    here = origin(request)
    website = metadata.website(
        settings.SITE_NAME,
        here + addresses.page("home", language),
        here + addresses.of_list(language),
        language,
    )
    context = {
        "total": results.total,
        "numbers": {
            name: len(results.counts.get(name, {}))
            for name in ["language", "country", "programme"]
        },
        "newest": search.documents(results.ids),
        "themes": themes,
        "programmes": with_terms(top["programme"], search.version),
        "regions": top["region"],
        "countries": sorted(top["country"], key=lambda choice: choice.order),
        "facets": FACETS,
        "examples": examples(term for _choice, term in themes),
        "website": website,
    }
    return render(request, "home.html", context)


def examples(themes):
    """
    Return pairs of a language and words to search for, which find something.

    They are names of themes, each in another language, to show that one may search in
    any of them.
    """
    return [
        (language, theme.name_in(language))
        for language, theme in zip(EXAMPLE_LANGUAGES, themes, strict=False)
        if language in theme.names
    ]
