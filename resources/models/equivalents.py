"""Words and phrases that mean the same to whoever searches."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_PHRASES = 20


class Equivalents(models.Model):
    """A group of words and phrases, in any language, that are searched for together."""

    words = models.TextField(
        _("words and phrases"),
        help_text=_(
            "One on each line, in any language: two to twenty that mean the same. "
            "Whoever searches for one of them finds the others too, after it."
        ),
    )

    class Meta:
        ordering = ["words"]
        verbose_name = _("equivalent terms")
        verbose_name_plural = _("equivalent terms")

    def __str__(self):
        return ", ".join(self.phrases[:4])

    @property
    def phrases(self):
        """The words and phrases, each once."""
        lines = (" ".join(line.split()) for line in self.words.splitlines())
        return tuple(dict.fromkeys(filter(None, lines)))

    def clean(self):
        if not 2 <= len(self.phrases) <= MOST_PHRASES:
            raise ValidationError(
                {"words": _("Write two to twenty words or phrases, one on each line.")}
            )
