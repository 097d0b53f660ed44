"""The page about the API, for people, with examples that work."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from ...addresses import origin
from ...models import Resource
from ...public import look_up, public, render
from .parameters import PARAMETERS


@public
def guide(request):
    here = origin(request)
    addresses = {
        name: here + reverse(f"machines:api-{name}")
        for name in ["list", "dump", "description"]
    }
    return render(
        request,
        "developers.html",
        {
            **addresses,
            "examples": list(examples(look_up(request), addresses["list"])),
            "parameters": PARAMETERS.values(),
        },
    )


def examples(search, url):
    yield {"text": _("The newest resources"), "url": url}
    themes = search.find(size=1).counts.get("theme")
    if themes:
        query = urlencode({"sort": "title", "theme": max(themes, key=themes.get)})
        yield {"text": _("A theme, by title"), "url": f"{url}?{query}"}
    yield {"text": _("Words, and five at a time"), "url": f"{url}?q=diaspora&size=5"}
    yield {"text": _("The numbers of each filter"), "url": f"{url}?facets=1&size=1"}
    newest = Resource.objects.published().newest_first().first()
    if newest:
        yield {"text": _("One resource, by its id"), "url": f"{url}{newest.pk}/"}
