"""What pages tell search engines about themselves and the way to them."""

from django.utils.translation import gettext as _

from .. import addresses
from ..addresses import origin
from ..formats import metadata


def full_address(request):
    return origin(request) + request.get_full_path()


def collection(request, page, name):
    """Return the linked data of a page of a list."""
    here, language = origin(request), request.LANGUAGE_CODE
    return metadata.collection_page(
        name,
        full_address(request),
        [(one.title, here + one.address_in(language)) for one in page],
        page.paginator.count,
        page.start_index(),
    )


def first_steps(request):
    """Return name and address of the pages that stand above all others."""
    here, language = origin(request), request.LANGUAGE_CODE
    return [
        (_("Home"), here + addresses.page("home", language)),
        (_("All resources"), here + addresses.of_list(language)),
    ]
