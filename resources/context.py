"""What every template knows."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.safestring import SafeString

from . import addresses
from .fragments import frame


def site(request):
    # Without one a request was refused before it was looked at.
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    path = whole = request.get_full_path()
    if language != settings.LANGUAGE_CODE:
        path = path.removeprefix(f"/{language}")
    try:
        origin = addresses.origin(request)
    except DisallowedHost:
        origin = ""  # The page says so; it needs no links to itself.
    return {
        "language": language,
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "alternates": SafeString(frame.alternates(path, origin)),
        "tongues": SafeString(frame.tongues(path, language)),
        # A view to which the query means something gives its own.
        "canonical": origin + whole.partition("?")[0],
        "origin": origin,
    }
