"""Make a backup of the catalogue: rows and covers, in one file."""

from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from resources.backup import creation
from resources.backup.folder import remove_older

from ._failures import failures_told
from ._progress import Progress


class Command(BaseCommand):
    help = (
        "Write the whole catalogue into a new archive in FOLDER, while the site goes "
        "on: all records with their history, accounts and covers. `manage.py restore` "
        "brings it back, on SQLite or PostgreSQL."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where the archives are")
        parser.add_argument(
            "--keep",
            type=whole_number,
            metavar="N",
            help="once the new archive is verified, remove all but the newest N",
        )
        parser.add_argument(
            "--no-media",
            dest="media",
            action="store_false",
            help="leave the covers out, if they are saved in another way",
        )

    def handle(self, *, folder, keep, media, **options):
        with (
            failures_told("No backup was made"),
            Progress(self.stdout, creation.steps(media)) as progress,
        ):
            backup = creation.back_up(folder, media, progress)
        self.report(backup)
        if keep:
            with failures_told("The backup was made, but older ones are still there"):
                removed = remove_older(folder, keep, backup.path)
            self.stdout.write(f"{removed} older archives removed.")

    def report(self, backup):
        manifest = backup.manifest
        size = filesizeformat(backup.path.stat().st_size)
        self.stdout.write(
            f"{backup.path}: {manifest.rows:,} rows of {len(manifest.tables)} tables, "
            f"{manifest.files:,} files, {size}, verified."
        )
        if manifest.missing_files:
            self.stderr.write(
                f"{manifest.missing_files:,} files of covers are missing: "
                "`manage.py covers --sweep` names them."
            )


def whole_number(text):
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("it must be a whole number of at least 1")
    return int(text)
