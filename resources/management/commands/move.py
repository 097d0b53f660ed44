"""Move the catalogue from one database to another, of whichever kind."""

from django.core.management.base import BaseCommand, CommandError

from resources.backup import creation, other_database, tables

from ._failures import failures_told
from ._progress import Progress


class Command(BaseCommand):
    help = (
        "Copy all rows of the database in use into the one at DATABASE_URL, which has "
        "to be empty, with the change log and its dates, and compare them. Stop the "
        "site first; afterwards set DATABASE_URL. Covers stay where they are."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "database_url",
            help="postgresql://user@host/name or sqlite:///path, as in the settings",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace the catalogue that is there, after a question",
        )
        parser.add_argument(
            "--no-input", "--noinput", action="store_true", help="ask nothing"
        )

    def handle(self, *, database_url, replace, no_input, **options):
        given = [("--replace", replace), ("--no-input", no_input)]
        arguments = [name for name, is_given in given if is_given]
        with failures_told("Nothing was moved"):
            manifest = self.copy(database_url, arguments)
            changed = tables.first_difference(manifest.tables)
        if changed:
            raise CommandError(
                f"All rows were copied, but those of {changed} have changed meanwhile. "
                "Stop the site and move again, with --replace."
            )
        self.report(manifest)

    def copy(self, database_url, arguments):
        """Copy by means of an archive that goes again; return its manifest."""
        with other_database.scratch_folder() as scratch:
            with Progress(self.stdout, creation.steps(with_media=False)) as progress:
                backup = creation.back_up(scratch, False, progress)
            other_database.manage(
                database_url,
                "restore",
                backup.path,
                "--no-media",
                *arguments,
                # The question and the progress of the other side are seen here.
                output=None,
            )
        return backup.manifest

    def report(self, manifest):
        for table in manifest.tables:
            self.stdout.write(f"{table.rows:>12,}  {table.sha256[:16]}  {table.name}")
        self.stdout.write(
            f"Moved {manifest.rows:,} rows of {len(manifest.tables)} tables. Numbers "
            "and checksums are the same on both sides. Now set DATABASE_URL, and start "
            "the site."
        )
