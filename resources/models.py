"""
What the catalogue holds: resources, the people behind them, and the vocabularies.

Terms follow Dublin Core where it has a word for them: title, description,
publisher, language, type.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import covers, languages

EARLIEST_YEAR = 1500
LATEST_YEAR = 2100


def sort_key(text):
    """What titles sort by: letters and digits without marks or case."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))[:200]


def address_words(text):
    """The readable end of an address; scripts other than Latin stay as they are."""
    return slugify(text, allow_unicode=True)[:80].strip("-") or "-"


def check_isbn(value):
    """
    Refuse what is not an ISBN-10 or ISBN-13 with a right check digit.

    https://www.isbn-international.org/content/isbn-users-manual
    """
    digits = re.sub(r"[\s-]", "", value).upper()
    if re.fullmatch(r"\d{13}", digits):
        total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
        right = total % 10 == 0
    elif re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if d == "X" else int(d) for d in digits]
        right = sum(v * (10 - i) for i, v in enumerate(values)) % 11 == 0
    else:
        right = False
    if not right:
        raise ValidationError(
            _(
                "This is not a valid ISBN: it has 10 or 13 digits, and one of them "
                "may be mistyped."
            )
        )


check_doi = RegexValidator(
    r"^10\.\d{4,9}/\S+$",
    _("Give the DOI alone, as in 10.1787/9789264057692-en, without a web address."),
)
check_web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Give a full web address that starts with http:// or https://."),
)


class SortKeyField(models.CharField):
    """Text that both databases sort alike: by code point, whatever their locale."""

    def __init__(self, *args, source="title", **kwargs):
        self.source = source
        super().__init__(*args, editable=False, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, kwargs | {"source": self.source}

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def pre_save(self, instance, add):
        key = sort_key(getattr(instance, self.source))
        setattr(instance, self.attname, key)
        return key


# Vocabularies


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
        """The name in the language of the page, in English where there is none."""
        return getattr(self, f"name_{get_language()}", "") or self.name


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

    def get_absolute_url(self):
        return reverse(f"resources:{self.browse}", args=[self.slug])


class Programme(Term):
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

    class Meta(Term.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_in__gte=F("started_in")),
                name="programme_ends_after_start",
                violation_error_message=_(
                    "The last year cannot be before the first year."
                ),
            )
        ]


class Theme(Term):
    """What a resource is about, such as health or remittances."""

    browse = "theme"

    class Meta(Term.Meta):
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

    def get_absolute_url(self):
        return reverse("resources:region", args=[self.slug])


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

    def get_absolute_url(self):
        return reverse("resources:country", args=[self.slug])

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
            "For a person: family name, comma, first name. Citations use it too."
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
    def author_url(self):
        return reverse("resources:author", args=[self.pk, self.slug])

    @property
    def publisher_url(self):
        return reverse("resources:publisher", args=[self.pk, self.slug])


# Resources


def credits():
    """The authors of resources in the order of the credit line, in one query."""
    return models.Prefetch(
        "authorships", Authorship.objects.select_related("contributor")
    )


class ResourceQuerySet(models.QuerySet):
    def published(self):
        """The one door to the public: pages, feeds, exports and counts start here."""
        return self.filter(status=Resource.Status.PUBLISHED)

    def withdrawn(self):
        """What was public once: its address answers 410, with title and reason."""
        return self.filter(status=Resource.Status.WITHDRAWN)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def for_shelf(self):
        """Load what a cover with its title shows."""
        return self.select_related("programme", "type").defer("description")

    def for_cards(self):
        """Load all that a card shows, so a page costs the same at any length."""
        return self.for_shelf().prefetch_related(credits())

    def for_index(self):
        """Load all that a record is found by."""
        return self.select_related("programme", "type", "publisher").prefetch_related(
            credits(),
            "regions",
            "countries_of_origin__region",
            "countries_of_residence__region",
            "themes",
        )

    def in_order(self, ids):
        """The rows with these ids, in this order: what the index found, made whole."""
        rows = self.in_bulk(ids)
        return [rows[id] for id in ids if id in rows]

    def for_detail(self):
        return self.select_related("programme", "type", "publisher").prefetch_related(
            credits(),
            "regions",
            "countries_of_origin",
            "countries_of_residence",
            "themes",
        )


class Resource(models.Model):
    """A report, toolkit, study, brief … and all that is known about it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    title = models.CharField(_("title"), max_length=500)
    sort_title = SortKeyField(max_length=200)
    summary = models.TextField(
        _("summary"),
        help_text=_(
            "What the list shows: 60 to 120 words, in the language of the resource."
        ),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_(
            "A longer text for the page of the resource. Markdown works: an empty "
            "line starts a paragraph, *emphasis*, ### heading, - list."
        ),
    )
    cover = models.ImageField(_("cover"), max_length=200, blank=True)
    cover_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "What the cover shows, for people who cannot see it. Needed with a cover."
        ),
    )
    authors = models.ManyToManyField(
        Contributor,
        through="Authorship",
        related_name="resources",
        verbose_name=_("authors"),
    )
    publisher = models.ForeignKey(
        Contributor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_resources",
        verbose_name=_("publisher"),
    )
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resources",
        verbose_name=_("programme"),
    )
    type = models.ForeignKey(
        ResourceType,
        models.PROTECT,
        related_name="resources",
        verbose_name=_("type"),
    )
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="resources", verbose_name=_("themes")
    )
    regions = models.ManyToManyField(
        Region,
        blank=True,
        related_name="resources",
        verbose_name=_("regions"),
        help_text=_(
            "The most exact one will do: a resource on Eastern Africa is found under "
            "Africa too. World stands for a resource of global scope."
        ),
    )
    countries_of_origin = models.ManyToManyField(
        Country,
        blank=True,
        related_name="resources_as_origin",
        verbose_name=_("countries of origin"),
        help_text=_("Where the diaspora comes from."),
    )
    countries_of_residence = models.ManyToManyField(
        Country,
        blank=True,
        related_name="resources_as_residence",
        verbose_name=_("countries of residence"),
        help_text=_("Where the diaspora lives."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        validators=[languages.check_language],
        help_text=_("The language the resource is written in."),
    )
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[
            MinValueValidator(EARLIEST_YEAR),
            MaxValueValidator(LATEST_YEAR),
        ],
        help_text=_("The year it came out. Leave empty when it is not known."),
    )
    source_url = models.URLField(
        _("web address of the source"),
        max_length=1000,
        blank=True,
        validators=[check_web_address],
        help_text=_("Where the resource itself can be read or ordered."),
    )
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[check_doi])
    isbn = models.CharField("ISBN", max_length=20, blank=True, validators=[check_isbn])
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT
    )
    withdrawn_reason = models.CharField(
        _("reason for withdrawal"),
        max_length=500,
        blank=True,
        help_text=_("Shown to whoever follows an old link."),
    )
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        indexes = [
            models.Index(
                fields=["status", "-published_at", "-id"], name="resource_newest"
            ),
            models.Index(
                fields=["status", "sort_title", "id"], name="resource_by_title"
            ),
            models.Index(
                "status",
                Coalesce("year", 0).desc(),
                F("id").desc(),
                name="resource_by_year",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "review", "published", "withdrawn"]),
                name="resource_status",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(EARLIEST_YEAR, LATEST_YEAR)),
                name="resource_year",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary=""),
                name="resource_title_and_summary",
            ),
            models.CheckConstraint(
                condition=Q(cover="")
                | ~Q(cover_alt="")
                & Q(cover_width__isnull=False, cover_height__isnull=False),
                name="resource_cover_described",
                violation_error_message=_(
                    "Describe the cover in its alternative text."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="resource_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""),
                name="resource_withdrawn_reason",
                violation_error_message=_("Say why the resource is withdrawn."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if self.status == self.Status.PUBLISHED and not self.published_at:
            self.published_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "published_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("resources:detail", args=[self.pk, self.slug])

    @property
    def slug(self):
        return address_words(self.title)

    def clean(self):
        if self.status not in self.next_statuses():
            raise ValidationError(
                {
                    "status": _(
                        "This resource has been public, so its address must go on "
                        "answering: withdraw it and say why."
                    )
                }
            )

    def next_statuses(self):
        """What its status may become: what has been public stays so, or withdrawn."""
        public = [self.Status.PUBLISHED, self.Status.WITHDRAWN]
        rows = (
            Resource.objects.filter(pk=self.pk) if self.pk else Resource.objects.none()
        )
        was = rows.values_list("status", flat=True).first()
        if was in public:
            return public
        return [self.Status.DRAFT, self.Status.REVIEW, self.Status.PUBLISHED]

    @property
    def is_published(self):
        return self.status == self.Status.PUBLISHED

    @property
    def credits(self):
        """The authors in the order of the credit line."""
        return [authorship.contributor for authorship in self.authorships.all()]

    @property
    def covers(self):
        """The renditions of the cover, narrowest first; none without a cover."""
        return covers.renditions(self.cover.name, self.cover_width, self.cover_height)

    @property
    def dir(self):
        return languages.direction(self.language)

    @property
    def language_name(self):
        return languages.own_name(self.language)

    @property
    def source_host(self):
        return urlsplit(self.source_url).hostname

    @property
    def countries(self):
        """The countries of origin and of residence, each once."""
        return list(
            dict.fromkeys(
                [*self.countries_of_origin.all(), *self.countries_of_residence.all()]
            )
        )


class Authorship(models.Model):
    """One author of a resource, and the place in the credit line."""

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="authorships", verbose_name=_("resource")
    )
    contributor = models.ForeignKey(
        Contributor,
        models.PROTECT,
        related_name="authorships",
        verbose_name=_("author"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "contributor"],
                name="authorship_once",
                violation_error_message=_("This author is already in the list."),
            )
        ]

    def __str__(self):
        return self.contributor.name


class Change(models.Model):
    """
    One step in what the public sees of a resource; see changes.py.

    Rows are written by the database itself and never altered. The largest id is
    the version of the catalogue.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    resource = models.ForeignKey(
        Resource,
        models.PROTECT,
        null=True,
        related_name="changes",
        verbose_name=_("resource"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self):
        return f"{self.resource_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
