"""Accounts and groups in the admin: Django's own, with forms that come back."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import limits
from .unsaved import ComesBack

admin.site.unregister([User, Group])


class SignInForm(AdminAuthenticationForm):
    """It counts attempts before it checks a password, which costs 0.3 s of CPU."""

    def clean(self):
        try:
            limits.spend(self.request, limits.SIGN_IN)
        except limits.TooMany as problem:
            raise ValidationError(_("Too many attempts to sign in")) from problem
        return super().clean()


admin.site.login_form = SignInForm


@admin.register(User)
class AccountAdmin(ComesBack, UserAdmin):
    def user_change_password(self, request, id, form_url=""):
        return self.or_back(request, super().user_change_password, id, form_url)


@admin.register(Group)
class AccountGroupAdmin(ComesBack, GroupAdmin):
    pass
