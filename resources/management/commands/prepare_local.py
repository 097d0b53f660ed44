from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.crypto import get_random_string

from resources.models import Contributor, Resource

User = get_user_model()

NEW_ACCOUNT = """
An account to curate with, at {address}admin/

    user name  {name}
    password   {password}

The password is shown this once."""
KNOWN_ACCOUNT = """
Curators sign in at {address}admin/
A new password: LOCAL=1 .venv/bin/python manage.py changepassword {name}"""


class Command(BaseCommand):
    help = "Make a checkout ready to look at: tables, demonstration data, a curator."

    def add_arguments(self, parser):
        parser.add_argument("address", help="where the site will be served")

    def handle(self, *, address, **options):
        if not settings.LOCAL:
            raise CommandError("Only with LOCAL=1; for a real site see docs/deploy.md.")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not (Resource.objects.exists() or Contributor.objects.exists()):
            call_command("loaddata", "vocabularies", "sample", verbosity=0)
            self.stdout.write(f"Loaded {Resource.objects.count()} resources to try.")
        self.announce_curator(address)

    def announce_curator(self, address):
        known = User.objects.filter(Q(is_staff=True) | Q(username="curator")).first()
        if known:
            name = known.get_username()
            self.stdout.write(KNOWN_ACCOUNT.format(address=address, name=name))
            return
        password = get_random_string(16)
        User.objects.create_superuser("curator", password=password)
        self.stdout.write(
            NEW_ACCOUNT.format(address=address, name="curator", password=password)
        )
