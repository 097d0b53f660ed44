"""The form fields of the parameters: what each may be, and what can be used of it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import EARLIEST_YEAR, LATEST_YEAR
from ..search.parsing import tidy

MOST_VALUES = 20  # of one facet
# Of all facets. Each makes a link with all the others, so a page grows with the square.
MOST_CHOSEN = 40
MOST_TYPED = 2000  # characters

SLUG = r"^[A-Za-z0-9_-]{1,80}$"
COUNTRY_CODE = r"^[a-z]{2}$"
ID = r"^[1-9][0-9]{0,17}$"

TOO_MANY = _(
    "That is more filters than the list can follow: only the first of each kind are "
    "used."
)


class PartlyUsable(ValidationError):
    """Raised where a value is wrong, but `usable` can take its place."""

    def __init__(self, message, usable, **options):
        super().__init__(message, **options)
        self.usable = usable


class ParameterForm(forms.Form):
    """
    A form with errors whose cleaned data still hold all that can be used.

    `usable_values(facet, values)` returns those of some values that can be used.
    """

    usable_values = None

    def add_error(self, field, error):
        super().add_error(field, error)
        if isinstance(error, PartlyUsable):
            self.cleaned_data[field] = error.usable

    def clean(self):
        data = self.cleaned_data
        left = MOST_CHOSEN
        for name, field in self.fields.items():
            if isinstance(field, FacetField) and data[name]:
                most = min(MOST_VALUES, left)
                self.clean_facet(name, field.pattern, data[name], most)
                left -= len(data[name])
        first, last = data.get("year_from"), data.get("year_to")
        if first and last and first > last:
            data |= {"year_from": last, "year_to": first}
        if not data.get("q"):
            # These say how words are looked up, so they need words.
            data |= {"every": "", "exactly": ""}
        return data

    def clean_facet(self, name, pattern, values, most):
        """Check every value by itself, so that a wrong one does not cost the others."""
        known = self.usable_values(
            name, [one for one in values if pattern.fullmatch(one)]
        )
        errors = [
            ValidationError(
                _(
                    "No resource has “%(value)s” under %(filter)s. This filter was "
                    "left out."
                ),
                params={"value": value[:100], "filter": self.fields[name].label},
            )
            for value in values[:MOST_VALUES]
            if value not in known
        ]
        if len(known) > most:
            errors.append(ValidationError(TOO_MANY, code="too_many"))
        if errors:
            self.add_error(name, PartlyUsable(errors, known[:most]))


class TextField(forms.CharField):
    """Any text, without what no database stores."""

    def clean(self, value):
        return tidy(value)[:MOST_TYPED].strip()


class YearField(forms.Field):
    """A year; one outside of what is possible becomes the nearest that is."""

    widget = forms.TextInput

    def clean(self, value):
        digits = str(value or "").strip()
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 8):
            text = _("“%(value)s” is not a year.")
            raise ValidationError(text, params={"value": digits[:100]})
        year = min(max(int(digits), EARLIEST_YEAR), LATEST_YEAR)
        if year != int(digits):
            text = _("Years go from %(first)s to %(last)s.")
            ends = {"first": EARLIEST_YEAR, "last": LATEST_YEAR}
            raise PartlyUsable(text, year, params=ends)
        return year


class FacetField(forms.Field):
    """Values of a facet, sorted, each once; the form finds those that are used."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, pattern, **options):
        super().__init__(**options)
        self.pattern = re.compile(pattern)

    def clean(self, values):
        return sorted({value.strip() for value in values or []} - {""})
