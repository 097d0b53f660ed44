"""
The change log: what became different for the public, and when.

The database writes it, by triggers, in the transaction of the change itself, so no
way of writing can bypass it: a form, a bulk update, an import, a fixture or a line of
SQL. Ids follow the order of commits, so a reader who has seen one id has missed
nothing before it.

The version of the catalogue is the largest id together with the epoch, a random value
that changes when ids may be given out a second time (after a restore) or when changes
may have gone unlogged (after a migration). See renew_epoch().

A row without a resource says that a vocabulary or the schema changed: cached pages may
be stale, though no single resource is.
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import NamedTuple

from django.apps import apps as current_apps
from django.db import connections, transaction
from django.db.models.functions import Now

from .models import Change, Epoch

PREFIX = "resources_log_"

# Columns of a resource that the public does not see.
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
        "FROM resources_contribution WHERE contributor_id = NEW.id)"
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
    "contribution",
    "resource_themes",
    "resource_regions",
    "resource_countries_of_origin",
    "resource_countries_of_residence",
]

# Tables that no single resource shows, but lists do.
SHARED = ["equivalents"]

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
NOW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "clock_timestamp()",
}

INSERT = "INSERT INTO resources_change (resource_id, kind, at, is_last)"

# Ids are assigned in the order in which transactions take this lock, which they hold
# until they commit. Without it a lower id could appear after a higher one was read.
LOCK = "{} pg_advisory_xact_lock(hashtext('resources_change'))"

# The ORM takes 0.18 ms for this query, which every page needs, a cursor 0.01 ms: the
# difference is half of what a cached page costs.
LAST = """
    SELECT id, at, (SELECT value FROM resources_epoch)
    FROM resources_change ORDER BY id DESC LIMIT 1"""


class Last(NamedTuple):
    """The last row of the log; `epoch` and `pk` are the version of the catalogue."""

    pk: int
    at: datetime
    epoch: str


def last():
    """Return the last row of the log, with the epoch, in one query."""
    with connections["default"].cursor() as cursor:
        cursor.execute(LAST)
        pk, at, epoch = cursor.fetchone() or (0, BEGINNING, "")
    # SQLite gives times in UTC without their time zone.
    return Last(pk, at if at.tzinfo else at.replace(tzinfo=UTC), epoch or "")


def version():
    """Return the largest id of the log, which grows with every public change."""
    return last().pk


def renew_epoch(using="default"):
    """
    Start a new epoch, so that nothing that was cached or indexed before is valid.

    The row in the log gives pages a new Last-Modified time as well.
    """
    with transaction.atomic(using):
        hold(using)
        Epoch.objects.using(using).update_or_create(
            pk=1, defaults={"value": token_hex(8)}
        )
        Change.objects.using(using).create(kind=Change.Kind.CHANGED, at=Now())


def hold(using="default"):
    """
    Make other writers wait until this transaction ends.

    Needed before several statements that write several resources. Two transactions
    that lock single rows first and the log afterwards would otherwise deadlock.
    SQLite has one writer at a time anyway.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format("SELECT"))


def log_change(resource, kind, now):
    """Return the SQL that logs a change of one resource as its last one."""
    return (
        "UPDATE resources_change SET is_last = FALSE "
        f"WHERE resource_id = {resource} AND is_last; "
        f"{INSERT} VALUES ({resource}, {kind}, {now}, TRUE);"
    )


def log_term_change(uses_term, now):
    """Return the SQL that logs a change of a term and of each resource showing it."""
    shown = f"FROM resources_resource WHERE status = 'published' AND ({uses_term})"
    return (
        f"{INSERT} VALUES (NULL, 'changed', {now}, FALSE); "
        "UPDATE resources_change SET is_last = FALSE "
        f"WHERE is_last AND resource_id IN (SELECT id {shown}); "
        f"{INSERT} SELECT id, 'changed', {now}, TRUE {shown} ORDER BY id;"
    )


class Trigger(NamedTuple):
    """What runs after which event on which table, under which condition, in SQL."""

    name: str
    table: str
    event: str
    condition: str
    body: str

    @property
    def head(self):
        return (
            f"CREATE TRIGGER {self.name} AFTER {self.event} "
            f"ON resources_{self.table} FOR EACH ROW"
        )

    @property
    def sqlite(self):
        """The only statement that SQLite needs."""
        return f"{self.head} WHEN {self.condition} BEGIN {self.body} END"

    @property
    def source(self):
        """The body of the function that PostgreSQL runs."""
        return (
            f"BEGIN IF {self.condition} THEN {LOCK.format('PERFORM')}; "
            f"{self.body} END IF; RETURN NULL; END"
        )

    @property
    def postgresql(self):
        return f"{self.head} EXECUTE FUNCTION {self.name}()"

    def statements(self, vendor):
        """Return the statements that install it."""
        if vendor == "sqlite":
            return [self.sqlite]
        function = (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $${self.source}$$"
        )
        return [function, self.postgresql]

    def stored(self, vendor):
        """Return its SQL as the query INSTALLED reads it from the database."""
        if vendor == "sqlite":
            return self.sqlite
        return f"{self.source}\n{self.postgresql}"


def triggers(vendor):
    """Return the triggers that fit the models as they are now."""
    now = NOW[vendor]
    more = [*resource_triggers(vendor, now), *link_triggers(now), *shared_triggers(now)]
    return more + [
        Trigger(
            f"{PREFIX}{table}_update",
            table,
            "UPDATE",
            is_changed(table, vendor),
            log_term_change(uses_term, now),
        )
        for table, uses_term in SHOWN_ON.items()
    ]


def resource_triggers(vendor, now):
    yield Trigger(
        f"{PREFIX}resource_insert",
        "resource",
        "INSERT",
        f"NEW.status IN {PUBLIC}",
        log_change("NEW.id", "NEW.status", now),
    )
    yield Trigger(
        f"{PREFIX}resource_update",
        "resource",
        "UPDATE",
        f"(OLD.status IN {PUBLIC} OR NEW.status IN {PUBLIC}) "
        f"AND ({is_changed('resource', vendor)})",
        log_change(
            "NEW.id",
            "CASE WHEN NEW.status <> 'published' THEN 'withdrawn' "
            "WHEN OLD.status <> 'published' THEN 'published' ELSE 'changed' END",
            now,
        ),
    )
    # Django refuses to delete what is in the log; this is for emptying the database.
    yield Trigger(
        f"{PREFIX}resource_delete",
        "resource",
        "DELETE",
        f"OLD.status IN {PUBLIC}",
        "DELETE FROM resources_change WHERE resource_id = OLD.id;",
    )


def link_triggers(now):
    for table in LINKS:
        for event, row in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")]:
            yield Trigger(
                f"{PREFIX}{table}_{event.lower()}",
                table,
                event,
                "EXISTS (SELECT 1 FROM resources_resource "
                f"WHERE id = {row}.resource_id AND status = 'published')",
                log_change(f"{row}.resource_id", "'changed'", now),
            )


def shared_triggers(now):
    for table in SHARED:
        for event in ["INSERT", "UPDATE", "DELETE"]:
            name = f"{PREFIX}{table}_{event.lower()}"
            body = f"{INSERT} VALUES (NULL, 'changed', {now}, FALSE);"
            yield Trigger(name, table, event, "TRUE", body)


def is_changed(model, vendor):
    """Return the SQL that is true where a column changed that the public sees."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    columns = [
        field.column
        for field in current_apps.get_model("resources", model)._meta.concrete_fields
        if field.name not in PRIVATE
    ]
    return " OR ".join(f'OLD."{c}" {differs} NEW."{c}"' for c in columns)


# The triggers in the database, by name. A disabled one counts as missing.
INSTALLED = {
    "sqlite": (
        "SELECT name, sql FROM sqlite_master "
        f"WHERE type = 'trigger' AND name LIKE '{PREFIX}%'"
    ),
    "postgresql": (
        "SELECT proname, prosrc || E'\\n' || "
        "coalesce(pg_get_triggerdef(pg_trigger.oid, true), '') "
        "FROM pg_proc LEFT JOIN pg_trigger "
        "ON tgfoid = pg_proc.oid AND tgenabled = 'O' "
        f"WHERE proname LIKE '{PREFIX}%' "
        "AND pronamespace = current_schema()::regnamespace"
    ),
}


def installed_triggers(using):
    """Return the SQL of the triggers in the database by name."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED[connection.vendor])
        return dict(cursor.fetchall())


def wrong_triggers(using="default"):
    """Return the names of triggers that are missing, different or left over."""
    vendor = connections[using].vendor
    expected = {trigger.name: trigger.stored(vendor) for trigger in triggers(vendor)}
    differing = expected.items() ^ installed_triggers(using).items()
    return sorted({name for name, _sql in differing})


def drop_triggers(using="default"):
    vendor = connections[using].vendor
    drop = "DROP TRIGGER {}" if vendor == "sqlite" else "DROP FUNCTION {}() CASCADE"
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for name in installed_triggers(using):
            cursor.execute(drop.format(name))


def install_triggers(using="default"):
    """Replace all triggers by those that fit the models as they are now."""
    vendor = connections[using].vendor
    with transaction.atomic(using), connections[using].cursor() as cursor:
        drop_triggers(using)
        for trigger in triggers(vendor):
            for statement in trigger.statements(vendor):
                cursor.execute(statement)


def before_migrate(using="default", plan=(), **kwargs):
    """
    Drop the triggers when tables of the catalogue are about to change.

    SQLite rebuilds tables under other names, and refuses when a trigger of another
    table names one that does not exist for a moment.
    """
    if any(migration.app_label == "resources" for migration, _backwards in plan or ()):
        drop_triggers(using)


def columns_by_table(apps):
    """Return the names of the columns of each table of the catalogue."""
    return {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_models()
        if model._meta.app_label == "resources"
    }


def after_migrate(using="default", apps=current_apps, **kwargs):
    """
    Install the triggers where they are missing, after migrations or a killed migrate.

    Whatever was written without them is not in the log, hence the new epoch.
    """
    if columns_by_table(apps) != columns_by_table(current_apps):
        return  # migrated back to an earlier release, whose triggers are others
    is_broken = bool(wrong_triggers(using))
    if is_broken:
        install_triggers(using)
    if is_broken or not Epoch.objects.using(using).exists():
        renew_epoch(using)
