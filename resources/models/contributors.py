"""The people and organisations behind resources, and what each of them did."""

from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .. import addresses
from .contributor_identifiers import check_orcid, check_ror
from .fields import address_end, address_words
from .names import Name, divided, guessed, has_visible_characters


def check_visible(value):
    if not has_visible_characters(value):
        raise ValidationError(_("This name has no letter that can be seen."))


class Contributor(models.Model):
    """A person or organisation that wrote, published or shared resources."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    name = models.CharField(
        _("name"),
        max_length=300,
        validators=[check_visible],
        help_text=_("As it stands on the resource, given names first."),
    )
    note = models.CharField(
        _("distinguishing note"),
        max_length=100,
        blank=True,
        help_text=_(
            "Only where two bear the same name: years of life, field or country. "
            "Shown beside the name in lists of authors."
        ),
    )
    sort_name = models.CharField(
        _("name to sort by"),
        max_length=300,
        blank=True,
        help_text=_(
            "For a person: family name, comma, given names, and after another comma "
            "what follows the name, as in Cole, Samuel Adams, Jr. Citations use it too."
        ),
    )
    romanised = models.CharField(
        _("name in Latin letters"),
        max_length=300,
        blank=True,
        help_text=_(
            "For a name in another script: how it is written in Latin letters."
        ),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    orcid = models.CharField(
        "ORCID",
        max_length=19,
        blank=True,
        validators=[check_orcid],
        help_text=_("Of a person, as in 0000-0002-1825-0097."),
    )
    ror = models.CharField(
        "ROR",
        max_length=9,
        blank=True,
        validators=[check_ror],
        help_text=_("Of an organisation, as in 05dxps055: what follows ror.org/."),
    )
    aliases = models.TextField(
        _("also known as"),
        blank=True,
        help_text=_("Other names and spellings, one on each line."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("person or organisation")
        verbose_name_plural = _("people and organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]),
                name="contributor_kind",
            ),
            models.UniqueConstraint(
                fields=["name", "note"],
                name="contributor_name",
                violation_error_message=_(
                    "This name is in the catalogue already. If this is somebody else "
                    "of the same name, add a note that tells them apart."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.note})" if self.note else self.name

    def clean(self):
        if self.orcid and not self.is_person:
            raise ValidationError({"orcid": _("Only people have an ORCID.")})
        if self.ror and self.is_person:
            raise ValidationError({"ror": _("Only organisations have a ROR.")})

    @property
    def slug(self):
        return address_words(self.name)

    @property
    def is_person(self):
        return self.kind == self.Kind.PERSON

    @property
    def family(self):
        """
        The family name of a person; empty for an organisation.

        Without a name to sort by it is guessed; see names.guessed().
        """
        return self._parts.family

    @property
    def given(self):
        """What stands before the family name; empty where the name stays whole."""
        return self._parts.given

    @property
    def suffix(self):
        """What follows the name of a person, such as "Jr."."""
        return self._parts.suffix

    @cached_property
    def _parts(self):
        if not self.is_person:
            return Name("")
        return divided(self.sort_name) if self.sort_name else guessed(self.name)

    @property
    def author_url(self):
        return self.address_as("author", get_language())

    @property
    def publisher_url(self):
        return self.address_as("publisher", get_language())

    def address_as(self, role, language):
        # There are many: put together from what reverse() gives for all of them.
        start = addresses.page(f"{role}-all", language)
        return f"{start}{self.pk}/{address_end(self.name)}/"


class Role(models.TextChoices):
    """What somebody did for a resource; see ROLES for the words of other formats."""

    AUTHOR = "author", _("author")
    EDITOR = "editor", _("editor")
    TRANSLATOR = "translator", _("translator")
    CONTRIBUTOR = "contributor", _("contributor")
    FUNDER = "funder", _("funder")
    # Brought it to the library. No part in the work, so no format has a word for it.
    SHARED_BY = "shared_by", pgettext_lazy("role", "shared by")


# Whose resources the pages, the filter and the search scope of authors have.
CREATORS = [Role.AUTHOR, Role.EDITOR]


class Terms(NamedTuple):
    """The words of other vocabularies for a role; docs/machines.md has a table."""

    # https://id.loc.gov/vocabulary/relators
    marc: str
    # The property of https://schema.org/CreativeWork.
    schema_org: str
    # The variable of https://docs.citationstyles.org, if there is one.
    csl: str = ""


ROLES = {
    Role.AUTHOR: Terms("aut", "author", "author"),
    Role.EDITOR: Terms("edt", "editor", "editor"),
    Role.TRANSLATOR: Terms("trl", "translator", "translator"),
    Role.CONTRIBUTOR: Terms("ctb", "contributor", "contributor"),
    Role.FUNDER: Terms("fnd", "funder"),
}


class Contribution(models.Model):
    """What one person or organisation did for a resource, and the place in the list."""

    resource = models.ForeignKey(
        "Resource",
        models.CASCADE,
        related_name="contributions",
        verbose_name=_("resource"),
    )
    contributor = models.ForeignKey(
        Contributor,
        models.PROTECT,
        related_name="contributions",
        verbose_name=_("person or organisation"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "contributor", "role"],
                name="contribution_once",
                violation_error_message=_("This entry is in the list twice."),
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "author",
                        "editor",
                        "translator",
                        "contributor",
                        "funder",
                        "shared_by",
                    ]
                ),
                name="contribution_role",
            ),
        ]

    def __str__(self):
        return f"{self.contributor.name} ({self.get_role_display()})"
