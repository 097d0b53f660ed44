"""
What may be asked of the list, and how it narrows.

One FilterSet for everything that takes a query: the list, and later feeds, exports
and the API, so that one address means one thing everywhere.
"""

from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .facets import FACETS, in_use
from .models import EARLIEST_YEAR, LATEST_YEAR, sort_key

MOST_VALUES = 20  # of one facet
MOST_SHOWN = 100  # of one facet, in the panel
MOST_WORDS = 12
MOST_TEXT = 300

SORTS = {
    "newest": (_("Newest first"), ["-published_at", "-pk"]),
    "title": (_("Title"), ["sort_title", "pk"]),
    "year": (_("Year"), [Coalesce("year", 0).desc(), "-pk"]),
}


class ValuesField(forms.MultipleChoiceField):
    """Takes the values that exist and leaves out the others."""

    def clean(self, value):
        known = {str(choice) for choice, _label in self.choices}
        return sorted(known.intersection(value or []))


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
        text = "".join(c if c.isprintable() else " " for c in str(value or ""))
        return " ".join(text[:MOST_TEXT].split())


class SortField(forms.ChoiceField):
    def clean(self, value):
        return value if value in SORTS else ""


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = ValuesField

    def __init__(self, name):
        self.facet = FACETS[name]
        super().__init__(label=self.facet.title)

    def filter(self, resources, values):
        if not values:
            return resources
        return self.facet.narrow(resources, values, self.parent.in_use)


class YearFilter(django_filters.Filter):
    field_class = YearField


class TextFilter(django_filters.Filter):
    field_class = TextField

    def filter(self, resources, text):
        for word in sort_key(text or "").split()[:MOST_WORDS]:
            resources = resources.filter(sort_title__contains=word)
        return resources


class SortFilter(django_filters.Filter):
    field_class = SortField

    def filter(self, resources, sort):
        return resources.order_by(*SORTS[sort or "newest"][1])


class ResourceFilter(django_filters.FilterSet):
    q = TextFilter(label=_("Words in the title"))
    programme = FacetFilter("programme")
    region = FacetFilter("region")
    country = FacetFilter("country")
    theme = FacetFilter("theme")
    type = FacetFilter("type")
    language = FacetFilter("language")
    author = FacetFilter("author")
    publisher = FacetFilter("publisher")
    year_from = YearFilter(label=_("From year"), field_name="year", lookup_expr="gte")
    year_to = YearFilter(label=_("To year"), field_name="year", lookup_expr="lte")
    sort = SortFilter(
        label=_("Sort by"), choices=[(key, label) for key, (label, _o) in SORTS.items()]
    )

    def __init__(self, data, resources):
        self.in_use = in_use()
        super().__init__(data, queryset=resources)
        for name in FACETS:
            self.filters[name].extra["choices"] = list(self.in_use[name].items())

    def filter_queryset(self, resources):
        for name, one in self.filters.items():
            resources = one.filter(resources, self.chosen.get(name))
        return resources

    @cached_property
    def asked(self):
        """What was understood of the query: only known names and possible values."""
        self.form.is_valid()
        asked = {k: v for k, v in self.form.cleaned_data.items() if v}
        if asked.get("sort") == "newest":
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
    def narrows(self):
        """Whether this is less than the whole list."""
        return bool(self.chosen.keys() - {"sort"})

    def address(self, page=1, **changes):
        """
        The query string that asks for this, in its one canonical form.

        Known parameters in the order of the alphabet, without empty values,
        repetitions or what goes without saying.
        """
        parameters = self.chosen | changes | ({"page": page} if page > 1 else {})
        pairs = sorted((name, value) for name, value in parameters.items() if value)
        return urlencode(pairs, doseq=True)

    def removals(self):
        """Each chosen filter: its facet, its value and the address without it."""
        for name, value in self.chosen.items():
            label = self.filters[name].label
            if name in FACETS:
                for one in value:
                    rest = [other for other in value if other != one]
                    yield label, self.in_use[name][one], self.address(**{name: rest})
            elif name != "sort":
                yield label, value, self.address(**{name: None})

    def panel(self):
        """The facets with their choices, as the form shows them."""
        for name, facet in FACETS.items():
            choices = self.in_use[name]
            if not choices:
                continue
            chosen = self.chosen.get(name, [])
            yield {
                "facet": facet,
                "chosen": chosen,
                "rows": rows(choices, set(chosen)),
            }


def rows(choices, chosen):
    """Choices in the order of a tree, each with its depth and whether it is chosen."""

    def below(parent, depth):
        for choice in choices.values():
            if choice.parent == parent:
                yield {"choice": choice, "depth": depth, "on": choice.value in chosen}
                yield from below(choice.value, depth + 1)

    shown = list(below("", 0))
    if len(shown) > MOST_SHOWN:
        frequent = sorted(shown, key=lambda row: (not row["on"], -row["choice"].number))
        kept = {row["choice"].value for row in frequent[:MOST_SHOWN]}
        shown = [row for row in shown if row["choice"].value in kept]
    return shown
