"""Remove old versions of records; without --delete it only says which."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min
from django.utils import timezone

from resources import history


class Command(BaseCommand):
    help = (
        "Say which versions of records are older than some days and not the last of "
        "their record; with --delete, remove them."
    )

    def add_arguments(self, parser):
        parser.add_argument("--older-than", type=int, metavar="DAYS", required=True)
        parser.add_argument("--delete", action="store_true", help="remove them")

    def handle(self, *, older_than, delete, **options):
        if older_than < 1:
            raise CommandError("--older-than must be at least one day.")
        try:
            before = timezone.now() - timedelta(days=older_than)
        except OverflowError:
            raise CommandError("--older-than reaches too far back.") from None
        if delete:
            number = history.prune(before)
            self.stdout.write(
                f"{number} versions removed. `manage.py covers --sweep` removes the "
                "covers that only they had."
            )
            return
        rows = history.old(before)
        for name, number, first in (
            rows.order_by("content_type__model")
            .values_list("content_type__model")
            .annotate(Count("pk"), Min("revision__date_created"))
        ):
            self.stdout.write(f"{name}: {number} versions, the oldest of {first:%F}")
        self.stdout.write(
            f"{rows.count()} versions could be removed; --delete does so. The last one "
            "of each record stays."
        )
