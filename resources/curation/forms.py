"""The forms of the admin's pages of resources."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import languages
from ..files import covers
from ..models import Contribution, Programme, Resource, Role, Theme

Status = Resource.Status


class ResourceForm(forms.ModelForm):
    new_cover = forms.FileField(
        label=_("New cover"),
        required=False,
        help_text=_(
            "A JPEG, PNG, WebP or GIF file of at most 10 MB. It is made smaller for "
            "you, and what the camera noted in it is removed."
        ),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}
        ),
    )
    remove_cover = forms.BooleanField(label=_("Remove the cover"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("The language the resource is written in.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tag = self.instance.language
        known = languages.choices()
        if tag and tag not in dict(known):
            known.append((tag, languages.both_names(tag, get_language() or "en")))
        if "language" in self.fields:
            self.fields["language"].choices = [("", "---------"), *known]
        if "status" in self.fields:
            self.fields["status"].choices = [
                (status.value, status.label) for status in self.instance.next_statuses()
            ]
        if not self.instance.cover:
            self.fields.pop("remove_cover", None)

    def clean_new_cover(self):
        upload = self.cleaned_data["new_cover"]
        return covers.clean(upload) if upload else None

    def clean(self):
        data = super().clean()
        has_cover = data.get("new_cover") or (
            self.instance.cover and not data.get("remove_cover")
        )
        if has_cover and not data.get("cover_alt"):
            self.add_error(
                "cover_alt",
                _(
                    "Describe the cover in a sentence, for people who cannot see it: "
                    "what is on it, and the words it bears."
                ),
            )
        if data.get("status") == Status.WITHDRAWN and not data.get("withdrawn_reason"):
            self.add_error(
                "withdrawn_reason",
                _("Say why: whoever follows an old link will read it."),
            )
        return data


class ContributionForm(forms.ModelForm):
    position = forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"data-place": ""}),
    )

    # An empty one is that of an author, as in the column.
    role = forms.ChoiceField(
        label=_("Role"), choices=Role, required=False, initial=Role.AUTHOR
    )

    class Meta:
        model = Contribution
        fields = ["contributor", "role", "position"]

    def clean_role(self):
        return self.cleaned_data["role"] or Role.AUTHOR

    def clean_position(self):
        return self.cleaned_data["position"] or 999


# The page of a form has a row for each; the form has six fields for a row.
MOST_CONTRIBUTIONS = 1000


class ContributionFormSet(forms.BaseInlineFormSet):
    default_error_messages = forms.BaseInlineFormSet.default_error_messages | {
        "too_many_forms": _(
            "A resource can have at most %(num)d people and organisations. Name those "
            "who matter most, and say in the description that there are others."
        )
    }


class ReasonForm(forms.Form):
    withdrawn_reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Shown to whoever follows an old link."),
    )


class ProgrammeForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects, label=_("Programme"))


class ThemeForm(forms.Form):
    theme = forms.ModelChoiceField(Theme.objects, label=_("Theme"))
