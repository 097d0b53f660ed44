"""The migrations of a database, of an archive and of this release."""

from io import StringIO

from django.core.management import call_command
from django.db import DatabaseError, connection

from . import BackupError


def applied():
    """Return the names of the migrations in the database by app; {} without tables."""
    connection.ensure_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
            rows = cursor.fetchall()
    except DatabaseError:
        return {}  # The tables are not there yet.
    return by_app(rows)


def known():
    """Return the names of the migrations of this release by app, in their order."""
    output = StringIO()
    call_command("showmigrations", "--plan", stdout=output, no_color=True)
    # Lines like "[X]  resources.0001_initial"
    names = [line[3:].split()[0] for line in output.getvalue().splitlines()]
    return by_app(name.split(".", 1) for name in names)


def by_app(rows):
    names = {}
    for app, name in rows:
        names.setdefault(app, []).append(name)
    return names


def unknown(migrations):
    """Return the first migration that this release does not know, or None."""
    here = known()
    for app, names in migrations.items():
        for name in names:
            if name not in here.get(app, []):
                return f"{app}.{name}"
    return None


def are_complete(migrations):
    """Whether these are all migrations of this release."""
    return all(set(names) <= set(migrations.get(a, [])) for a, names in known().items())


def check_archive(manifest):
    """Raise BackupError if an archive is of a newer release than this one."""
    if name := unknown(manifest.migrations):
        raise BackupError(
            f"The archive was made by a newer release: this one does not know {name}. "
            "Upgrade the software first, then restore."
        )


def check_database(migrations):
    """Raise BackupError unless the tables of the database are those of this release."""
    if name := unknown(migrations):
        raise BackupError(
            f"The database is of a newer release: this one does not know {name}. "
            "Upgrade the software first."
        )
    if not are_complete(migrations):
        raise BackupError(
            "The tables are missing or of an older release. Run `manage.py migrate` "
            "first."
        )


def migrate_to(migrations):
    """Bring an empty database to the state in which an archive was made."""
    if are_complete(migrations):
        call_command("migrate", verbosity=0)
        return
    for app, names in known().items():
        there = [name for name in names if name in migrations.get(app, [])]
        if there:
            call_command("migrate", app, there[-1], verbosity=0)
