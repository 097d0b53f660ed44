"""People and organisations in the admin; names are shown divided before saving."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Contributor
from ..models.contributor_identifiers import (
    check_orcid,
    check_ror,
    normal_orcid,
    normal_ror,
)
from ..models.names import divided, guessed
from .vocabularies import VocabularyAdmin

Kind = Contributor.Kind


class ContributorForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose: person or organisation")), *Kind.choices],
        help_text=_(
            "Citations divide the names of people, not those of organisations."
        ),
    )
    # As people paste them: with an address, or without hyphens.
    orcid = forms.CharField(
        label="ORCID",
        max_length=100,
        required=False,
        help_text=_("Of a person, as in 0000-0002-1825-0097."),
    )
    ror = forms.CharField(
        label="ROR",
        max_length=100,
        required=False,
        help_text=_(
            "Of an organisation, as in 05dxps055 or https://ror.org/05dxps055."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            # The default of the column would be a guess.
            self.initial.pop("kind", None)
            self.fields["kind"].initial = ""

    def clean_orcid(self):
        value = normal_orcid(self.cleaned_data["orcid"])
        if value:
            check_orcid(value)
        return value

    def clean_ror(self):
        value = normal_ror(self.cleaned_data["ror"])
        if value:
            check_ror(value)
        return value

    def clean(self):
        data = super().clean()
        name, sort_name = data.get("name"), data.get("sort_name")
        if data.get("kind") != Kind.PERSON or not name:
            return data
        if sort_name:
            data["sort_name"] = divided(sort_name).inverted
        elif not self.instance.pk and (guess := self.guess(name)):
            self.show_back(name=guess.natural, sort_name=guess.inverted)
            self.add_error(
                "sort_name",
                _(
                    "Please check how the name is divided: family name, comma, given "
                    "names. Correct it if that is wrong, then save again. A name that "
                    "stays whole has no comma."
                ),
            )
        return data

    def guess(self, name):
        """Return the likely parts of a name; None if it has only one."""
        guess = guessed(name)
        return guess if guess.given or guess.suffix else None

    def show_back(self, **values):
        """Put values into the form that comes back."""
        self.data = self.data.copy()
        for name, value in values.items():
            self.data[self.add_prefix(name)] = value


@admin.register(Contributor)
class ContributorAdmin(VocabularyAdmin):
    form = ContributorForm
    used_by = ["contributors", "publisher"]
    list_display = ["name", "note", "kind", "number_of_resources"]
    list_filter = ["kind"]
    search_fields = ["name", "aliases", "romanised", "orcid", "ror"]
    fields = [
        "kind",
        "name",
        "sort_name",
        "romanised",
        "note",
        ("orcid", "ror"),
        "aliases",
    ]
