"""Forms that could not be saved come back with a message and all that was typed."""

from contextlib import contextmanager, nullcontext
from logging import getLogger

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import OperationalError, router, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

logger = getLogger(__name__)

NOT_SAVED = _(
    "This could not be saved: the database is busy, or its disk is full. Nothing has "
    "been changed, and what you typed is still here. Save again in a moment; if the "
    "problem remains, tell the administrator."
)
FILE_AGAIN = _("Choose the file again before you save.")
NOT_DONE = _(
    "This could not be done: the database is busy, or its disk is full. Nothing has "
    "been changed. Try again in a moment; if the problem remains, tell the "
    "administrator."
)


class UnsavedForm:
    """A form with a problem that showed only when it was saved."""

    problem = None

    def clean(self):
        super().clean()
        raise self.problem


class ComesBack:
    """A ModelAdmin whose forms survive a database that cannot be written to."""

    # Within which context a form is saved.
    saving = nullcontext

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if problem := getattr(request, "save_problem", None):
            return type(form.__name__, (UnsavedForm, form), {"problem": problem})
        return form

    def add_view(self, request, *args, **kwargs):
        return self.form_view(super().add_view, request, *args, **kwargs)

    def change_view(self, request, *args, **kwargs):
        return self.form_view(super().change_view, request, *args, **kwargs)

    def form_view(self, view, request, *args, **kwargs):
        """Return the response of a view, or its form again if it cannot be saved."""
        try:
            with self.saving():
                return view(request, *args, **kwargs)
        except ValidationError as problem:
            request.save_problem, again = problem, nullcontext()
        except OperationalError as error:
            if request.method != "POST":
                raise
            logger.error("A form could not be saved: %s", error)
            hint = [FILE_AGAIN] if request.FILES else []
            request.save_problem = ValidationError([NOT_SAVED, *hint])
            again = reading_only(router.db_for_write(self.model))
        # Files can be read only once.
        request.FILES.clear()
        with again:
            return view(request, *args, **kwargs)

    def changelist_view(self, request, extra_context=None):
        return self.or_back(request, super().changelist_view, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        return self.or_back(request, super().delete_view, object_id, extra_context)

    def or_back(self, request, view, *args):
        """Return the response of a view, or go back to the list if it cannot write."""
        try:
            return view(request, *args)
        except OperationalError as error:
            if request.method != "POST":
                raise
            logger.error("Nothing could be changed: %s", error)
        self.message_user(request, NOT_DONE, messages.ERROR)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        address, query = reverse(name), request.GET.urlencode()
        return HttpResponseRedirect(f"{address}?{query}" if query else address)


@contextmanager
def reading_only(using):
    """
    Let views that begin a transaction read while nobody can write.

    On SQLite a transaction of ours waits until it could write. Without autocommit
    Django begins none: https://docs.djangoproject.com/en/5.2/topics/db/transactions/
    """
    transaction.set_autocommit(False, using)
    try:
        yield
    finally:
        transaction.rollback(using)
        transaction.set_autocommit(True, using)
