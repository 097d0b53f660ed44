from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate, pre_save
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("Library")

    def ready(self):
        from . import changes, checks, fixtures, history  # noqa: F401 checks register themselves

        history.register()
        pre_migrate.connect(changes.before_migrate, sender=self)
        post_migrate.connect(changes.after_migrate, sender=self)
        pre_save.connect(fixtures.refuse_to_replace)
