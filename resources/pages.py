"""Ten at a time: which page was asked for, and what it holds."""

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext_lazy as _

PER_PAGE = 10
# Pages in the middle of a very long list are for nobody but crawlers.
DEEPEST = 1000


class NoSuchPage(Http404):
    """Its text is for the visitor."""


def asked_page(data):
    """The page number in a query: 1 unless there is a sensible one."""
    digits = data.get("page", "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return 1
    # Python refuses to read numbers of thousands of digits.
    return max(int(digits[:20]), 1)


def paginate(resources, number):
    """Raises NoSuchPage beyond the end, and where a long list is too deep."""
    paginator = Paginator(resources, PER_PAGE)
    if number > paginator.num_pages:
        raise NoSuchPage(_("The list has no page with this number."))
    if DEEPEST < number <= paginator.num_pages - DEEPEST:
        raise NoSuchPage(
            _(
                "This page lies too deep in the list. Narrow the list with filters, "
                "or come from its other end."
            )
        )
    page = paginator.page(number)
    page.numbers = paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)
    return page
