from django.urls import path, register_converter

from ..facets import FACETS
from . import browse, home, views


class FacetName:
    regex = "|".join(FACETS)
    to_python = str
    to_url = str


register_converter(FacetName, "facet")

BROWSED = {
    "programme": "programmes",
    "region": "regions",
    "country": "countries",
    "theme": "themes",
    "type": "types",
    "language": "languages",
    "author": "authors",
    "publisher": "publishers",
}

# The most frequent ones first, as Django tries one after the other.
urlpatterns = [
    path("resources/<id:pk>/<str:slug>/", views.resource_detail, name="detail"),
    path("resources/", views.resource_list, name="list"),
    path("", home.home, name="home"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("resources/<id:pk>/", views.resource_detail, {"slug": ""}, name="permanent"),
    path("resources/suggest/", views.suggest, name="suggest"),
    path("resources/choose/<facet:facet>/", views.choose, name="choose"),
]

for name, folder in BROWSED.items():
    value = (
        "<str:value>/<str:slug>/" if FACETS[name].is_of_contributors else "<str:value>/"
    )
    options = {"facet": name}
    urlpatterns += [
        path(f"{folder}/", browse.browse_all, options, name=f"{name}-all"),
        path(f"{folder}/{value}", browse.browse, options, name=name),
    ]
