"""Bring the search index up to date, or rebuild it beside the old one."""

import os

from django.core.management.base import BaseCommand, CommandError

from resources import changes
from resources.models import Change, Resource
from resources.search import Unusable, store

from ._progress import Progress

# From so many resources on all processors take part.
MANY = 20_000


class Command(BaseCommand):
    help = (
        "Bring the search index up to date with the change log. The site does this "
        "by itself; the command is for after large imports and for --rebuild."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--rebuild",
            action="store_true",
            help="build a new index beside the old one, then change over",
        )

    def handle(self, *, rebuild, **options):
        try:
            if not rebuild and self.is_there():
                self.refresh()
            else:
                self.rebuild()
        except (OSError, Unusable, ValueError) as error:
            raise CommandError(f"The search index cannot be written: {error}") from None

    def is_there(self):
        try:
            return store.current().belongs_to(changes.last())
        except Unusable as problem:
            self.stdout.write(f"The search index is rebuilt: {problem}.")
            return False

    def refresh(self):
        index = store.current()
        missing = Change.objects.filter(index.state.pending(changes.version()))
        with Progress(self.stdout, missing.filter(is_last=True).count()) as progress:
            store.fill_gaps(index, progress)
        self.stdout.write(f"Up to date: {number_in(index):,} resources.")

    def rebuild(self):
        total = Resource.objects.published().count()
        # Starting other processes takes longer than a small index.
        helpers = os.cpu_count() if total > MANY and os.cpu_count() > 1 else 0
        with Progress(self.stdout, total) as progress:
            if not store.rebuild(progress, helpers):
                raise CommandError("Another process is rebuilding the index.")
        self.stdout.write(f"Rebuilt: {number_in(store.current()):,} resources.")


def number_in(index):
    return index.bitmaps.searcher.num_docs
