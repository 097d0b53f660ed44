from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import documents
from ..files import covers
from ..models import Contribution, Resource
from ..public import drawing, render
from .bulk import BulkActions
from .forms import (
    MOST_CONTRIBUTIONS,
    ContributionForm,
    ContributionFormSet,
    ResourceForm,
)
from .history import HasHistory
from .unsaved import ComesBack
from .vocabularies import WEB_ADDRESS

Status = Resource.Status
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Curation")


class ContributionInline(admin.TabularInline):
    """Who did what. Whoever may change the resource may change these rows."""

    model = Contribution
    form = ContributionForm
    formset = ContributionFormSet
    extra = 1
    max_num = MOST_CONTRIBUTIONS
    autocomplete_fields = ["contributor"]
    verbose_name_plural = _("people and organisations, in the order of the credit line")

    def get_formset(self, request, obj=None, **kwargs):
        # One more than may be: what is beyond that is not even read.
        kwargs |= {"validate_max": True, "absolute_max": self.max_num + 1}
        return super().get_formset(request, obj, **kwargs)

    def has_add_permission(self, request, obj=None):
        return self.may("add" if obj is None else "change", request)

    def has_change_permission(self, request, obj=None):
        return self.may("add" if obj is None else "change", request)

    has_delete_permission = has_change_permission

    def has_view_permission(self, request, obj=None):
        return self.may("view", request) or self.has_change_permission(request, obj)

    def may(self, action, request):
        """Return whether a user may do this to resources."""
        return request.user.has_perm(f"resources.{action}_resource")


class CoverFilter(admin.SimpleListFilter):
    title = _("cover")
    parameter_name = "cover"

    def lookups(self, request, model_admin):
        return [("yes", _("with a cover")), ("no", _("without a cover"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(cover="")
        if self.value() == "no":
            return queryset.filter(cover="")
        return queryset


@admin.register(Resource)
class ResourceAdmin(ComesBack, BulkActions, HasHistory, admin.ModelAdmin):
    form = ResourceForm
    inlines = [ContributionInline]
    formfield_overrides = WEB_ADDRESS
    list_display = [
        "small_cover",
        "title",
        "status",
        "programme",
        "type",
        "year",
        "changed_by",
        "updated_at",
    ]
    list_display_links = ["title"]
    list_select_related = ["programme", "type", "changed_by"]
    list_filter = ["status", CoverFilter, "type", "language", "programme", "themes"]
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False
    search_fields = ["title", "contributors__name", "programme__name"]
    search_help_text = _("Words of the title, an author or a programme.")
    ordering = ["-updated_at", "-pk"]
    autocomplete_fields = [
        "publisher",
        "programme",
        "type",
        "themes",
        "regions",
        "countries_of_origin",
        "countries_of_residence",
    ]
    readonly_fields = ["present_cover", "record"]
    fieldsets = [
        (
            _("What it is"),
            {"fields": ["title", "type", "language", "year", "summary", "description"]},
        ),
        (
            _("Cover"),
            {"fields": ["present_cover", "new_cover", "remove_cover", "cover_alt"]},
        ),
        (
            _("Who published it"),
            {"fields": ["publisher", ("volume", "issue", "pages"), "programme"]},
        ),
        (
            _("Where and what about"),
            {
                "fields": [
                    "themes",
                    "regions",
                    "countries_of_origin",
                    "countries_of_residence",
                ]
            },
        ),
        (_("Where it can be read"), {"fields": ["source_url", "doi", "isbn"]}),
        (
            _("Publication"),
            {
                "description": _(
                    "Drafts are seen by staff only. What has been published keeps "
                    "its address for ever: it can be withdrawn, with a reason, but "
                    "not made a draft again."
                ),
                "fields": [
                    "status",
                    "withdrawn_reason",
                    ("change_note", "reviewed_on"),
                    "record",
                ],
            },
        ),
    ]

    class Media:
        css = {"all": ["admin-resources/admin.css"]}
        js = ["admin-resources/resource.js"]

    # The form

    def get_fieldsets(self, request, obj=None):
        """Without what cannot be done yet: there is no cover to remove or show."""
        absent = set() if obj and obj.cover else {"present_cover", "remove_cover"}
        if not obj:
            absent.add("record")
        return [
            (
                title,
                options
                | {"fields": [one for one in options["fields"] if one not in absent]},
            )
            for title, options in self.fieldsets
        ]

    saving = staticmethod(covers.safely)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        obj.changed_by = request.user
        if form.cleaned_data.get("new_cover"):
            covers.replace(obj, form.cleaned_data["new_cover"])
        elif form.cleaned_data.get("remove_cover"):
            covers.replace(obj, None)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        rows = [
            (row.cleaned_data["position"], number, row.instance)
            for number, row in enumerate(formset.forms)
            if row.instance.pk and not row.cleaned_data.get("DELETE")
        ]
        for place, (_position, _number, contribution) in enumerate(
            sorted(rows, key=lambda row: row[:2]), 1
        ):
            if contribution.position != place:
                contribution.position = place
                contribution.save(update_fields=["position"])

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and obj.is_published else None

    @admin.display(description=_("Cover"))
    def small_cover(self, resource):
        return self.image(resource, 0, "")

    @admin.display(description=_("Present cover"))
    def present_cover(self, resource):
        return self.image(resource, 1, resource.cover_alt)

    def image(self, resource, which, alt):
        if not resource.covers:
            return ""
        rendition = resource.covers[min(which, len(resource.covers) - 1)]
        return format_html(
            '<img class="cover-{}" src="{}" width="{}" height="{}" alt="{}" '
            'loading="lazy">',
            which,
            reverse(
                "admin:resources_resource_cover",
                args=[resource.pk, rendition.name.rpartition("/")[2]],
            ),
            rendition.width,
            rendition.height,
            alt,
        )

    @admin.display(description=_("Record"))
    def record(self, resource):
        by = {
            "added": resource.created_by or "–",
            "changed": resource.changed_by or "–",
        }
        return format_html(
            _("Number {}. Added {} by {}, last changed {} by {}."),
            resource.pk,
            f"{timezone.localtime(resource.created_at):%Y-%m-%d %H:%M}",
            by["added"],
            f"{timezone.localtime(resource.updated_at):%Y-%m-%d %H:%M}",
            by["changed"],
        )

    # The list

    def get_search_results(self, request, queryset, search_term):
        # PostgreSQL refuses NUL in text, and nobody looks for a novel.
        term = search_term.replace("\x00", "")[:200]
        return super().get_search_results(request, queryset, term)

    # Beside the form

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/",
                wrap(self.preview),
                name="resources_resource_preview",
            ),
            path(
                "<int:pk>/cover/<str:name>",
                wrap(self.cover_file),
                name="resources_resource_cover",
            ),
            *super().get_urls(),
        ]

    def preview(self, request, pk):
        self.check_may_view(request)
        resource = get_object_or_404(Resource, pk=pk)
        [document] = documents.build(Resource.objects.filter(pk=pk))
        status = resource.get_status_display()
        context = {"document": document, "preview_status": status}
        return render(request, "record.html", context)

    def cover_file(self, request, pk, name):
        self.check_may_view(request)
        file = covers.file_of(get_object_or_404(Resource, pk=pk), name)
        if file:
            response = FileResponse(file, content_type="image/webp")
        elif name.endswith(".svg"):
            [document] = documents.build(Resource.objects.filter(pk=pk))
            context = {"cover": document.drawn_cover}
            response = drawing(request, "drawn_cover.svg", context)
        else:
            raise Http404
        response["Cache-Control"] = "private, max-age=3600"
        return response

    def check_may_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def delete_view(self, request, object_id, extra_context=None):
        resource = self.get_object(request, unquote(object_id))
        if resource and resource.changes.exists():
            self.message_user(
                request,
                _(
                    "This resource has been public, so it cannot be deleted: links to "
                    "it must go on answering. Withdraw it instead, and say why."
                ),
                messages.WARNING,
            )
            address = reverse("admin:resources_resource_change", args=[resource.pk])
            return HttpResponseRedirect(address)
        return super().delete_view(request, object_id, extra_context)
