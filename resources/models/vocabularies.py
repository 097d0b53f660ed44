"""The vocabularies: programmes, types, themes, regions and countries."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import addresses
from ..drawings import MOTIFS, PALETTES
from .fields import (
    check_web_address,
    is_part_of_address,
    is_web_address,
)


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
    description_fr = models.CharField(
        _("description in French"), max_length=500, blank=True
    )
    description_es = models.CharField(
        _("description in Spanish"), max_length=500, blank=True
    )
    description_ar = models.CharField(
        _("description in Arabic"), max_length=500, blank=True
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

    def descriptions(self):
        """The descriptions there are, by language."""
        every = {
            "en": self.description,
            "fr": self.description_fr,
            "es": self.description_es,
            "ar": self.description_ar,
        }
        return {language: text for language, text in every.items() if text}


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
