"""The change log in the admin."""

from django.contrib import admin

from ..models import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """What became different for the public; written by the database alone."""

    list_display = ["at", "kind", "resource"]
    list_filter = ["kind"]
    list_select_related = ["resource"]
    show_full_result_count = False
    ordering = ["-pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
