"""
What may be asked of the list, in one canonical address.

One FilterSet for everything that takes a query: the list, and later feeds, exports
and the API, so that one address means one thing everywhere. It reads and checks
what is asked; the search index does the finding.
"""

from functools import cached_property
from urllib.parse import urlencode

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from .facets import FACETS
from .models import EARLIEST_YEAR, LATEST_YEAR
from .pages.pagination import PER_PAGE
from .search.query import tidy

MOST_VALUES = 20  # of one facet
MOST_SHOWN = 12  # of one facet, in the panel
MOST_TYPED = 1000  # characters; search itself reads fewer, and says so

BEST, NEWEST = "best", "newest"
FIRST = "page", 1
SORTS = {
    BEST: _("Best first"),
    NEWEST: _("Newest first"),
    "title": _("Title"),
    "year": _("Year"),
}


class ValuesField(forms.MultipleChoiceField):
    """Any values; which of them public resources have is for the index to say."""

    def clean(self, value):
        return sorted({one.strip()[:100] for one in value or []} - {""})


class YearField(forms.CharField):
    """A year within the possible ones; anything else is no year at all."""

    def clean(self, value):
        digits = str(value or "").strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 8):
            return None
        return min(max(int(digits), EARLIEST_YEAR), LATEST_YEAR)


class TextField(forms.CharField):
    """What somebody typed: any characters, some of which no database stores."""

    def clean(self, value):
        return tidy(value)[:MOST_TYPED].strip()


class SortField(forms.ChoiceField):
    def clean(self, value):
        return value if value in SORTS else ""


class FlagField(forms.CharField):
    def clean(self, value):
        return "1" if value == "1" else ""


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = ValuesField

    def __init__(self, name):
        super().__init__(label=FACETS[name].title)


class YearFilter(django_filters.Filter):
    field_class = YearField


class TextFilter(django_filters.Filter):
    field_class = TextField


class SortFilter(django_filters.Filter):
    field_class = SortField


class FlagFilter(django_filters.Filter):
    field_class = FlagField


class ResourceFilter(django_filters.FilterSet):
    q = TextFilter(label=_("Search the library"))
    programme = FacetFilter("programme")
    region = FacetFilter("region")
    country = FacetFilter("country")
    theme = FacetFilter("theme")
    type = FacetFilter("type")
    language = FacetFilter("language")
    author = FacetFilter("author")
    publisher = FacetFilter("publisher")
    year_from = YearFilter(label=_("From year"))
    year_to = YearFilter(label=_("To year"))
    sort = SortFilter(label=_("Sort by"), choices=list(SORTS.items()))
    # Only records with every word; words exactly as they are typed.
    every = FlagFilter()
    exactly = FlagFilter()

    def __init__(self, data, search):
        # Instead of what every FilterSet does: copy all filters, and make a form of
        # them. The fields keep nothing of a request, so one set is enough.
        self.data = data
        self.search = search
        self.filters = self.base_filters

    @cached_property
    def asked(self):
        """What was understood of the query: only known names and possible values."""
        asked = {}
        for name, one in self.filters.items():
            given = one.field.widget.value_from_datadict(self.data, {}, name)
            value = one.field.clean(given) if given else None
            if name in FACETS and value:
                value = [one for one in value if self.search.has_value(name, one)]
            if value:
                asked[name] = value
        if not asked.get("q"):
            # These say how words are looked up, so they need words.
            asked = {k: v for k, v in asked.items() if k not in {"every", "exactly"}}
        if asked.get("sort") == (BEST if asked.get("q") else NEWEST):
            del asked["sort"]
        if asked.get("sort") == BEST:
            del asked["sort"]
        first, last = asked.get("year_from"), asked.get("year_to")
        if first and last and first > last:
            asked |= {"year_from": last, "year_to": first}
        return asked

    @cached_property
    def chosen(self):
        """The same, as far as the list goes along with it."""
        return {
            name: value[:MOST_VALUES] if isinstance(value, list) else value
            for name, value in self.asked.items()
        }

    @property
    def has_too_many(self):
        return self.chosen != self.asked

    @property
    def words(self):
        return self.chosen.get("q", "")

    @property
    def order(self):
        return self.chosen.get("sort") or (BEST if self.words else NEWEST)

    @property
    def is_ranked(self):
        return self.order == BEST

    @property
    def sorts(self):
        """The orders that make sense: best first needs words."""
        return {key: label for key, label in SORTS.items() if key != BEST or self.words}

    @property
    def narrows(self):
        """Whether this is less than the whole list."""
        return bool(self.chosen.keys() - {"sort"})

    def filters_chosen(self):
        return {
            name: value
            for name, value in self.chosen.items()
            if name in FACETS or name.startswith("year_")
        }

    def address(self, page=1, **changes):
        """
        The query string that asks for this, in its one canonical form.

        Known parameters in the order of the alphabet, without empty values,
        repetitions or what goes without saying.
        """
        if changes:
            return written((self.chosen | changes | {"page": page}).items())
        before, after = self.around_page
        number = f"page={page}" if page > 1 else ""
        return "&".join(part for part in [before, number, after] if part)

    @cached_property
    def around_page(self):
        """What stands before and after the number of a page in an address."""
        chosen = self.chosen.items()
        return (
            written((name, value) for name, value in chosen if name < "page"),
            written((name, value) for name, value in chosen if name > "page"),
        )

    @property
    def feed_address(self):
        """A feed tells what is new, in whatever order the list is."""
        return self.address(sort=None)

    @property
    def exact_address(self):
        return self.address(exactly="1")

    @property
    def every_address(self):
        return self.address(every="1")

    @property
    def any_address(self):
        return self.address(every=None)

    def find(self, page, most=MOST_SHOWN + 1):
        """What the index has for this page, with at most so many values a facet."""
        return self.search.find(
            self.words,
            self.filters_chosen(),
            sort=self.chosen.get("sort", ""),
            start=(page - 1) * PER_PAGE,
            size=PER_PAGE,
            all_words="every" in self.chosen,
            exact="exactly" in self.chosen,
            most=most,
        )

    def ids(self, size):
        """The ids of all that is asked for, so many at a time."""
        return self.search.all(
            size,
            self.words,
            self.filters_chosen(),
            sort=self.chosen.get("sort", ""),
            all_words="every" in self.chosen,
            exact="exactly" in self.chosen,
        )

    def kept(self, *left_out):
        """Names and values as hidden fields of a form that asks for something else."""
        for name, value in sorted(self.chosen.items()):
            if name not in left_out:
                for one in value if isinstance(value, list) else [value]:
                    yield name, one

    def wider(self):
        """Each filter that could go, with the number of resources that would give."""
        for name in self.filters_chosen():
            rest = {k: v for k, v in self.filters_chosen().items() if k != name}
            found = self.search.find(self.words, rest, size=1, counted=False)
            if found.total:
                yield (
                    self.filters[name].label,
                    found.total,
                    self.address(**{name: None}),
                )

    def removals(self, choices):
        """Each chosen filter: its label, its value and the address without it."""
        for name, value in self.chosen.items():
            label = self.filters[name].label
            if name in FACETS:
                named = {choice.value: choice for choice in choices[name]}
                for one in value:
                    rest = [other for other in value if other != one]
                    yield label, named.get(one, one), self.address(**{name: rest})
            elif name == "q":
                yield _("Search"), value, self.address(q=None, every=None, exactly=None)
            elif name in {"year_from", "year_to"}:
                yield label, value, self.address(**{name: None})

    def panel(self, choices):
        """
        The facets as the form shows them.

        Of each the values that are chosen, its rows, and whether there are more.
        """
        for name in FACETS:
            if choices.get(name):
                chosen = set(self.chosen.get(name, []))
                rows = shown(choices[name], chosen)
                yield name, chosen, rows, len(rows) < len(choices[name])


def written(parameters):
    """Names and values as a query string; what goes without saying is left out."""
    pairs = sorted(
        (name, value) for name, value in parameters if value and (name, value) != FIRST
    )
    return urlencode(pairs, doseq=True)


def shown(choices, chosen):
    """
    The choices a panel has room for: the chosen, then the most frequent.

    Each with its depth in the tree, and whether it is chosen; in the order of the
    tree.
    """
    if len(choices) > MOST_SHOWN:
        kept = sorted(choices, key=lambda c: (c.value not in chosen, -c.number))
        kept = {choice.value for choice in kept[:MOST_SHOWN]}
        choices = [choice for choice in choices if choice.value in kept]
    if not any(choice.parent for choice in choices):
        return [(choice, 0, choice.value in chosen) for choice in choices]
    values = {choice.value for choice in choices}

    def below(parent, depth):
        for choice in choices:
            above = choice.parent if choice.parent in values else None
            if above == parent:
                yield choice, depth, choice.value in chosen
                yield from below(choice.value, depth + 1)

    return list(below(None, 0))
