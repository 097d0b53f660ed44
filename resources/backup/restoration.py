"""
Bring the catalogue back from an archive: into an empty place, or over an old one.

Everything is read and checked before anything is touched. The rows come in one
transaction, which compares them with the archive before it ends. So whatever goes
wrong, the old catalogue stays as it was.
"""

from contextlib import contextmanager, nullcontext

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from .. import changes
from . import (
    BackupError,
    archive,
    folder,
    media,
    migration_state,
    no_progress,
    other_database,
    tables,
)
from .database_file import database_file

# What `manage.py migrate` writes by itself: a database with no other rows is empty.
MADE_BY_MIGRATE = {
    "auth_permission",
    "django_content_type",
    "resources_change",
    "resources_epoch",
}
EMPTY_TABLES = (
    "The database has empty tables now, which disturb nobody: run `manage.py migrate`, "
    "then restore again."
)


def restore(path, replace, with_media=True, progress=no_progress):
    """
    Restore an archive; return its manifest.

    `replace(manifest)` is asked before rows are replaced; without it the database has
    to be empty. Raises BackupError, OSError or DatabaseError, and then nothing has
    changed but that an empty database may have got its tables.
    """
    with archive.opened(path) as source:
        archive.verify(source, progress)
        with database_file():
            migration_state.check_archive(source.manifest)
            applied = migration_state.applied()
            if applied:
                migration_state.check_database(applied)
            if applied and not is_empty():
                ask(replace, source.manifest)
            if with_media and source.manifest.packs:
                files = media.in_place(source, progress)
            else:
                files = nullcontext()
            with files:
                restore_rows(source, bool(applied), progress)
    return source.manifest


def steps(path):
    """Return about how often the progress of a restore is reported."""
    with archive.opened(path) as source:
        return 2 * (source.manifest.rows + source.manifest.files)


def is_empty():
    return not any(
        QuerySet(model).exists()
        for model in tables.backed_up()
        if model._meta.db_table not in MADE_BY_MIGRATE
    )


def ask(replace, manifest):
    if not replace:
        raise BackupError(
            "The database is not empty; with --replace, the archive takes the place of "
            "what is there."
        )
    if not replace(manifest):
        raise BackupError("The answer was not yes.")


def restore_rows(source, has_tables, progress):
    """Restore the rows; the tables are made first, or the rows brought up to date."""
    is_current = migration_state.are_complete(source.manifest.migrations)
    if not has_tables:
        migration_state.migrate_to(source.manifest.migrations)
        with empty_tables_mentioned():
            load(source, is_current, progress)
        if not is_current:
            call_command("migrate", verbosity=0)
    elif is_current:
        load(source, is_current, progress)
    else:
        with upgraded(source) as newer:
            load(newer, True, progress)
    # What the queries of this process remember is of the old rows.
    ContentType.objects.clear_cache()


@contextmanager
def empty_tables_mentioned():
    """Say in an error that tables stay, unless they go with the file of SQLite."""
    try:
        yield
    except (BackupError, DatabaseError, OSError) as error:
        if connection.vendor == "sqlite":
            raise
        reason = " ".join(str(error).split()).removesuffix(".")
        raise BackupError(f"{reason}. {EMPTY_TABLES}") from error


def load(source, is_current, progress):
    """
    Replace all rows by those of an archive, in one transaction.

    The change log comes from the archive, so its triggers are away meanwhile. With
    tables of an earlier release they come back when these are migrated.
    """
    with transaction.atomic():
        tables.no_time_limit()
        changes.drop_triggers()
        entries = source.manifest.tables
        names = {table.name for table in entries}
        tables.empty(names | {*tables.all_models()} if is_current else names)
        for table in entries:
            tables.check_columns(table)
            tables.load(table, source.lines(table), progress)
            tables.continue_ids(table)
        if is_current:
            check_rows(source.manifest)
            changes.install_triggers()
            changes.renew_epoch()


def check_rows(manifest):
    """Raise BackupError unless the database holds exactly the rows of the archive."""
    if name := tables.first_difference(manifest.tables):
        raise BackupError(
            f"The rows of {name} are not the same after they were written."
        )


@contextmanager
def upgraded(source):
    """
    Open a copy of an archive with the tables of this release, without its media.

    An empty SQLite database is given the rows and then migrated.
    """
    with other_database.scratch_folder() as scratch:
        database = f"sqlite:///{scratch}/db.sqlite3"
        other_database.manage(database, "restore", source.file.filename, "--no-media")
        other_database.manage(database, "backup", scratch, "--no-media")
        [path] = folder.archives(scratch)
        with archive.opened(path) as newer:
            yield newer
