"""Accounts and groups in the admin: Django's own, with forms that come back."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from .unsaved import ComesBack

admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(ComesBack, UserAdmin):
    def user_change_password(self, request, id, form_url=""):
        return self.or_back(request, super().user_change_password, id, form_url)


@admin.register(Group)
class AccountGroupAdmin(ComesBack, GroupAdmin):
    pass
