"""The actions of the list of resources: few at once, many in the background."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import jobs
from ..models import Resource
from .forms import ProgrammeForm, ReasonForm, ThemeForm
from .history import why


class BulkActions:
    """A ModelAdmin of resources that changes many of them in one go."""

    actions = ["publish", "withdraw", "set_programme", "add_theme"]

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        return self.do(
            request,
            queryset,
            "publish",
            lambda n: ngettext(
                "%(n)s resource published.", "%(n)s resources published.", n
            ),
        )

    @admin.action(description=_("Withdraw…"), permissions=["change"])
    def withdraw(self, request, queryset):
        form = self.bound_form(request, ReasonForm)
        if not form.is_valid():
            return self.confirm(
                request, queryset, form, "withdraw", _("Withdraw these resources")
            )
        response = self.do(
            request,
            queryset,
            "withdraw",
            lambda n: ngettext(
                "%(n)s resource withdrawn.", "%(n)s resources withdrawn.", n
            ),
            **form.cleaned_data,
        )
        left = queryset.exclude(status=Resource.Status.WITHDRAWN).count()
        if left and not response:
            self.message_user(
                request,
                ngettext(
                    "%(n)s is not public and was left as it is.",
                    "%(n)s are not public and were left as they are.",
                    left,
                )
                % {"n": left},
                messages.WARNING,
            )
        return response

    @admin.action(description=_("Set the programme…"), permissions=["change"])
    def set_programme(self, request, queryset):
        form = self.bound_form(request, ProgrammeForm)
        if not form.is_valid():
            return self.confirm(
                request, queryset, form, "set_programme", _("Set the programme")
            )
        programme = form.cleaned_data["programme"].pk
        return self.do(request, queryset, "set_programme", changed, programme=programme)

    @admin.action(description=_("Add a theme…"), permissions=["change"])
    def add_theme(self, request, queryset):
        form = self.bound_form(request, ThemeForm)
        if not form.is_valid():
            return self.confirm(request, queryset, form, "add_theme", _("Add a theme"))
        theme = form.cleaned_data["theme"].pk
        return self.do(request, queryset, "add_theme", changed, theme=theme)

    def do(self, request, queryset, action, message, **arguments):
        """Change few records now, and leave many to the worker."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True))
        if len(ids) > jobs.SMALL:
            job = jobs.start(action, arguments, ids, request.user, why(request))
            address = reverse("admin:resources_job_change", args=[job.pk])
            return HttpResponseRedirect(address)
        number = jobs.change(action, arguments, ids, request.user, why(request))
        level = messages.SUCCESS if number else messages.WARNING
        self.message_user(request, message(number) % {"n": number}, level)

    def bound_form(self, request, form):
        return form(request.POST if "apply" in request.POST else None)

    def confirm(self, request, queryset, form, action, title):
        """A page between choosing an action and doing it."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "action": action,
            "resources": queryset,
            "checkbox": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(
            request, "admin/resources/resource/confirm_action.html", context
        )


def changed(number):
    return ngettext("%(n)s resource changed.", "%(n)s resources changed.", number)
