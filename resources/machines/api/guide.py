"""The page about the API, for people, with examples that work."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ... import limits
from ...addresses import origin
from ...models import Resource
from ...public import look_up, public, render
from .parameters import PARAMETERS
from .vocabularies import VOCABULARIES


@public
def guide(request):
    here = origin(request)
    addresses = {
        name: here + reverse(f"machines:{pattern}")
        for name, pattern in [
            ("list", "api-list"),
            ("dump", "api-dump"),
            ("description", "api-description"),
            ("oai", "oai"),
        ]
    }
    context = addresses | {
        "examples": list(examples(look_up(request), addresses)),
        "identify": f"{addresses['oai']}?verb=Identify",
        "parameters": PARAMETERS.values(),
        "vocabularies": [
            (name, here + reverse("machines:api-vocabulary", args=[name]))
            for name in VOCABULARIES
        ],
        "limits": {
            "rate": settings.RATE_LIMIT,
            "most": settings.RATE_LIMIT * limits.BURST,
            "list": limits.LIST,
            "file": limits.FILE,
        },
    }
    return render(request, "developers.html", context)


def examples(search, addresses):
    url = addresses["list"]
    yield {"text": _("The newest resources"), "url": url}
    themes = search.find(size=1).counts.get("theme")
    if themes:
        query = urlencode({"sort": "title", "theme": max(themes, key=themes.get)})
        yield {"text": _("A theme, by title"), "url": f"{url}?{query}"}
    yield {"text": _("Words, and five at a time"), "url": f"{url}?q=diaspora&size=5"}
    yield {
        "text": _("What has changed since a day"),
        "url": f"{url}?changed_since={timezone.now() - timedelta(days=7):%Y-%m-%d}",
    }
    yield {"text": _("The numbers of each filter"), "url": f"{url}?facets=1&size=1"}
    newest = Resource.objects.published().newest_first().first()
    if newest:
        yield {"text": _("One resource, by its id"), "url": f"{url}{newest.pk}/"}
    query = urlencode({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    yield {"text": _("All records by OAI-PMH"), "url": f"{addresses['oai']}?{query}"}
