from django.db import migrations, models


def mark_last(apps, schema_editor):
    changes = apps.get_model("resources", "Change").objects.using(
        schema_editor.connection.alias
    )
    last = changes.exclude(resource=None).order_by().values("resource")
    last = last.annotate(last=models.Max("pk")).values("last")
    changes.filter(pk__in=last).update(is_last=True)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="is_last",
            field=models.BooleanField(
                default=False, verbose_name="last of its resource"
            ),
        ),
        migrations.RunPython(mark_last, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("is_last", True)),
                fields=["at", "id"],
                name="change_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_last", True)),
                fields=("resource",),
                name="change_one_last",
            ),
        ),
    ]
