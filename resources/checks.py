"""
What `manage.py check` says about this installation.

Most are warnings: the site answers without an index and without triggers, and an error
would stop `manage.py migrate`, which is what repairs the triggers.
"""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Info, Tags, Warning, register
from django.db import DatabaseError, transaction

from . import changes
from .folders import is_writable
from .models import Epoch
from .search import Unusable, store

INDEX = "The site builds one by itself; `manage.py index` does so now."
NO_EPOCH = Warning(
    "The change log has no epoch, so after a restore stale pages may be taken for "
    "current ones.",
    hint="`manage.py migrate` makes one.",
    id="resources.W002",
)


@register(Tags.database)
def check_change_log(databases=None, **kwargs):
    """Check that the database logs every public change (needs --database default)."""
    if "default" not in (databases or ()):
        return []
    try:
        wrong = changes.wrong_triggers()
    except DatabaseError as error:
        return [
            Error(
                f"The database cannot be read: {str(error).strip()}",
                hint="Look at DATABASE_URL, and whether its server runs.",
                id="resources.E001",
            )
        ]
    try:
        with transaction.atomic():
            has_epoch = Epoch.objects.exists()
    except DatabaseError:
        return []  # The tables are not there yet.
    return [*trigger_warnings(wrong), *([] if has_epoch else [NO_EPOCH])]


def trigger_warnings(wrong):
    if wrong:
        yield Warning(
            "Public changes are not all logged, so stale pages and search results may "
            f"be shown. Missing or different triggers: {', '.join(wrong)}.",
            hint="`manage.py migrate` installs them.",
            id="resources.W001",
        )


@register(Tags.database)
def check_index(databases=None, **kwargs):
    """Check that the search index can be read and is of this database."""
    if "default" not in (databases or ()):
        return []
    try:
        is_ours = store.current().belongs_to(changes.last())
    except DatabaseError:
        return []  # check_change_log says so.
    except Unusable as problem:
        # Not a warning: before its first visitor, every site is like this.
        return [Info(f"The search index: {problem}.", hint=INDEX, id="resources.I001")]
    if is_ours:
        return []
    # As after every upgrade that changes tables, and after a restore.
    text = "The search index is of an earlier epoch, or of another database."
    return [Info(text, hint=INDEX, id="resources.I002")]


@register(Tags.files)
def check_folders(**kwargs):
    """Check that the site can write what it makes, its search index and its covers."""
    return [
        Warning(
            f"{name} is {folder}, where this account cannot write.",
            hint=hint,
            id=id,
        )
        for name, hint, id in [
            (
                "DATA_DIR",
                "Static files cannot be collected. Let the account of the site write "
                "there, or set DATA_DIR.",
                "resources.W005",
            ),
            (
                "INDEX_DIR",
                "Without a search index, lists and searches are slow and simple. Let "
                "the account of the site write there, or set INDEX_DIR or DATA_DIR.",
                "resources.W003",
            ),
            (
                "MEDIA_ROOT",
                "Covers cannot be uploaded. Let the account of the site write there, "
                "or set MEDIA_ROOT.",
                "resources.W004",
            ),
        ]
        if not is_writable(folder := Path(getattr(settings, name)))
    ]


@register()
def check_names_of_variables(**kwargs):
    """Check that no setting is misspelled, which would silently leave its default."""
    return [
        Warning(
            f"{name} is set, which is no setting"
            + (f"; perhaps {setting} is meant." if setting else "."),
            hint="README.md has the table of settings.",
            id="resources.W006",
        )
        for name, setting in settings.UNKNOWN_VARIABLES.items()
    ]
