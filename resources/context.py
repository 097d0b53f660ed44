"""What every template knows."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.encoding import escape_uri_path
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info

from . import addresses
from .fragments import frame

NAMES = {code: get_language_info(code)["name_local"] for code, _ in settings.LANGUAGES}


def site(request):
    language = get_language()
    path = request.get_full_path()
    if language != settings.LANGUAGE_CODE:
        path = path.removeprefix(f"/{language}")
    try:
        origin = addresses.origin(request)
    except DisallowedHost:
        origin = ""  # The page says so; it needs no links to itself.
    languages = [
        {
            "code": code,
            "name": NAMES[code],
            "url": path if code == settings.LANGUAGE_CODE else f"/{code}{path}",
            "is_current": code == language,
        }
        for code, _name in settings.LANGUAGES
    ]
    return {
        "language": language,
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "alternates": mark_safe(frame.alternates(languages, origin)),
        "tongues": mark_safe(frame.tongues(languages, language)),
        # A view to which the query means something gives its own.
        "canonical": origin + escape_uri_path(request.path),
        "origin": origin,
    }
