"""Make the files of all covers again, and remove those that nothing refers to."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from resources import history
from resources.files import covers
from resources.models import Resource

from ._progress import Progress

# Younger files may belong to a form that is being saved.
SAFE_AGE = timedelta(hours=1)
# How often a run without a terminal says how far it is.
STEP = 100


class Command(BaseCommand):
    help = "Make the files of all covers again from the widest one that is kept."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sweep",
            action="store_true",
            help="only remove files of covers that neither a resource nor a version of "
            "one names, and tell which files are missing",
        )

    def handle(self, *, sweep, **options):
        resources = (
            Resource.objects.exclude(cover="")
            .only("title", "cover", "cover_width", "cover_height")
            .order_by("pk")
        )
        try:
            self.sweep(resources) if sweep else self.remake(resources)
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to do the rest.") from None

    def remake(self, resources):
        made = failed = 0
        total = resources.count()
        with Progress(self.stdout, total) as progress:
            for resource in resources.iterator(chunk_size=STEP):
                try:
                    covers.remake(
                        resource.cover.name, resource.cover_width, resource.cover_height
                    )
                except (OSError, ValidationError) as error:
                    failed += 1
                    self.report(progress, f"{resource.pk} {resource}: {reason(error)}")
                else:
                    made += 1
                progress()
                if not progress.is_shown and progress.done % STEP == 0:
                    self.stdout.write(f"{progress.done} of {total}")
        self.stdout.write(f"{made} covers made again, {failed} could not be.")

    def sweep(self, resources):
        # The files first: what is stored from here on is not among them.
        unnamed = set(self.files())
        total = resources.count()
        in_use = missing = 0
        with Progress(self.stdout, total) as progress:
            for resource in resources.iterator(chunk_size=STEP):
                for rendition in resource.covers:
                    if rendition.name in unnamed:
                        unnamed.remove(rendition.name)
                        in_use += 1
                    elif default_storage.exists(rendition.name):
                        in_use += 1
                    else:
                        missing += 1
                        line = f"{resource.pk} {resource}: {rendition.name} is missing"
                        self.report(progress, line)
                progress()
        # Those of earlier versions stay, so that these can be restored.
        versions = unnamed.intersection(history.cover_names())
        unnamed -= versions
        removed = sum(self.is_removed(name) for name in unnamed)
        self.stdout.write(
            f"{removed} files removed, {in_use} are in use, {missing} are missing."
        )
        if versions:
            self.stdout.write(f"{len(versions)} more are kept for earlier versions.")

    def files(self):
        """What lies in the folder itself; the demonstration covers lie below it."""
        if not default_storage.exists(covers.FOLDER):
            return
        _folders, files = default_storage.listdir(covers.FOLDER)
        for file in files:
            if not file.startswith("."):
                yield f"{covers.FOLDER}/{file}"

    def is_removed(self, name):
        try:
            age = timezone.now() - default_storage.get_modified_time(name)
            if age > SAFE_AGE:
                default_storage.delete(name)
                return True
        except FileNotFoundError:
            pass  # Replaced and removed meanwhile.
        except OSError as error:
            self.stderr.write(f"{name}: {reason(error)}")
        return False

    def report(self, progress, line):
        """Above the bar, when there is one."""
        if progress.is_shown:
            self.stdout.write("")
        self.stderr.write(line)


def reason(error):
    """One line for whoever runs the command, whatever went wrong."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return error.strerror or str(error)
