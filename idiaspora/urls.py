from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from resources.pages import views

# Covers come first, as every page requests many.
urlpatterns = [
    path("covers/<int:pk>/<str:name>", views.cover, name="cover"),
    *i18n_patterns(
        path("", include("resources.pages.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    path("", include("resources.machines.urls")),
]

handler400 = views.not_understood
handler403 = views.not_allowed
handler404 = views.not_found
handler500 = views.server_error
