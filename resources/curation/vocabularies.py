from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import (
    Country,
    Equivalents,
    Programme,
    Region,
    Resource,
    ResourceType,
    Theme,
    check_web_address,
)
from .history import HasHistory
from .unsaved import ComesBack

WEB_ADDRESS = {
    models.URLField: {
        "assume_scheme": "https",
        "error_messages": {"invalid": check_web_address.message},
    }
}


class VocabularyAdmin(ComesBack, HasHistory, admin.ModelAdmin):
    """A vocabulary with the number of resources beside each term."""

    # By which columns of resources a term is used.
    used_by = []
    formfield_overrides = WEB_ADDRESS
    show_full_result_count = False
    list_per_page = 100

    def get_queryset(self, request):
        number = 0
        for column in self.used_by:
            used = (
                Resource.objects.order_by()
                .filter(**{column: OuterRef("pk")})
                .values(column)
                .annotate(number=Count("pk"))
                .values("number")
            )
            number = Coalesce(Subquery(used), 0) + number
        return super().get_queryset(request).annotate(number=number)

    @admin.display(description=_("Resources"), ordering="number")
    def number_of_resources(self, term):
        if not term.number:
            return "0"
        address = reverse("admin:resources_resource_changelist")
        column = self.used_by[0]
        return format_html(
            '<a href="{}?{}__{}__exact={}">{}</a>',
            address,
            column,
            term._meta.pk.name,
            term.pk,
            term.number,
        )

    def get_search_results(self, request, queryset, search_term):
        # PostgreSQL refuses NUL in text.
        term = search_term.replace("\x00", "")[:200]
        return super().get_search_results(request, queryset, term)

    def delete_view(self, request, object_id, extra_context=None):
        term = self.get_object(request, unquote(object_id))
        if term and term.number:
            self.message_user(
                request,
                ngettext(
                    "“%(term)s” cannot be deleted: %(n)s resource uses it. Give that "
                    "resource another term first.",
                    "“%(term)s” cannot be deleted: %(n)s resources use it. Give those "
                    "resources another term first.",
                    term.number,
                )
                % {"term": term, "n": term.number},
                messages.WARNING,
            )
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[term.pk]))
        return super().delete_view(request, object_id, extra_context)


NAMES = ["name", "name_fr", "name_es", "name_ar"]


class TermAdmin(VocabularyAdmin):
    list_display = ["name", "name_fr", "name_es", "name_ar", "number_of_resources"]
    search_fields = [*NAMES, "aliases"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "aliases"]}),
        (
            _("In other languages"),
            {
                "fields": [
                    f"{column}_{language}"
                    for language in ["fr", "es", "ar"]
                    for column in ["name", "description"]
                ]
            },
        ),
    ]


class IllustratedAdmin(TermAdmin):
    fieldsets = [
        *TermAdmin.fieldsets,
        (_("Appearance"), {"fields": ["motif", "palette"]}),
    ]


@admin.register(Theme)
class ThemeAdmin(IllustratedAdmin):
    used_by = ["themes"]


@admin.register(ResourceType)
class ResourceTypeAdmin(TermAdmin):
    used_by = ["type"]


@admin.register(Programme)
class ProgrammeAdmin(IllustratedAdmin):
    used_by = ["programme"]
    list_display = ["name", "description", "started_in", "number_of_resources"]
    fieldsets = [
        *IllustratedAdmin.fieldsets,
        (_("The programme itself"), {"fields": ["started_in", "ended_in", "url"]}),
    ]


class StandardAdmin(VocabularyAdmin):
    """A vocabulary of a standard: names may be mended, but nothing comes or goes."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Region)
class RegionAdmin(StandardAdmin):
    used_by = ["regions"]
    list_display = ["name", "code", "parent", "number_of_resources"]
    list_select_related = ["parent"]
    search_fields = [*NAMES, "code"]
    readonly_fields = ["code", "slug"]
    fields = ["code", *NAMES, "slug", "parent"]


@admin.register(Country)
class CountryAdmin(StandardAdmin):
    used_by = ["countries_of_origin", "countries_of_residence"]
    list_display = ["name", "code", "region", "number_of_resources"]
    list_select_related = ["region"]
    search_fields = [*NAMES, "code"]
    readonly_fields = ["code"]
    fields = ["code", *NAMES, "region"]


@admin.register(Equivalents)
class EquivalentsAdmin(ComesBack, HasHistory, admin.ModelAdmin):
    list_display = ["__str__"]
    search_fields = ["words"]
    fields = ["words"]
