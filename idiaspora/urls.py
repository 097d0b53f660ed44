from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from resources import views

urlpatterns = [
    path("covers/<int:pk>/<str:name>", views.cover, name="cover"),
    path("", include("resources.machine_urls")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("resources.urls")),
        prefix_default_language=False,
    ),
]

handler400 = views.not_understood
handler403 = views.not_allowed
handler404 = views.not_found
handler500 = views.server_error
