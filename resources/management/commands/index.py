"""Bring the search index up to date, or make it anew beside the old one."""

import os

from django.core.management.base import BaseCommand, CommandError

from resources import changes
from resources.models import Resource
from resources.search.index import Unusable, store

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
            help="make a new index beside the old one, then change over",
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
            return store.current().knows_of(changes.last())
        except Unusable as problem:
            self.stdout.write(f"The search index is made anew: {problem}.")
            return False

    def refresh(self):
        generation = store.current()
        with Progress(self.stdout, generation.behind()) as progress:
            if not generation.refresh(progress):
                raise CommandError("Another process is writing the index; try later.")
        self.stdout.write(
            f"Up to date: {generation.reading.searcher.num_docs:,} resources."
        )

    def rebuild(self):
        total = Resource.objects.published().count()
        # Starting other processes takes longer than a small index.
        helpers = os.cpu_count() if total > MANY and os.cpu_count() > 1 else 0
        with Progress(self.stdout, total) as progress:
            if not store.rebuild(progress, helpers):
                raise CommandError("Another process is rebuilding the index.")
        self.stdout.write(f"Made anew: {number_in(store.current()):,} resources.")


def number_in(generation):
    return generation.reading.searcher.num_docs
