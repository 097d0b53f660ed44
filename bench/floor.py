"""
The least Django can do: a constant answer of 20 KB, without any middleware.

What a page costs is told as a multiple of this, measured in the same run.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="floor"
)
TEXT = "A constant answer. ".ljust(20) * 1024


def constant(request):
    return HttpResponse(TEXT)


urlpatterns = [path("", constant)]
application = get_wsgi_application()
