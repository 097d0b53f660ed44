"""Mend what was written past the forms, before the database refuses it."""

from django.db import migrations
from django.db.models import Q

LINKS = {"Resource": "source_url", "Programme": "url"}
WORDS = {
    "Resource": "language",
    "Programme": "slug",
    "ResourceType": "slug",
    "Theme": "slug",
    "Region": "slug",
}
UNDETERMINED = "und"  # https://www.rfc-editor.org/rfc/rfc5646#section-4.1


def mend(apps, schema_editor):
    for name, column in LINKS.items():
        rows = apps.get_model("resources", name).objects.using(
            schema_editor.connection.alias
        )
        rows.exclude(
            Q(**{column: ""})
            | Q(**{f"{column}__istartswith": "http://"})
            | Q(**{f"{column}__istartswith": "https://"})
        ).update(**{column: ""})
    for name, column in WORDS.items():
        rows = apps.get_model("resources", name).objects.using(
            schema_editor.connection.alias
        )
        for row in rows.filter(Q(**{column: ""}) | Q(**{f"{column}__contains": "/"})):
            word = f"{name.lower()}-{row.pk}" if column == "slug" else UNDETERMINED
            setattr(row, column, word)
            row.save(update_fields=[column])


class Migration(migrations.Migration):
    dependencies = [("resources", "0004_epoch")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
