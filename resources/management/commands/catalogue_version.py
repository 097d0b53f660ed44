from django.core.management.base import BaseCommand

from resources import changes


class Command(BaseCommand):
    help = (
        "Print the version of the catalogue: the epoch and the last id of the change "
        "log. Run it with --renew after a restore: ids of the log are then given out a "
        "second time, and only a new epoch keeps old pages from passing for new ones."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--renew",
            action="store_true",
            help="start a new epoch first: cached pages and search indexes made before "
            "are no longer used",
        )

    def handle(self, *, renew, **options):
        if renew:
            changes.renew_epoch()
        last = changes.last()
        self.stdout.write(f"{last.epoch}-{last.pk}  {last.at:%Y-%m-%d %H:%M:%S} UTC")
