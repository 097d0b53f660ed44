"""The parameters of the list of the API that say which resources it has."""

from django import forms
from django.core.exceptions import ValidationError

from ...filters import SORTS, ChoiceFilter, Filter, database
from ...filters.programs import ProgramFilter
from ...models.identifiers import NORMAL
from ...search.query import IDENTIFIERS


class IdentifierField(forms.Field):
    """An identifier in any usual form; a list of the one spelling that is indexed."""

    def __init__(self, *, normal, **options):
        super().__init__(**options)
        self.normal = normal

    def clean(self, value):
        if not value:
            return []
        if normal := self.normal(value):
            return [normal]
        raise ValidationError("It has no such form.")


class IdentifierFilter(Filter):
    field_class = IdentifierField

    def __init__(self, name):
        super().__init__(method="filter_identifier", normal=NORMAL[name])


def sorts():
    backwards = {f"-{name}": name for name in SORTS if name != "best"}
    return list((SORTS | backwards).items())


class ApiFilter(ProgramFilter):
    """The same filters as everywhere, looking up by identifiers, and more orders."""

    sort = ChoiceFilter(choices=sorts)
    doi = IdentifierFilter("doi")
    isbn = IdentifierFilter("isbn")
    source_url = IdentifierFilter("source_url")

    narrowing = (*ProgramFilter.narrowing, *IDENTIFIERS)

    def filter_identifier(self, queryset, name, values):
        return queryset.filter(database.identified(name, values[0], self.queryset))
