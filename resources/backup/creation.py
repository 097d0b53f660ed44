"""Make an archive of the catalogue while the site goes on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from .. import changes
from . import BackupError, archive, folder, media, migration_state, no_progress, tables


class Backup(NamedTuple):
    path: Path
    manifest: archive.Manifest


def back_up(place, with_media=True, progress=no_progress):
    """Write an archive into a folder, read it again to verify it, and return both."""
    migration_state.check_database(migration_state.applied())
    with folder.new_archive(Path(place)) as (path, file):
        manifest = write(file, with_media, progress)
        verify(file, manifest, progress)
    return Backup(path, manifest)


def steps(with_media=True):
    """
    Return about how often the progress of a backup is reported.

    Raises BackupError unless the tables are there to be counted.
    """
    migration_state.check_database(migration_state.applied())
    rows = sum(QuerySet(model).count() for model in tables.backed_up())
    files = sum(1 for _name in media.names_in_use()) if with_media else 0
    return 2 * (rows + files)


def write(file, with_media, progress):
    """Write the archive; return its manifest."""
    with archive.new(file) as new:
        packs = media.Packs(new)
        manifest = None
        while manifest is None:
            with tables.snapshot():
                if with_media:
                    packs.write_new(progress)
                # A file that vanished may have been replaced after the snapshot: the
                # next one refers to the new file. One that had been missing before is
                # not looked for again.
                if not packs.vanished:
                    manifest = describe(packs)
                    write_tables(new, manifest.tables, progress)
        archive.write_manifest(new, manifest)
    return manifest


def describe(packs):
    """Return the manifest of the snapshot, before its tables are written."""
    last = changes.last()
    return archive.Manifest(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=migration_state.applied(),
        epoch=last.epoch,
        version=last.pk,
        tables=[tables.description(model) for model in tables.backed_up()],
        packs=packs.packs,
        missing_files=packs.missing,
    )


def write_tables(new, entries, progress):
    models = tables.all_models()
    for table in entries:
        with archive.written(new, table) as member:
            for line in tables.lines(models[table.name]):
                member.write(line)
                table.rows += 1
                progress()


def verify(file, manifest, progress):
    """Read the archive again; raise BackupError unless it is what was written."""
    with archive.opened(file) as written:
        if written.manifest != manifest:
            raise BackupError("The archive cannot be read as it was written.")
        archive.verify(written, progress)
