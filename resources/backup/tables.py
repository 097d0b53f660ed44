"""
Rows: from a database to lines of JSON, and from these to either database.

Values are those of the columns, so nothing depends on forms, models of a later release
or the kind of database. Foreign keys are checked when the transaction ends, so the
order of the tables does not matter.
"""

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, QuerySet

from . import BackupError, no_progress
from .archive import Table

# Apps whose rows are of no use later: who is signed in, who failed to sign in, and what
# a worker is about to do, which the rows of jobs hold too (resources/jobs).
LEFT_OUT = {"sessions", "axes", "django_tasks_database"}
BATCH = 2000

# Another transaction can write meanwhile, which is why this is not atomic(): on SQLite
# that is one that writes.
SNAPSHOT = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def snapshot():
    """Within it, every query sees the database as the first query saw it."""
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT[connection.vendor])
        try:
            no_time_limit()
            yield
        finally:
            cursor.execute("ROLLBACK")


def no_time_limit():
    """Let the statements of this transaction take longer than those of a page."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def all_models():
    """Return all models that have a table of their own, by the name of the table."""
    models = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return dict(sorted(models.items()))


def backed_up():
    """Return the models of which an archive holds the rows."""
    return [
        model
        for model in all_models().values()
        if model._meta.app_label not in LEFT_OUT
    ]


def columns(model):
    return [field.column for field in model._meta.local_concrete_fields]


def description(model):
    """Return the entry of the manifest for the rows of a model, without the rows."""
    return Table(
        name=model._meta.db_table,
        columns=columns(model),
        times=[
            field.column
            for field in model._meta.local_concrete_fields
            if isinstance(field, DateTimeField)
        ],
    )


# Out of a database


def lines(model):
    """Yield the rows of a model by primary key, each as a line of JSON."""
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = QuerySet(model).order_by("pk").values_list(*names)
    encode = json.JSONEncoder(
        ensure_ascii=False, separators=(",", ":"), default=iso_time
    ).encode
    for row in rows.iterator(chunk_size=BATCH):
        yield f"{encode(row)}\n".encode()


def iso_time(value):
    """Return a time or a day as text; raise TypeError for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written into an archive")


def checksum(model):
    """Return the number of the rows of a model, and their SHA-256 in an archive."""
    hash, rows = sha256(), 0
    for line in lines(model):
        hash.update(line)
        rows += 1
    return rows, hash.hexdigest()


def first_difference(entries):
    """Return the name of the first table that differs from its entry, or None."""
    models = all_models()
    for table in entries:
        if checksum(models[table.name]) != (table.rows, table.sha256):
            return table.name
    return None


# Into a database


def empty(names):
    """Delete all rows of these tables."""
    quoted = [f'"{name}"' for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
        else:
            for name in quoted:
                cursor.execute(f"DELETE FROM {name}")


def check_columns(table):
    """Raise BackupError unless the database has this table with these columns."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table.name}" LIMIT 0')
        there = {column[0] for column in cursor.description}
    if differing := sorted(there ^ {*table.columns}):
        raise BackupError(
            f"The archive does not fit this database: column {differing[0]} of table "
            f"{table.name} is only in one of them."
        )


def load(table, rows, progress=no_progress):
    """Insert rows, which are lines of JSON."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    places = ", ".join(["%s"] * len(table.columns))
    insert = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'
    read = row_reader(table)
    rows = iter(rows)
    while batch := [read(line) for line in islice(rows, BATCH)]:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(insert, batch)
        except (DatabaseError, ValueError) as error:
            raise refused(table, insert, batch, error) from error
        progress(len(batch))


def row_reader(table):
    """Return a function from a line of JSON to the values of a row."""
    times = [table.columns.index(name) for name in table.times]
    # SQLite holds times without their zone, which is UTC.
    zone = UTC if connection.vendor == "postgresql" else None

    def read(line):
        row = json.loads(line)
        for place in times:
            if row[place] is not None:
                row[place] = datetime.fromisoformat(row[place]).replace(tzinfo=zone)
        return row

    return read


def refused(table, insert, batch, error):
    """Return the error that names the row which the database does not take."""
    for row in batch:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(insert, row)
        except (DatabaseError, ValueError) as reason:
            key = dict(zip(table.columns, row, strict=True)).get("id", row[0])
            return BackupError(
                f"The database does not take row {key} of {table.name}: "
                f"{str(reason).strip()}"
            )
    return BackupError(f"The database does not take {table.name}: {error}")


def continue_ids(table):
    """
    Let new rows get ids after those of the archive, and after all given out before.

    SQLite does so by itself.
    """
    if connection.vendor != "postgresql" or "id" not in table.columns:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table.name])
        sequence = cursor.fetchone()[0]
        if sequence:
            cursor.execute(
                "SELECT setval(%s, greatest(nextval(%s), "
                f'(SELECT coalesce(max(id), 0) + 1 FROM "{table.name}")), false)',
                [sequence, sequence],
            )
