"""Set up Django's admin, in which curators work; the pages are in curation/."""

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin

from .curation import accounts, changes, contributors, jobs, resources, vocabularies  # noqa: F401 importing registers them

# Drafts are deleted one by one: deleting many at once is too easily done.
admin.site.disable_action("delete_selected")
# The lists need the width.
admin.site.enable_nav_sidebar = False
# Only the attempts that count towards a lockout are of use to administrators.
admin.site.unregister([AccessLog, AccessFailureLog])
