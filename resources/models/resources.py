"""Resources, and all that is known about them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .. import addresses, languages
from ..files import covers
from .changes import Change
from .contributors import Contribution, Contributor
from .fields import (
    SortKeyField,
    address_end,
    address_words,
    check_doi,
    check_isbn,
    check_web_address,
    is_part_of_address,
    is_web_address,
)
from .history import Reviewed
from .vocabularies import Country, Programme, Region, ResourceType, Theme

EARLIEST_YEAR = 1500
LATEST_YEAR = 2100


class ResourceQuerySet(models.QuerySet):
    def published(self):
        """Resources that the public may see. Every public document starts here."""
        return self.filter(status=Resource.Status.PUBLISHED)

    def withdrawn(self):
        """Resources that were public once: their addresses answer 410."""
        return self.filter(status=Resource.Status.WITHDRAWN)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def with_changed_at(self):
        """Annotate each with the time when it last changed for the public."""
        last = Change.objects.filter(resource=OuterRef("pk"), is_last=True)
        return self.annotate(changed_at=Subquery(last.values("at")))

    def for_documents(self):
        """
        Load all that a public document contains, in a fixed number of queries.

        Terms and contributions are lists, in no order: `loaded_themes` and so on. With
        managers in their place, loading many resources takes half as long again.
        """
        contributions = Contribution.objects.order_by().select_related("contributor")
        links = {
            "contributions": contributions,
            "themes": Theme.objects.order_by(),
            "regions": Region.objects.order_by(),
            "countries_of_origin": Country.objects.order_by(),
            "countries_of_residence": Country.objects.order_by(),
        }
        return (
            self.with_changed_at()
            .select_related("programme", "type", "publisher")
            .prefetch_related(
                *(
                    models.Prefetch(name, rows, to_attr=f"loaded_{name}")
                    for name, rows in links.items()
                )
            )
        )


class Resource(Reviewed):
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
    contributors = models.ManyToManyField(
        Contributor,
        through="Contribution",
        related_name="resources",
        verbose_name=_("contributors"),
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
    # Of what appeared in a periodical.
    volume = models.CharField(
        _("volume"),
        max_length=30,
        blank=True,
        help_text=_("Of an article, whose publisher is the periodical."),
    )
    issue = models.CharField(
        pgettext_lazy("of a periodical", "issue"),
        max_length=30,
        blank=True,
        help_text=_("Of an article: the number alone, as in 3 or 3–4."),
    )
    pages = models.CharField(
        _("pages"),
        max_length=50,
        blank=True,
        help_text=_(
            "Of an article: the first and the last one, as in 15–27, or its number, "
            "as in e1042."
        ),
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
            # None begins with the status: SQLite would take it for more selective
            # than a handful of primary keys, and read everything that is published.
            models.Index(fields=["-published_at", "-id"], name="resource_newest"),
            models.Index(fields=["-updated_at", "-id"], name="resource_changed"),
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
            models.CheckConstraint(
                condition=is_web_address("source_url"),
                name="resource_source_url",
            ),
            models.CheckConstraint(
                condition=is_part_of_address("language"),
                name="resource_language",
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
        return self.address_in(get_language())

    def address_in(self, language):
        # A list needs many: put together from what reverse() gives for all of them.
        return f"{addresses.of_list(language)}{self.pk}/{address_end(self.title)}/"

    @property
    def permanent_path(self):
        """The address that never changes: in no language, without the title."""
        return f"/resources/{self.pk}/"

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
    def covers(self):
        """The renditions of the cover, narrowest first; none without a cover."""
        return covers.renditions(self.cover.name, self.cover_width, self.cover_height)

    @property
    def countries(self):
        """The countries of origin and of residence, each once."""
        return list(
            dict.fromkeys(
                [*self.countries_of_origin.all(), *self.countries_of_residence.all()]
            )
        )
