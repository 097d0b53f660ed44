"""
The change log: what became different for the public, and when.

The database writes it, by triggers, in the transaction of the change itself. So no
way of writing can forget it: a form, a bulk update, an import, a fixture or a line
of SQL. The largest id is the version of the catalogue; ids follow the order of
commits, so whoever has read up to one id has missed nothing before it.

A row without a resource says that a vocabulary or the schema changed: pages made
before may be stale, though no single resource is.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from django.apps import apps
from django.db import connections, transaction

from .prepared import Prepared

PREFIX = "resources_log_"

# Kept about a resource, but not shown to the public.
PRIVATE = {"created_at", "created_by", "updated_at", "changed_by", "sort_title"}
PUBLIC = "('published', 'withdrawn')"

INSIDE_REGION = """
    IN (WITH RECURSIVE inside(code) AS (
          SELECT NEW.code UNION
          SELECT region.code FROM resources_region region
            JOIN inside ON region.parent_id = inside.code)
        SELECT code FROM inside)"""
LINKED = "id IN (SELECT resource_id FROM resources_resource_{0} WHERE {1})"

# Which resources show a row of each vocabulary.
SHOWN_ON = {
    "programme": "programme_id = NEW.id",
    "resourcetype": "type_id = NEW.id",
    "theme": LINKED.format("themes", "theme_id = NEW.id"),
    "contributor": (
        "publisher_id = NEW.id OR id IN (SELECT resource_id "
        "FROM resources_authorship WHERE contributor_id = NEW.id)"
    ),
    "country": " OR ".join(
        LINKED.format(field, "country_id = NEW.code")
        for field in ["countries_of_origin", "countries_of_residence"]
    ),
    "region": " OR ".join(
        [LINKED.format("regions", f"region_id {INSIDE_REGION}")]
        + [
            LINKED.format(
                field,
                "country_id IN (SELECT code FROM resources_country "
                f"WHERE region_id {INSIDE_REGION})",
            )
            for field in ["countries_of_origin", "countries_of_residence"]
        ]
    ),
}

# Tables of which each row belongs to one resource.
LINKS = [
    "authorship",
    "resource_themes",
    "resource_regions",
    "resource_countries_of_origin",
    "resource_countries_of_residence",
]

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}

INSERT = "INSERT INTO resources_change (resource_id, kind, at, is_last)"

# Ids are drawn in the order in which transactions take this lock, and it is let go
# when they commit: without it a lower id could appear after a higher one was read.
LOCK = "{} pg_advisory_xact_lock(hashtext('resources_change'))"


class Last(NamedTuple):
    """The end of the log: its id is the version of the catalogue."""

    pk: int
    at: datetime


def last_row(_ids):
    rows = apps.get_model("resources.Change").objects.order_by("-pk")
    return rows.values_list("pk", "at")[:1]


LAST = Prepared(last_row)


def last():
    """The last row of the log; one that stands before all when there is none."""
    one = connections["default"]
    if one.vendor != "sqlite" or one.connection is None or is_watched(one):
        return read_last()
    # Every page asks. What SQLite has counted tells sooner that nothing was written,
    # by others or through this connection: https://www.sqlite.org/pragma.html
    file = one.connection
    with one.wrap_database_errors:
        [(by_others,)] = file.execute("PRAGMA data_version").fetchall()
    seen = file, by_others, file.total_changes
    if getattr(one, "last_seen", None) != seen:
        one.last_change, one.last_seen = read_last(), seen
    return one.last_change


def is_watched(one):
    """Whether what is read may yet be undone, or queries are being counted."""
    return one.in_atomic_block or one.queries_logged or not one.get_autocommit()


def read_last():
    for row in LAST.rows():
        return Last(*row)
    return Last(0, BEGINNING)


def version():
    """The version of the catalogue; it grows with every public change."""
    return last().pk


def hold():
    """
    Make other writers wait until this transaction ends.

    For writes of several statements over several resources: those who take single
    rows first and the log afterwards could otherwise wait for each other for ever.
    SQLite has one writer at a time anyway.
    """
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format("SELECT"))


def note(resource, kind, now):
    """Note a change of one resource, which is its last one now."""
    return (
        "UPDATE resources_change SET is_last = FALSE "
        f"WHERE resource_id = {resource} AND is_last; "
        f"{INSERT} VALUES ({resource}, {kind}, {now}, TRUE);"
    )


def note_all(shows, now):
    """Note a change of the catalogue, and of each resource it shows on."""
    shown = f"FROM resources_resource WHERE status = 'published' AND ({shows})"
    return (
        f"{INSERT} VALUES (NULL, 'changed', {now}, FALSE); "
        "UPDATE resources_change SET is_last = FALSE "
        f"WHERE is_last AND resource_id IN (SELECT id {shown}); "
        f"{INSERT} SELECT id, 'changed', {now}, TRUE {shown} ORDER BY id;"
    )


def triggers(vendor):
    """Name, table, event, condition and body of each trigger."""
    now = NOW[vendor]
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"

    def any_differs(model):
        columns = [
            field.column
            for field in apps.get_model("resources", model)._meta.concrete_fields
            if field.name not in PRIVATE
        ]
        return " OR ".join(f'OLD."{c}" {differs} NEW."{c}"' for c in columns)

    yield (
        "resource_insert",
        "resource",
        "INSERT",
        f"NEW.status IN {PUBLIC}",
        note("NEW.id", "NEW.status", now),
    )
    yield (
        "resource_update",
        "resource",
        "UPDATE",
        f"(OLD.status IN {PUBLIC} OR NEW.status IN {PUBLIC}) "
        f"AND ({any_differs('resource')})",
        note(
            "NEW.id",
            "CASE WHEN NEW.status <> 'published' THEN 'withdrawn' "
            "WHEN OLD.status <> 'published' THEN 'published' ELSE 'changed' END",
            now,
        ),
    )
    # Django refuses to delete what is in the log; this is for emptying the database.
    yield (
        "resource_delete",
        "resource",
        "DELETE",
        f"OLD.status IN {PUBLIC}",
        "DELETE FROM resources_change WHERE resource_id = OLD.id;",
    )
    for table in LINKS:
        for event, row in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")]:
            yield (
                f"{table}_{event.lower()}",
                table,
                event,
                "EXISTS (SELECT 1 FROM resources_resource "
                f"WHERE id = {row}.resource_id AND status = 'published')",
                note(f"{row}.resource_id", "'changed'", now),
            )
    for table, shows in SHOWN_ON.items():
        yield (
            f"{table}_update",
            table,
            "UPDATE",
            any_differs(table),
            note_all(shows, now),
        )


def statements(vendor):
    for name, table, event, condition, body in triggers(vendor):
        name = PREFIX + name
        head = f"AFTER {event} ON resources_{table} FOR EACH ROW"
        if vendor == "sqlite":
            yield f"CREATE TRIGGER {name} {head} WHEN {condition} BEGIN {body} END"
        else:
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
                "LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN {LOCK.format('PERFORM')}; {body} END IF; "
                "RETURN NULL; END $$"
            )
            yield f"CREATE TRIGGER {name} {head} EXECUTE FUNCTION {name}()"


def drop_triggers(using="default", plan=None, **kwargs):
    """
    Before migrations: SQLite rebuilds tables under other names, and refuses when a
    trigger of another table names one that is gone for a moment.
    """
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' "
                f"AND name LIKE '{PREFIX}%'"
            )
            drops = [f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()]
        else:
            cursor.execute(
                f"SELECT proname FROM pg_proc WHERE proname LIKE '{PREFIX}%'"
            )
            drops = [f"DROP FUNCTION {name}() CASCADE" for (name,) in cursor.fetchall()]
        for drop in drops:
            cursor.execute(drop)


def install_triggers(using="default", plan=None, **kwargs):
    """After migrations: the triggers that fit the models as they are now."""
    connection = connections[using]
    if "resources_change" not in connection.introspection.table_names():
        return
    drop_triggers(using)
    with transaction.atomic(using), connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)
        if plan:
            # Migrations ran without the log: pages made before may be stale.
            now = NOW[connection.vendor]
            cursor.execute(f"{INSERT} VALUES (NULL, 'changed', {now}, FALSE)")
