"""Bring the catalogue back from an archive of `manage.py backup`."""

import sys
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connection

from resources.backup import BackupError, restoration
from resources.models import Resource

from ._failures import failures_told
from ._progress import Progress

QUESTION = """\
This replaces the {resources:,} resources and {accounts:,} accounts of {database}
by the {archived:,} resources of {time}. Stop the site first.
Type "yes" to go on: """


class Command(BaseCommand):
    help = (
        "Restore FILE, an archive of `manage.py backup`, into an empty database, which "
        "gets its tables first if need be. With --replace it takes the place of what "
        "is there. Stop the site first. If anything fails, nothing has changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the archive")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace the catalogue that is there, after a question",
        )
        parser.add_argument(
            "--no-input", "--noinput", action="store_true", help="ask nothing"
        )
        parser.add_argument(
            "--no-media",
            dest="media",
            action="store_false",
            help="restore rows only, and no covers",
        )

    def handle(self, *, file, replace, no_input, media, **options):
        is_wanted = (lambda manifest: True) if no_input else self.is_confirmed
        with (
            failures_told("Nothing was restored"),
            Progress(self.stdout, restoration.steps(file)) as progress,
        ):
            manifest = restoration.restore(
                file, is_wanted if replace else None, media, progress
            )
        self.report(manifest, media)

    def is_confirmed(self, manifest):
        if not sys.stdin or not sys.stdin.isatty():
            raise BackupError("Nobody can be asked: confirm with --no-input.")
        question = QUESTION.format(
            resources=Resource.objects.count(),
            accounts=get_user_model().objects.count(),
            database=connection.settings_dict["NAME"],
            archived=manifest.rows_of("resources_resource"),
            time=f"{datetime.fromisoformat(manifest.created_at):%d %B %Y, %H:%M} UTC",
        )
        return input(question) == "yes"

    def report(self, manifest, media):
        files = f"{manifest.files:,} files" if media else "no files"
        self.stdout.write(
            f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables, all as "
            f"in the archive, and {files}. The search index is made again when the "
            "site starts; `manage.py index` does so at once."
        )
