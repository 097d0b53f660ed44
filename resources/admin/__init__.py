"""Where curators work: resources, their vocabularies, and what has changed."""

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin

from . import resources, vocabularies  # noqa: F401 importing registers them

# Deleting many at once is too easily done; drafts are deleted one by one.
admin.site.disable_action("delete_selected")
# The lists need the width.
admin.site.enable_nav_sidebar = False
# What failed sign-ins leave behind; only the attempts that count are of use, to
# let somebody in again.
admin.site.unregister([AccessLog, AccessFailureLog])
