"""What stands beside a revision of django-reversion, and work in the background."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reviewed(models.Model):
    """What readers may know of the history of a record."""

    change_note = models.CharField(
        _("note of change"),
        max_length=500,
        blank=True,
        help_text=_("What became different, for readers: shown on the page."),
    )
    reviewed_on = models.DateField(
        _("reviewed on"),
        null=True,
        blank=True,
        help_text=_("When somebody last checked all of this. Shown on the page."),
    )

    class Meta:
        abstract = True


class Job(models.Model):
    """A change of many records that a worker makes in the background, in batches."""

    action = models.CharField(_("action"), max_length=30)
    # JSON: what the action is told, and the primary keys of its records.
    arguments = models.TextField(default="{}", editable=False)
    ids = models.TextField(editable=False)
    total = models.PositiveIntegerField(_("records"))
    # How many of them have been looked at, and how many of these were changed.
    done = models.PositiveIntegerField(_("done"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    why = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    worked_at = models.DateTimeField(_("last worked at"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")

    def __str__(self):
        return f"{self.action} ({self.total})"


class Step(models.Model):
    """How a revision came about."""

    class Action(models.TextChoices):
        BASELINE = "baseline", _("as it was before")
        ADDED = "added", pgettext_lazy("in the history", "added")
        CHANGED = "changed", pgettext_lazy("in the history", "changed")
        BULK = "bulk", _("changed with others")
        IMPORTED = "imported", _("imported")
        MERGED = "merged", _("merged")
        COMMAND = "command", _("changed by a command")
        RESTORED = "restored", _("restored")
        REMOVED = "removed", _("removed")

    revision = models.OneToOneField(
        "reversion.Revision", models.CASCADE, related_name="step"
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="steps"
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.get_action_display()


class Worker(models.Model):
    """A worker, and when it last gave a sign of life."""

    id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.id
