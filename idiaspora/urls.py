from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from resources.pages import errors, views

# Those of people, after what tells the language.
pages = (path("", include("resources.urls")),)

# In the order of how often they are asked for: Django tries one after the other.
urlpatterns = [
    path("covers/<int:pk>/<str:name>", views.cover, name="cover"),
    *i18n_patterns(
        *pages,
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    path("", include("resources.machines.urls")),
]

handler400 = errors.not_understood
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
