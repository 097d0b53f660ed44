from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from resources.pages import errors, views

# Covers come first, as every page requests many.
urlpatterns = [
    path("covers/<int:pk>/<str:name>", views.cover, name="cover"),
    path("motifs/<str:motif>/<str:palette>.svg", views.motif, name="motif"),
    *i18n_patterns(
        path("", include("resources.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    path("", include("resources.machines.urls")),
]

handler400 = errors.not_understood
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
