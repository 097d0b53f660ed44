"""The vocabularies, and the people and organisations behind resources."""

import unicodedata
from functools import cached_property

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import addresses
from ..drawings import MOTIFS, PALETTES
from .fields import (
    address_end,
    address_words,
    check_web_address,
    is_part_of_address,
    is_web_address,
)

SUFFIXES = {"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"}


class Named(models.Model):
    """A term with its name in each language of the interface."""

    name = models.CharField(_("name"), max_length=200)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=200, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return self.address_in(get_language())

    def names(self):
        """The names there are, by language."""
        every = {
            "en": self.name,
            "fr": self.name_fr,
            "es": self.name_es,
            "ar": self.name_ar,
        }
        return {language: name for language, name in every.items() if name}

    @property
    def label(self):
        """The name in the language of the page."""
        return self.name_in(get_language())

    def name_in(self, language):
        """The name in this language, in English where there is none."""
        return getattr(self, f"name_{language}", "") or self.name

    def address_in(self, language):
        return addresses.page(self.browse, language, self.slug)


class Term(Named):
    """A word of a vocabulary that curators extend."""

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The word that stands for it in web addresses, as in /themes/…/."),
    )
    description = models.CharField(
        _("description"),
        max_length=500,
        blank=True,
        help_text=_("One or two sentences, shown above its resources."),
    )
    aliases = models.TextField(
        _("also known as"),
        blank=True,
        help_text=_("Other names and spellings, one on each line."),
    )

    class Meta:
        abstract = True
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=is_part_of_address("slug"), name="%(class)s_slug"
            )
        ]


class Motif(models.TextChoices):
    RINGS = "rings", _("rings")
    HILLS = "hills", _("hills")
    LEAVES = "leaves", _("leaves")
    FLAGS = "flags", _("flags")
    BARS = "bars", _("bars")
    SUN = "sun", _("sun")
    NETWORK = "network", _("network")


class Palette(models.TextChoices):
    NAVY = "navy", _("navy, ochre, aqua")
    BLUE = "blue", _("blue, ochre, cream")
    TEAL = "teal", _("teal, cream, navy")
    GREEN = "green", _("green, cream, ochre")
    RUST = "rust", _("rust, peach, ink")
    PLUM = "plum", _("plum, rose, cream")
    OCHRE = "ochre", _("ochre, navy, cream")
    SAND = "sand", _("sand, blue, rust")
    AQUA = "aqua", _("aqua, cream, plum")


class Illustrated(Term):
    """A term with a motif of its own; see docs/look.md."""

    motif = models.CharField(
        _("motif"),
        max_length=10,
        choices=Motif,
        blank=True,
        help_text=_(
            "Heads its page, and the covers of its resources that have none. One is "
            "chosen for it if this is empty."
        ),
    )
    palette = models.CharField(_("colours"), max_length=10, choices=Palette, blank=True)

    class Meta(Term.Meta):
        abstract = True
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                condition=Q(motif__in=["", *MOTIFS]), name="%(class)s_motif"
            ),
            models.CheckConstraint(
                condition=Q(palette__in=["", *PALETTES]), name="%(class)s_palette"
            ),
        ]


class Programme(Illustrated):
    """A programme or project that resources come from, such as MIDA."""

    browse = "programme"

    started_in = models.PositiveSmallIntegerField(
        _("first year"), null=True, blank=True
    )
    ended_in = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        help_text=_("Leave empty while it is running or when it is not known."),
    )
    url = models.URLField(
        _("home page"), max_length=500, blank=True, validators=[check_web_address]
    )

    class Meta(Illustrated.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            *Illustrated.Meta.constraints,
            models.CheckConstraint(
                condition=is_web_address("url"), name="programme_url"
            ),
            models.CheckConstraint(
                condition=Q(ended_in__gte=F("started_in")),
                name="programme_ends_after_start",
                violation_error_message=_(
                    "The last year cannot be before the first year."
                ),
            ),
        ]


class Theme(Illustrated):
    """What a resource is about, such as health or remittances."""

    browse = "theme"

    class Meta(Illustrated.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class ResourceType(Term):
    """What a resource is, such as a report or a toolkit."""

    browse = "type"

    class Meta(Term.Meta):
        verbose_name = _("type")
        verbose_name_plural = _("types")


class Region(Named):
    """
    A region of the United Nations M49 standard; see docs/vocabularies.md.

    https://unstats.un.org/unsd/methodology/m49/
    """

    browse = "region"

    code = models.CharField(
        _("M49 code"),
        max_length=3,
        primary_key=True,
        validators=[RegexValidator(r"^\d{3}$", _("An M49 code has three digits."))],
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                condition=is_part_of_address("slug"), name="region_slug"
            )
        ]


class Country(Named):
    """A country or area of ISO 3166-1."""

    browse = "country"

    code = models.CharField(
        _("ISO 3166-1 code"),
        max_length=2,
        primary_key=True,
        validators=[
            RegexValidator(r"^[A-Z]{2}$", _("A country code has two capital letters."))
        ],
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="countries",
        verbose_name=_("region"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            models.CheckConstraint(
                condition=is_part_of_address("code"), name="country_code"
            )
        ]

    @property
    def slug(self):
        return self.code.lower()


class Contributor(models.Model):
    """A person or organisation that wrote or published resources."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    name = models.CharField(
        _("name"),
        max_length=300,
        unique=True,
        help_text=_("As it stands on the resource, first name first."),
    )
    sort_name = models.CharField(
        _("name to sort by"),
        max_length=300,
        blank=True,
        help_text=_(
            "For a person: family name, comma, first name, and after another comma "
            "what follows the name, as in Cole, Samuel Adams, Jr. Citations use it too."
        ),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    aliases = models.TextField(
        _("also known as"),
        blank=True,
        help_text=_("Other names and spellings, one on each line."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author or publisher")
        verbose_name_plural = _("authors and publishers")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]),
                name="contributor_kind",
            )
        ]

    def __str__(self):
        return self.name

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

        Without a name to sort by it is the last word, but the whole name in scripts
        other than Latin: where it stands differs from language to language.
        """
        return self._parts[0]

    @property
    def given(self):
        """What stands before the family name; empty where the name stays whole."""
        return self._parts[1]

    @property
    def suffix(self):
        """What follows the name of a person, such as "Jr."."""
        return self._parts[2]

    @cached_property
    def _parts(self):
        if not self.is_person:
            return "", "", ""
        if self.sort_name:
            parts = [part.strip() for part in self.sort_name.split(",", 2)]
            family, given, suffix = [*parts, "", ""][:3]
            return family, given, suffix
        name = self.name.strip()
        if not is_latin(name):
            return name, "", ""
        rest, _space, suffix = name.rpartition(" ")
        if suffix in SUFFIXES and " " in rest:
            name = rest.rstrip(" ,")
        else:
            suffix = ""
        given, _space, family = name.rpartition(" ")
        return family, given.strip(), suffix

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


def is_latin(text):
    """Whether all its letters are Latin; apostrophes that count as letters may be."""
    return text.isascii() or all(
        unicodedata.name(c, "").startswith(("LATIN", "MODIFIER LETTER"))
        for c in text
        if c.isalpha() and not c.isascii()
    )
