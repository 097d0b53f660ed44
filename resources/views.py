"""One short function for each public page."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import covers
from .facets import FACETS, in_use
from .filters import ResourceFilter
from .models import Resource
from .pages import NoSuchPage, asked_page, paginate


def public(view):
    """Open a view to everybody; without it a view is for staff."""
    return login_not_required(require_safe(view))


@public
def home(request):
    values = in_use()
    browse = [
        (FACETS["programme"], values.top("programme", 12)),
        (FACETS["region"], [c for c in values["region"].values() if not c.parent]),
        (FACETS["theme"], values.top("theme", 12)),
    ]
    newest = Resource.objects.published().newest_first().for_cards()[:6]
    return render(request, "resources/home.html", {"newest": newest, "browse": browse})


@public
def resource_list(request):
    asked = ResourceFilter(request.GET, Resource.objects.published())
    number = asked_page(request.GET)
    address = asked.address(page=number)
    if request.META["QUERY_STRING"] != address and not asked.has_too_many:
        return HttpResponseRedirect(address_of("resources:list", address))
    page = paginate(asked.qs.for_cards(), number)
    return render(request, "resources/list.html", {"asked": asked, "page": page})


@public
def resource_detail(request, pk, slug):
    resource = Resource.objects.published().for_detail().filter(pk=pk).first()
    if resource is None:
        gone = get_object_or_404(Resource.objects.withdrawn(), pk=pk)
        return render(request, "resources/withdrawn.html", {"gone": gone}, status=410)
    if slug != resource.slug:
        return redirect(resource, permanent=True)
    return render(
        request,
        "resources/detail.html",
        {"resource": resource, "more": resource.more_of_programme()},
    )


@public
def browse_all(request, facet):
    return render(
        request,
        "resources/browse_all.html",
        {"facet": FACETS[facet], "choices": in_use()[facet].values()},
    )


@public
def browse(request, facet, value, slug=None):
    facet = FACETS[facet]
    values = in_use()
    choice = values[facet.name].get(value)
    if choice is None:
        raise Http404
    number = asked_page(request.GET)
    query = f"page={number}" if number > 1 else ""
    address = choice.get_absolute_url()
    if request.path != address or request.META["QUERY_STRING"] != query:
        return HttpResponseRedirect(f"{address}?{query}" if query else address)
    resources = facet.narrow(Resource.objects.published(), [value], values)
    page = paginate(resources.newest_first().for_cards(), number)
    term = facet.model.objects.get(slug=value) if facet.model else None
    return render(
        request,
        "resources/browse.html",
        {"facet": facet, "choice": choice, "page": page, "term": term},
    )


@public
def about(request):
    return render(request, "about.html")


@public
def cover(request, pk, name):
    resources = Resource.objects.published().only(
        "cover", "cover_width", "cover_height"
    )
    file = covers.file_of(get_object_or_404(resources, pk=pk), name)
    if file is None:
        raise Http404
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=604800"
    return response


def not_found(request, exception):
    """The page for whatever is not there; tells why when the reason is ours."""
    why = str(exception) if isinstance(exception, NoSuchPage) else ""
    return render(request, "404.html", {"why": why}, status=404)


def not_allowed(request, exception):
    return render(request, "403.html", status=403)


def not_understood(request, exception):
    return render(request, "400.html", status=400)


def server_error(request):
    return render(request, "500.html", status=500)


def address_of(name, query):
    return f"{reverse(name)}?{query}" if query else reverse(name)
