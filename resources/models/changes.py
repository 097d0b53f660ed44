"""The rows of the change log, which resources/changes.py explains."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """
    One step in what the public sees of a resource; see changes.py.

    Rows are written by the database itself; only is_last is ever taken back. The
    largest id is the version of the catalogue.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    resource = models.ForeignKey(
        "Resource",
        models.PROTECT,
        null=True,
        related_name="changes",
        verbose_name=_("resource"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    at = models.DateTimeField(_("time"))
    is_last = models.BooleanField(_("last of its resource"), default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            # Harvesters, feeds and sitemaps go through the catalogue in this order.
            models.Index(
                fields=["at", "id"], condition=Q(is_last=True), name="change_last"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resource"],
                condition=Q(is_last=True),
                name="change_one_last",
            )
        ]

    def __str__(self):
        return f"{self.resource_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class Epoch(models.Model):
    """
    A random value that tells one history of the change log from another.

    After a restore the ids of the log are given out a second time; with the epoch
    they stay distinct. There is one row; see changes.renew_epoch().
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    value = models.CharField(max_length=16)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="epoch_one_row")]

    def __str__(self):
        return self.value
