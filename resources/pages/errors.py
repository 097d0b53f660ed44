"""The pages for what is not there, not allowed, not understood or went wrong."""

import sys
from logging import getLogger

from django.utils.translation import gettext as _

from ..public import DATABASE_ERRORS, error_page, render, unavailable
from .pagination import NoSuchPage

logger = getLogger(__name__)


def not_found(request, exception):
    """Return the page for what is not there; it says why if the reason is ours."""
    text = _("The address may be mistyped, or the page may have moved.")
    if isinstance(exception, NoSuchPage):
        text = str(exception)
    return error_page(request, 404, _("Not found"), _("There is no such page"), text)


def not_allowed(request, exception):
    text = _(
        "Your account may not see this page. An administrator can give it the right."
    )
    heading = _("This page is for staff")
    return error_page(request, 403, _("For staff only"), heading, text)


def not_understood(request, exception):
    text = _(
        "The address or form that was sent cannot be read. Start again from the list."
    )
    heading = _("This request was not understood")
    return error_page(request, 400, _("Not understood"), heading, text)


def server_error(request):
    """Return the page for an error; Django calls this while it is being handled."""
    text = _("The fault is ours, not yours, and has been noted. Try again in a moment.")
    name = _("Something went wrong")
    try:
        if isinstance(sys.exception(), DATABASE_ERRORS):
            return unavailable(request)
        return error_page(request, 500, name, name, text)
    except Exception:
        # As when the static files are missing, which every other page names.
        logger.exception("The page for errors cannot be shown.")
        return render(request, "bare_error.html", {"heading": name, "text": text}, 500)


def locked_out(request, response, credentials):
    """Return the page for an account that failed to sign in too often."""
    text = _(
        "Wait a quarter of an hour, then try again. An administrator can let you in "
        "sooner."
    )
    heading = _("Too many attempts to sign in")
    name = _("Too many attempts")
    return error_page(request, 429, name, heading, text, has_link=False)
