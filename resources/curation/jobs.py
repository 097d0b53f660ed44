"""Work in the background, in the admin: how far it is, and whether anybody does it."""

from django.contrib import admin
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from .. import jobs
from ..models import Job

if admin.site.is_registered(DBTaskResult):
    # A job says the same in words of ours.
    admin.site.unregister(DBTaskResult)


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["created_at", "what", "total", "done", "user", "finished_at"]
    list_select_related = ["user"]
    show_full_result_count = False
    change_form_template = "admin/resources/job.html"

    @admin.display(description=_("Action"))
    def what(self, job):
        return jobs.title(job)

    def get_urls(self):
        progress = self.admin_site.admin_view(self.progress_view)
        name = "resources_job_progress"
        return [path("<int:pk>/progress/", progress, name=name), *super().get_urls()]

    def progress_view(self, request, pk):
        job = self.get_object(request, str(pk))
        if job is None or not self.has_view_permission(request, job):
            return JsonResponse({}, status=404)
        return JsonResponse(
            {
                "done": job.done,
                "total": job.total,
                "finished": job.finished_at is not None,
            }
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        job = self.get_object(request, object_id)
        context = {
            "job": job,
            "subtitle": None,
            "title": jobs.title(job) if job else "",
            "is_working": jobs.is_working(),
        }
        return super().change_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def changelist_view(self, request, extra_context=None):
        context = {"is_working": jobs.is_working()}
        return super().changelist_view(request, context | (extra_context or {}))

    # Curators see their own jobs; who may see the others is a permission.

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.has_perm("resources.view_job"):
            return rows
        return rows.filter(user=request.user)

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
