"""Make the files of all covers again, and remove those that nothing refers to."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from resources import covers
from resources.models import Resource

from ._progress import Progress

# Younger files may belong to a form that is being saved.
SAFE_AGE = timedelta(hours=1)


class Command(BaseCommand):
    help = "Make the files of all covers again from the widest one that is kept."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sweep",
            action="store_true",
            help="only remove files of covers that no resource names",
        )

    def handle(self, *, sweep, **options):
        if sweep:
            self.sweep()
        else:
            self.remake()

    def remake(self):
        resources = Resource.objects.exclude(cover="").order_by("pk")
        made = missing = 0
        with Progress(self.stdout, resources.count()) as progress:
            for resource in resources.iterator(chunk_size=100):
                try:
                    with default_storage.open(resource.cover.name) as file:
                        cover = covers.clean(file)
                except (OSError, ValidationError) as error:
                    missing += 1
                    reason = getattr(error, "message", None) or error.strerror
                    self.stderr.write(f"{resource.pk} {resource}: {reason}")
                else:
                    self.rewrite(resource, cover)
                    made += 1
                progress()
        self.stdout.write(f"{made} covers made again, {missing} could not be read.")

    def rewrite(self, resource, cover):
        """Write the files under their old names, the widest one as it is."""
        for rendition, (_width, _height, content) in zip(
            resource.covers[:-1], cover.files[:-1], strict=True
        ):
            default_storage.delete(rendition.name)
            default_storage.save(rendition.name, covers.ContentFile(content))

    def sweep(self):
        named = {
            rendition.name
            for resource in Resource.objects.exclude(cover="").iterator()
            for rendition in resource.covers
        }
        removed = 0
        _folders, files = (
            default_storage.listdir(covers.FOLDER)
            if default_storage.exists(covers.FOLDER)
            else ([], [])
        )
        for file in files:
            name = f"{covers.FOLDER}/{file}"
            age = timezone.now() - default_storage.get_modified_time(name)
            if name not in named and age > SAFE_AGE:
                default_storage.delete(name)
                removed += 1
        self.stdout.write(f"{removed} files removed, {len(named)} are in use.")
