"""
The parameters of lists, in one canonical address.

One FilterSet declares the parameters of the list, of feeds, downloads and the API, so
that one address means the same everywhere. It checks them; the search index answers
them or, while there is none, the database.
"""

from copy import copy
from functools import cache, cached_property
from itertools import islice
from urllib.parse import urlencode

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from .. import changes, documents, facets
from ..facets import FACETS, FILTERS
from ..models import Resource
from ..search import Results, Unusable
from ..search.parsing import MOST_TEXT, parse
from . import database, fields
from .fields import MOST_TYPED, MOST_VALUES

__all__ = ["BEST", "MOST_TYPED", "MOST_VALUES", "NEWEST", "SORTS", "ResourceFilter"]

BEST, NEWEST = "best", "newest"
SORTS = {
    BEST: _("Most relevant"),
    NEWEST: _("Newest first"),
    "title": _("Title"),
    "year": _("Year"),
}
PATTERNS = {
    "country": fields.COUNTRY_CODE,
    "country_of_origin": fields.COUNTRY_CODE,
    "country_of_residence": fields.COUNTRY_CODE,
    "author": fields.ID,
    "publisher": fields.ID,
}


class Filter(django_filters.Filter):
    """A filter that is quick to copy, which django-filter does for every request."""

    def __deepcopy__(self, memo):
        other = copy(self)
        other.extra = dict(self.extra)
        if self.method:
            other.method = self.method  # finds it in the FilterSet of the copy
        return other


class FacetFilter(Filter):
    """Resources with any of the values of a facet."""

    field_class = fields.FacetField

    def __init__(self, name):
        super().__init__(
            label=FILTERS[name].title,
            method="filter_facet",
            pattern=PATTERNS.get(name, fields.SLUG),
        )


class YearFilter(Filter):
    field_class = fields.YearField


class TextFilter(Filter):
    field_class = fields.TextField


class ChoiceFilter(Filter):
    """One of a few choices; it leaves the queryset as it is."""

    field_class = forms.ChoiceField

    def filter(self, queryset, value):
        return queryset


def sorts():
    return list(SORTS.items())


def flag():
    return [("1", "1")]


@cache
def parameter_form(filterset):
    """Return a form of the filters of a class; making one takes longer than a query."""
    filters = {name: one.field for name, one in filterset.base_filters.items()}
    return type("ParameterForm", (fields.ParameterForm,), filters)


class ResourceFilter(django_filters.FilterSet):
    """The parameters of a list of resources, and what they find."""

    q = TextFilter(label=_("Search the library"), method="filter_text")
    programme = FacetFilter("programme")
    region = FacetFilter("region")
    country = FacetFilter("country")
    country_of_origin = FacetFilter("country_of_origin")
    country_of_residence = FacetFilter("country_of_residence")
    theme = FacetFilter("theme")
    type = FacetFilter("type")
    language = FacetFilter("language")
    author = FacetFilter("author")
    publisher = FacetFilter("publisher")
    year_from = YearFilter("year", "gte", label=_("From year"))
    year_to = YearFilter("year", "lte", label=_("To year"))
    sort = ChoiceFilter(label=_("Sort by"), choices=sorts)
    # Only records with every word; words exactly as they are typed.
    every = ChoiceFilter(label="", choices=flag)
    exactly = ChoiceFilter(label="", choices=flag)

    # The names of those that say which resources there are, besides words.
    narrowing = (*FILTERS, "year_from", "year_to")

    class Meta:
        form = fields.ParameterForm

    def __init__(self, data=None, queryset=None, *, search=None, **options):
        """
        Read `data`, a QueryDict, or a dict with lists of the values of facets.

        `search` answers where it has an index, `queryset` (all that is published)
        where not.
        """
        if queryset is None:
            queryset = Resource.objects.published()
        super().__init__(data or {}, queryset, **options)
        self.search = search

    def get_form_class(self):
        """Return the form of all instances, with what this one can use."""
        usable = {"usable_values": staticmethod(self.usable_values)}
        return type("ParameterForm", (parameter_form(type(self)),), usable)

    @property
    def has_index(self):
        return self.search is not None and self.search.is_usable

    @cached_property
    def version(self):
        """The version of the catalogue that names of values are of."""
        return self.search.version if self.search else changes.version()

    @cached_property
    def vocabularies(self):
        return documents.snapshot(self.version)

    def usable_values(self, facet, values):
        """Return those of these values of a facet that the list is narrowed by."""
        return self.known_values(facet, values)

    def known_values(self, facet, values):
        """Return those of these values of a facet that a resource has."""
        if self.has_index:
            return [value for value in values if self.search.has_value(facet, value)]
        # Enough to tell that there are too many.
        return [
            value
            for value in values[: MOST_VALUES + 1]
            if self.filter_facet(self.queryset, facet, [value]).exists()
        ]

    # How the database answers

    def filter_facet(self, queryset, facet, values):
        resources, vocabularies = self.queryset, self.vocabularies
        condition = database.having(facet, values, resources, vocabularies)
        return queryset.filter(condition)

    def filter_text(self, queryset, name, text):
        return queryset.filter(database.mentions(text))

    def filter_queryset(self, queryset):
        order = database.ORDERS[self.order]
        return super().filter_queryset(queryset).order_by(*order)

    # What was understood

    @cached_property
    def cleaned(self):
        """The cleaned data: of values that are wrong in part, the rest."""
        self.form.is_valid()
        return self.form.cleaned_data

    @cached_property
    def selected(self):
        """The cleaned data without what is empty or goes without saying."""
        usual = {BEST, self.default_sort}
        return {
            name: value
            for name, value in self.cleaned.items()
            if value and not (name == "sort" and value in usual)
        }

    @property
    def has_too_many_values(self):
        return any(self.form.has_error(name, "too_many") for name in FILTERS)

    @property
    def has_wrong_values(self):
        """Whether a filter was left out or changed, which the page has to say."""
        return any(name in self.narrowing for name in self.form.errors)

    @property
    def text(self):
        return self.cleaned.get("q", "")

    @property
    def default_sort(self):
        return BEST if self.text else NEWEST

    @property
    def order(self):
        return self.selected.get("sort") or self.default_sort

    @property
    def is_ranked(self):
        return self.order == BEST

    @property
    def sort_choices(self):
        """The orders that make sense, with their names: best first needs words."""
        return {key: name for key, name in SORTS.items() if key != BEST or self.text}

    @property
    def is_filtered(self):
        """Whether this is less than the whole list."""
        return bool(self.selected.keys() - {"sort"})

    # What it finds

    @property
    def query(self):
        """The arguments of Search.find() that say what to find."""
        return {
            "text": self.text,
            "filters": {
                name: value
                for name, value in self.selected.items()
                if name in self.narrowing
            },
            "sort": "" if self.is_ranked else self.order,
            "all_words": "every" in self.selected,
            "exact": "exactly" in self.selected,
        }

    def find(self, page=1, size=10, **options):
        """
        Return one page of results.

        `options` are those of Search.find(): at most `most` values of each facet, and
        whether they are `counted`. Without an index they are not, and only values
        that are selected are known.
        """
        start = (page - 1) * size
        if self.has_index:
            return self.search.find(**self.query, start=start, size=size, **options)
        return Results(
            ids=list(self.qs.values_list("pk", flat=True)[start : start + size]),
            total=self.qs.count(),
            counts={
                name: dict.fromkeys(self.selected.get(name, ())) for name in FACETS
            },
            is_truncated=len(self.text) > MOST_TEXT,
            is_without_words=parse(self.text).is_without_words,
            is_plain=True,
        )

    def ids(self, size):
        """Yield the ids of all results, in lists of this size."""
        if self.has_index:
            sent = False
            try:
                for ids in self.search.all_ids(size, **self.query):
                    yield ids
                    sent = True
                return
            except Unusable:
                if sent:
                    raise
        # All at once, as whoever downloads them may take long.
        ids = list(self.qs.values_list("pk", flat=True))
        for start in range(0, len(ids), size):
            yield ids[start : start + size]

    def values(self, facet, most):
        """
        Return the values that a facet could be narrowed to, with their numbers.

        Of many only the most frequent. Without an index the numbers are None.
        """
        if self.has_index:
            return self.find(size=1, most=most).counts[facet]
        wider = self.with_selected(**{facet: None}).qs
        found = database.values_of(facet, wider, self.vocabularies)
        return dict.fromkeys(islice(sorted(found), most))

    def with_selected(self, **changes):
        """Return a filterset with other parameters; None leaves one out."""
        data = self.selected | changes
        data = {name: value for name, value in data.items() if value}
        return type(self)(data, self.queryset, search=self.search)

    # What a page says about it

    def query_string(self, page=1, **changes):
        """
        Return the query string of this list, or of one with other parameters.

        It has one form: parameters are sorted, without empty values, repetitions or
        what goes without saying.
        """
        parameters = self.selected | changes
        if page > 1:
            parameters["page"] = page
        pairs = sorted((name, value) for name, value in parameters.items() if value)
        return urlencode(pairs, doseq=True)

    @property
    def feed_query(self):
        """A feed tells what is new, in whatever order the list is."""
        return self.query_string(sort=None)

    @property
    def exact_query(self):
        return self.query_string(exactly="1")

    @property
    def all_words_query(self):
        return self.query_string(every="1")

    @property
    def any_word_query(self):
        return self.query_string(every=None)

    def hidden_fields(self, *omitted):
        """Yield names and values for a form that asks for something else besides."""
        for name, value in sorted(self.selected.items()):
            if name not in omitted:
                for one in value if isinstance(value, list) else [value]:
                    yield name, one

    def fields_without_facet(self):
        """Yield names and values of selected filters that the panel does not show."""
        for name in FILTERS.keys() - FACETS.keys():
            for value in self.selected.get(name, ()):
                yield name, value

    def wider(self):
        """Yield each filter that could go: its label, the results then, their query."""
        for name in self.query["filters"]:
            wider = self.with_selected(**{name: None})
            if total := wider.find(size=1, counted=False).total:
                yield self.filters[name].label, total, wider.query_string()

    def selected_filters(self, language=None):
        """Yield each selected value: label, name, and the query string without it."""
        values = {
            # Others may have a name that is not public.
            name: dict.fromkeys(self.known_values(name, values))
            for name, values in self.selected.items()
            if name in FILTERS
        }
        choices = facets.choices(values, self.version, language)
        for name, value in self.selected.items():
            label = self.filters[name].label
            if name in FILTERS:
                names = {choice.value: choice for choice in choices[name]}
                for one in value:
                    rest = [other for other in value if other != one]
                    query = self.query_string(**{name: rest})
                    yield label, names.get(one, one), query
            elif name == "q":
                query = self.query_string(q=None, every=None, exactly=None)
                yield _("Search"), value, query
            elif name.startswith("year_"):
                yield label, value, self.query_string(**{name: None})

    def facet_groups(self, choices):
        """Yield the facets that have choices, as the form shows them."""
        for name in FACETS:
            if choices.get(name):
                yield facets.group(name, choices[name], self.selected.get(name, ()))
