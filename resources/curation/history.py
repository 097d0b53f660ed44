"""The history of a record in the admin: its steps, what they changed, and back."""

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import history
from ..files import covers
from ..history.differences import changed_fields, differences
from ..history.restoring import restore
from ..history.versions import data
from ..models import Step

PER_PAGE = 25


def why(request):
    """Return what the curator says about a change, for the history."""
    return request.POST.get("why", "").replace("\x00", "").strip()[:500]


class HasHistory:
    """A ModelAdmin that writes a version with every change, and shows them all."""

    object_history_template = "admin/resources/history.html"

    # Writing

    def save_model(self, request, obj, form, change):
        if change:
            history.keep_state(self.model, [obj.pk])
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        action = Step.Action.CHANGED if change else Step.Action.ADDED
        pk = form.instance.pk
        history.write(self.model, [pk], action, request.user, why(request))

    def delete_model(self, request, obj):
        action = Step.Action.REMOVED
        history.write(self.model, [obj.pk], action, request.user, why(request))
        super().delete_model(request, obj)

    # Reading

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("removed/", wrap(self.removed_view), name=self.url_name("removed")),
            path(
                "history/<int:number>/",
                wrap(self.version_view),
                name=self.url_name("version"),
            ),
            path(
                "history/<int:number>/cover/",
                wrap(self.version_cover),
                name=self.url_name("version_cover"),
            ),
            *super().get_urls(),
        ]

    def url_name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page, *args):
        return reverse(f"admin:{self.url_name(page)}", args=args)

    def check_may_read(self, request):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied

    def history_view(self, request, object_id, extra_context=None):
        self.check_may_read(request)
        pk = unquote(object_id)
        record = self.get_object(request, pk)
        versions = history.of_record(self.model, pk)
        if record is None and not versions.exists():
            return super().history_view(request, object_id, extra_context)
        page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
        name = record or page.object_list[0].object_repr
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": name},
            "opts": self.opts,
            "record": record,
            "record_url": self.address("change", quote(pk)) if record else "",
            "page": page,
            "steps": steps(page, versions),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def version_view(self, request, number):
        """What a version changed, or what differs from it now; and restore it."""
        self.check_may_read(request)
        version = self.version(number)
        versions = history.of_record(self.model, version.object_id)
        record = self.get_object(request, version.object_id)
        if request.method == "POST":
            return self.restore(request, version, record)
        earlier = versions.filter(pk__lt=version.pk).first()
        newest = versions.first()
        with_present = request.GET.get("with") == "present" and newest != version
        pair = (version, newest) if with_present else (earlier, version)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Version of %(record)s") % {"record": version.object_repr},
            "opts": self.opts,
            "record": record,
            "version": version,
            "step": step_of(version),
            "is_newest": newest == version and record is not None,
            "with_present": with_present,
            "differences": differences(*pair),
            "before": pair[0],
            "after": pair[1],
            "history_url": self.address("history", quote(version.object_id)),
            "may_restore": self.may_restore(request, record),
        }
        return TemplateResponse(request, "admin/resources/version.html", context)

    def version(self, number):
        return get_object_or_404(history.of(self.model), pk=number)

    def may_restore(self, request, record):
        if record is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, record)

    def restore(self, request, version, record):
        if not self.may_restore(request, record):
            raise PermissionDenied
        try:
            restored = restore(version, request.user, why(request))
        except ValidationError as problem:
            self.message_user(
                request,
                _("This version cannot be restored: %(reason)s")
                % {"reason": " ".join(problem.messages)},
                messages.ERROR,
            )
            return HttpResponseRedirect(self.address("version", version.pk))
        self.log_change(request, restored.record, _("Restored an earlier version."))
        self.message_user(
            request, _("Restored as it was in this version."), messages.SUCCESS
        )
        self.report_what_is_different(request, restored)
        pk = quote(restored.record.pk)
        return HttpResponseRedirect(self.address("change", pk))

    def report_what_is_different(self, request, restored):
        if restored.kept_status:
            self.message_user(
                request,
                _("The status is still “%(status)s”: the earlier one is not possible.")
                % {"status": restored.record.get_status_display()},
                messages.WARNING,
            )
        for label, number in restored.left_out:
            self.message_user(
                request,
                ngettext(
                    "%(field)s: %(n)s entry does not exist any more and was left out.",
                    "%(field)s: %(n)s entries do not exist any more and were left out.",
                    number,
                )
                % {"field": capfirst(label), "n": number},
                messages.WARNING,
            )

    def version_cover(self, request, number):
        """The cover as it was in a version, in a middle size."""
        self.check_may_read(request)
        values = data(self.version(number))
        if not values.get("cover"):
            raise Http404
        files = covers.renditions(
            values["cover"], values["cover_width"], values["cover_height"]
        )
        try:
            file = default_storage.open(files[min(1, len(files) - 1)].name)
        except OSError:
            raise Http404 from None
        response = FileResponse(file, content_type="image/webp")
        response["Cache-Control"] = "private, max-age=3600"
        return response

    # What was removed

    def changelist_view(self, request, extra_context=None):
        context = {"removed_url": self.address("removed")}
        return super().changelist_view(request, context | (extra_context or {}))

    def removed_view(self, request):
        self.check_may_read(request)
        page = Paginator(history.removed(self.model), PER_PAGE).get_page(
            request.GET.get("page")
        )
        ids = [version.object_id for version in page]
        there = {str(pk) for pk in self.model.objects.in_bulk(keys(self.model, ids))}
        seen = set()
        rows = []
        for version in page:
            if version.object_id not in there | seen:
                seen.add(version.object_id)
                rows.append((version, self.address("version", version.pk)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Removed: %(records)s")
            % {"records": self.opts.verbose_name_plural},
            "opts": self.opts,
            "rows": rows,
            "page": page,
        }
        return TemplateResponse(request, "admin/resources/removed.html", context)


def keys(model, ids):
    return [model._meta.pk.to_python(pk) for pk in ids]


def step_of(version):
    """Return how a version came about; None if another program wrote it."""
    return getattr(version.revision, "step", None)


def steps(page, versions):
    """Return of each version on a page how it came about and what it changed."""
    shown = list(page.object_list)
    before = versions.filter(pk__lt=shown[-1].pk).first() if shown else None
    return [
        {
            "version": version,
            "step": step_of(version),
            "changed": changed_fields(earlier, version) if earlier else None,
        }
        for version, earlier in zip(shown, [*shown[1:], before], strict=False)
    ]
