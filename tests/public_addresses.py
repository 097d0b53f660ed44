"""Every public address there is, for tests that walk them all."""

from urllib.parse import quote

from resources.formats import FORMATS
from resources.models import Resource

from .factories import MARK, credited

Status = Resource.Status
PUBLIC = {
    "covers/<int:pk>/<str:name>",
    "motifs/<str:motif>/<str:palette>.svg",
    "robots.txt",
    "opensearch.xml",
    "site.webmanifest",
    "oembed",
    "unapi",
    ".well-known/security.txt",
    "resources/<id:pk>.linkset.json",
    "sitemap.xml",
    "sitemap-pages.xml",
    "sitemap-<int:number>.xml",
    "oai",
    "oai/",
    "resources.<extension:extension>",
    "resources/<id:pk>.<extension:extension>",
    "api/",
    "api/resources/",
    "api/resources/<id:pk>/",
    "api/resources.jsonl",
    "api/openapi.json",
    "api/vocabularies/",
    "api/vocabularies/<slug:name>/",
    "api/<anything:rest>",
    "",
    "about/",
    "accessibility/",
    "resources/",
    "resources/<id:pk>/",
    "resources/choose/<facet:facet>/",
    "resources/suggest/",
    "resources/feed/",
    "resources/<id:pk>/<str:slug>/",
    "admin/login/",
    "programmes/",
    "programmes/<str:value>/",
    "regions/",
    "regions/<str:value>/",
    "countries/",
    "countries/<str:value>/",
    "themes/",
    "themes/<str:value>/",
    "types/",
    "types/<str:value>/",
    "languages/",
    "languages/<str:value>/",
    "authors/",
    "authors/<str:value>/<str:slug>/",
    "publishers/",
    "publishers/<str:value>/<str:slug>/",
}


def addresses():
    """Every public address there is, filled with the values of hidden resources."""
    hidden = list(Resource.objects.exclude(status=Status.PUBLISHED))
    values = {"mida", "health", "report", "en", "tlh", "africa"}
    for resource in Resource.objects.all():
        values |= {resource.type.slug, *resource.themes.values_list("slug", flat=True)}
        if resource.programme:
            values.add(resource.programme.slug)
    numbers = {a.pk: a.slug for r in Resource.objects.all() for a in credited(r)}
    numbers |= {r.publisher.pk: r.publisher.slug for r in hidden if r.publisher}
    files = [
        path.replace("<extension:extension>", extension)
        for path in PUBLIC
        if "<extension:extension>" in path
        for extension in FORMATS
    ]
    pages = {path for path in PUBLIC if "<extension:extension>" not in path}
    for path in [*files, *pages - {"admin/login/"}]:
        if "<id:pk>" in path:
            for resource in Resource.objects.all():
                filled = path.replace("<id:pk>", str(resource.pk))
                yield filled.replace("<str:slug>", resource.slug), resource
        elif "<slug:name>" in path:
            for name in ["programme", "theme", "type", "language", "author"]:
                yield path.replace("<slug:name>", name), None
        elif "<facet:facet>" in path:
            for name in ["programme", "theme", "type", "language", "author"]:
                yield path.replace("<facet:facet>", name), None
                yield path.replace("<facet:facet>", name) + f"?find={MARK[:3]}", None
        elif path == "oembed":
            for resource in Resource.objects.all():
                for page in [resource.permanent_path, resource.get_absolute_url()]:
                    page = quote(f"http://testserver{page}")
                    yield f"oembed?url={page}", resource
        elif path == "unapi":
            yield path, None
            for resource in Resource.objects.all():
                yield f"unapi?id={resource.pk}", resource
                yield f"unapi?id={resource.pk}&format=ris", resource
        elif "<int:number>" in path:
            yield path.replace("<int:number>", "0"), None
        elif "<anything:rest>" in path:
            yield path.replace("<anything:rest>", "nowhere"), None
        elif path.startswith("covers"):
            for resource in hidden:
                for name in ["ffffffff-960.webp", "ffffffff-240.webp", "drawn-0.svg"]:
                    yield f"covers/{resource.pk}/{name}", resource
        elif path.startswith("motifs"):
            yield "motifs/rings/navy.svg", None
        elif "<str:slug>" in path:
            for pk, slug in numbers.items():
                filled = path.replace("<str:value>", str(pk))
                yield filled.replace("<str:slug>", slug), None
        elif "<str:value>" in path:
            for value in values:
                yield path.replace("<str:value>", value), None
        else:
            yield path, None
    for prefix in ["oai_dc", "mods"]:
        for verb in ["ListRecords", "ListIdentifiers"]:
            yield f"oai?verb={verb}&metadataPrefix={prefix}", None
            for value in values:
                for name in ["programme", "theme", "type"]:
                    listed = f"oai?verb={verb}&metadataPrefix={prefix}"
                    yield f"{listed}&set={name}:{value}", None
        for resource in Resource.objects.all():
            record = f"identifier=oai:testserver:{resource.pk}"
            yield f"oai?verb=GetRecord&metadataPrefix={prefix}&{record}", None
            yield f"oai?verb=ListMetadataFormats&{record}", None
    yield "oai?verb=ListSets", None
    yield "oai?verb=Identify", None
    for query in [MARK[:3], MARK, "qualified", "mid", "a"]:
        yield f"resources/suggest/?q={query}", None
    for query in ["q=" + MARK, "sort=title", "sort=year", "programme=mida", "page=2"]:
        yield f"resources/?{query}", None
        yield f"resources.csv?{query}", None
        yield f"resources/feed/?{query}", None
        yield f"api/resources/?{query}&facets=1&size=100", None
    yield "api/resources/?facets=1&size=100", None
    for value in values:
        for name in ["programme", "theme", "type", "language"]:
            yield f"resources/?{name}={value}", None
            yield f"resources/feed/?{name}={value}", None
            yield f"api/resources/?{name}={value}", None
    for pk in numbers:
        yield f"resources/?author={pk}", None
        yield f"resources/?publisher={pk}", None
        yield f"api/resources/?author={pk}&facets=1", None


# In no language.
MACHINES = ("covers", "motifs", "sitemap", "robots", "opensearch", "site.", "oembed")
MACHINES += (
    "unapi",
    ".well-known",
    "oai",
    "api/resources",
    "api/openapi",
    "resources.",
)
MACHINES += ("api/vocabularies", "api/nowhere")


def prefixed(path, prefix="/"):
    """Return the path of an address in a language, or without where it has none."""
    is_for_all = path.startswith(MACHINES) or path.endswith(tuple(FORMATS))
    return ("/" if is_for_all else prefix) + path
