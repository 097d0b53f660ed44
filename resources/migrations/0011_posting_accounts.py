"""
Whoever posted a resource of the demonstration data shared it, and is not its author.

Only these records are touched, found by title and name; an author of the same name
elsewhere stays one. On the way back they stay as they are, and so does what somebody
may have done to them since.
"""

from django.db import migrations

HEALTH_EXPERTISE = (
    "Migration for Development in the Horn of Africa: Health expertise from the Somali "
    "diaspora in Finland"
)
ROLES = {
    "Adrien Perrotton": (
        "shared_by",
        [
            "Migration for Development in Africa MIDA Ghana Senegal",
            HEALTH_EXPERTISE,
            "Diaspora engagement projects in the health sector in Africa",
        ],
    ),
    "System Admin": (
        "shared_by",
        [
            "The MIDA Experience and Beyond",
            "WMIDA Migrant Women for Development in Africa",
            "Return of Qualified Afghans (RQA) Programme",
            "Mobilisation des Marocains résidant en Belgique pour le développement du "
            "Maroc (MEDMA)",
            "Eighteen Stories from Around the World: Diaspora In Action",
        ],
    ),
    "Sonia Plaza": ("editor", ["Diaspora for Development in Africa"]),
    "Dilip Ratha": ("editor", ["Diaspora for Development in Africa"]),
}
# Named on the book itself, with their roles and names to sort by.
MADE_BY = [
    ("Thomas Lothar Weiss", "editor", "Weiss, Thomas Lothar"),
    ("Juan Daniel Reyes", "contributor", "Reyes, Juan Daniel"),
    ("Tobias van Treeck", "contributor", "van Treeck, Tobias"),
]


def state_roles(apps, schema_editor):
    database = schema_editor.connection.alias
    Contribution = apps.get_model("resources", "Contribution")
    rows = Contribution.objects.using(database).filter(role="author")
    is_demonstration = False
    for name, (role, titles) in ROLES.items():
        changed = rows.filter(contributor__name=name, resource__title__in=titles)
        is_demonstration |= bool(changed.update(role=role))
    if is_demonstration:
        name_makers(apps, database)


def name_makers(apps, database):
    Resource = apps.get_model("resources", "Resource")
    Contributor = apps.get_model("resources", "Contributor")
    Contribution = apps.get_model("resources", "Contribution")
    resource = Resource.objects.using(database).filter(title=HEALTH_EXPERTISE).first()
    if not resource:
        return
    for position, (name, role, sort_name) in enumerate(MADE_BY, 2):
        contributor, _is_new = Contributor.objects.using(database).get_or_create(
            name=name, defaults={"kind": "person", "sort_name": sort_name}
        )
        Contribution.objects.using(database).get_or_create(
            resource=resource,
            contributor=contributor,
            defaults={"role": role, "position": position},
        )


def rename_permissions(old, new):
    """Return what makes groups keep what they may do, under the name of the model."""

    def rename(apps, schema_editor):
        Permission = apps.get_model("auth", "Permission")
        every = Permission.objects.using(schema_editor.connection.alias)
        every = every.filter(content_type__app_label="resources")
        for action in ["add", "change", "delete", "view"]:
            if not every.filter(codename=f"{action}_{new}").exists():
                one = every.filter(codename=f"{action}_{old}")
                one.update(codename=f"{action}_{new}", name=f"Can {action} {new}")

    return rename


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0010_contributions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(state_roles, migrations.RunPython.noop),
        migrations.RunPython(
            rename_permissions("authorship", "contribution"),
            rename_permissions("contribution", "authorship"),
        ),
    ]
