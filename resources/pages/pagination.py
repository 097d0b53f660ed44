"""Pages of ten records, and where they stand in the list."""

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext_lazy as _

PER_PAGE = 10
# Pages in the middle of a very long list are for nobody but crawlers, and what is
# a thousand pages down a ranked list is no answer.
DEEPEST = 1000


class NoSuchPage(Http404):
    """Its text is for the visitor."""


class Counted:
    """Stands for a list of which only one page was looked up."""

    def __init__(self, total, items):
        self.total = total
        self.items = items

    def __len__(self):
        return self.total

    def __getitem__(self, where):
        return self.items


def paginate(total, items, number, is_ranked=False):
    """Raises NoSuchPage beyond the end, and where a long list is too deep."""
    paginator = Paginator(Counted(total, items), PER_PAGE)
    if number > paginator.num_pages:
        raise NoSuchPage(_("The list has no page with this number."))
    far_end = paginator.num_pages if is_ranked else paginator.num_pages - DEEPEST
    if DEEPEST < number <= far_end:
        raise NoSuchPage(
            _(
                "This page lies too deep in the list. Narrow the list with filters, "
                "or come from its other end."
            )
        )
    page = paginator.page(number)
    page.numbers = paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)
    return page
