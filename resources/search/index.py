"""
One index on disk: the engine's files, the bitmaps, and how far it has come.

state.json says up to which version of the catalogue the index is true, and which gaps
below that are still to be filled. New changes are taken in at once; of a bulk change
the newest changes come first and the rest is a gap, so that a single edit never waits
for it. Taking in a change twice does no harm, so whatever is interrupted is done again.
"""

import json
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from threading import Lock
from uuid import uuid4

import tantivy
from django.db.models import Q

from .. import changes, documents
from ..models import Change
from .bitmaps import BitmapFile, Bitmaps, Builder
from .schema import FORMAT, FieldMaker, engine_document, schema

# Changes taken in at once; more than a visitor waits for would be too many.
BATCH = 500
# Bytes that the engine gathers before it writes.
MEMORY = 60_000_000
# The engine merges eight parts of an index of the same size into one. The fewer there
# are, the quicker is each search.
MERGED = 8
# Batches that surely fit into the memory of the engine, and so become one part.
LARGEST = 250
# How errors of the engine begin that say so while an index is read.
ENGINE_FAILURES = (
    "An IO error occurred",
    "An invalid argument was passed: 'Failed to lookup",
    "Data corrupted",
)
# What opening files raises that are not as they were written.
DAMAGES = (OSError, EOFError, ValueError, KeyError, TypeError, sqlite3.Error)


def is_damage(error):
    """Return whether an error says that files of the index are not as written."""
    # The engine stops with an exception of its own when what it reads makes no sense.
    if type(error).__name__ == "PanicException" or isinstance(error, sqlite3.Error):
        return True
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return True
    return isinstance(error, ValueError) and str(error).startswith(ENGINE_FAILURES)


class Unusable(Exception):
    """There is no index that can be read; the text says why."""


class Damaged(Unusable):
    """Files of the index are not as they were written."""


class Replaced(Exception):
    """Another process has built a new index and removed this one meanwhile."""


@dataclass(frozen=True)
class State:
    """How far an index has come; see above."""

    format: int = field(default_factory=lambda: FORMAT)
    # The version when it was built, and the one that it has reached.
    built: int = 0
    version: int = 0
    # The epoch of the change log, and when the change of that version happened.
    epoch: str = ""
    at: str = ""
    # Below the version, the ranges (after, up to) of changes not yet taken in.
    gaps: list = field(default_factory=list)

    @classmethod
    def read(cls, folder):
        values = json.loads((folder / "state.json").read_text())
        if values["format"] != FORMAT:
            raise Unusable("it was built by another version of the software")
        return cls(**values)

    def write(self, folder):
        write_json(folder / "state.json", asdict(self))

    def at_version(self, last, gaps):
        return replace(
            self,
            version=last.pk,
            epoch=last.epoch,
            at=last.at.isoformat(),
            gaps=[list(gap) for gap in gaps if gap[0] < gap[1]],
        )

    @property
    def in_gaps(self):
        """A condition for the changes in the gaps."""
        condition = Q(pk__in=[])
        for after, upto in self.gaps:
            condition |= Q(pk__gt=after, pk__lte=upto)
        return condition

    def pending(self, version):
        """Return a condition for the changes up to a version not yet taken in."""
        return self.in_gaps | Q(pk__gt=self.version, pk__lte=version)


class Index:
    """One index in a folder of its own; reading it never waits for a writer."""

    def __init__(self, folder):
        """Raises Unusable if it cannot be read."""
        self.folder, self.reloading = folder, Lock()
        try:
            self.state = State.read(folder)
            self.engine = tantivy.Index(schema(), str(folder))
            self.schema = self.engine.schema
            file = BitmapFile(folder / "bitmaps")
            self.bitmaps = Bitmaps(file, self.schema, self.engine.searcher())
            self.state = replace(self.state, version=self.state.built, gaps=[])
            self.reload()
        except DAMAGES as error:
            raise Damaged(f"it is damaged ({error})") from error

    @classmethod
    def create(cls, folder):
        """Write the files of an index that is empty so far."""
        folder.mkdir(parents=True)
        engine = tantivy.Index(schema(), str(folder))
        Builder().write(folder / "bitmaps", engine.searcher(), engine.schema)
        State().write(folder)
        return cls(folder)

    @property
    def version(self):
        return self.state.version

    def reload(self):
        """See what other processes have written. Raises Replaced or Unusable."""
        with self.reloading:
            self.read_again()

    def read_again(self):
        try:
            before, state = self.state, State.read(self.folder)
            if state == before:
                return
            self.engine.reload()
            searcher = self.engine.searcher()
        except FileNotFoundError as error:
            raise Replaced from error
        except ValueError as error:
            if self.is_replaced:
                raise Replaced from error
            raise Damaged(f"it is damaged ({error})") from error
        changed = before.pending(state.version) & ~state.in_gaps
        self.bitmaps = self.bitmaps.updated(searcher, resources_of(changed))
        self.state = state

    @property
    def is_replaced(self):
        """Whether another index is read in place of this one."""
        try:
            current = json.loads((self.folder.parent / "current").read_text())
        except (OSError, ValueError):
            return False
        return current != self.folder.name

    def belongs_to(self, last):
        """Return whether it was built from the change log that ends like this."""
        state = self.state
        if not state.version:
            return True
        if state.version > last.pk or state.epoch != last.epoch:
            return False
        if state.version == last.pk:
            return state.at == last.at.isoformat()
        at = Change.objects.filter(pk=state.version).values_list("at", flat=True)
        return [one.isoformat() for one in at] == [state.at]

    @contextmanager
    def writer(self, memory=MEMORY):
        """Yield the engine's writer, or None while another process is writing."""
        try:
            writer = self.engine.writer(memory, 1)
        except ValueError as error:
            if self.is_replaced:
                raise Replaced from error
            if "LockBusy" not in str(error):
                raise Unusable(f"it cannot be written ({error})") from error
            yield None
            return
        try:
            yield writer
        finally:
            writer.wait_merging_threads()

    def refresh(self, progress=None):
        """
        Take in the newest changes, and after them a part of the newest gap.

        Returns False while another process is writing. Raises Replaced or Unusable.
        """
        try:
            with self.writer() as writer:
                if writer is None:
                    return False
                self.take_in(writer, progress)
            self.reload()
        except (ValueError, OSError) as error:
            if self.is_replaced:
                raise Replaced from error
            raise
        return True

    def take_in(self, writer, progress=None):
        # Another process may have come further while this one waited.
        self.reload()
        last, state = changes.last(), self.state
        gaps = [*state.gaps]
        if last.pk > state.version:
            gaps.append([state.version, last.pk])
        if not gaps:
            return
        after, upto = gaps.pop()
        newest = Change.objects.filter(pk__gt=after, pk__lte=upto, is_last=True)
        rows = newest.order_by("-pk").values_list("pk", "resource")[: BATCH + 1]
        rows = list(rows)
        if len(rows) > BATCH:
            rows.pop()
            gaps.append([after, rows[-1][0] - 1])
        ids = [pk for _change, pk in rows]
        self.reindex(writer, ids, last.pk)
        writer.commit()
        state.at_version(last, gaps).write(self.folder)
        if progress:
            progress(len(ids))

    def reindex(self, writer, ids, version):
        """Put the present documents of some resources in place of the old ones."""
        maker = FieldMaker(documents.snapshot(version))
        for pk in ids:
            writer.delete_documents_by_term("id", pk)
        present = documents.published(ids, maker.vocabularies)
        fields = [maker.fields(document) for document in present.values()]
        next_number = self.bitmaps.next_number
        for one in sorted(fields, key=lambda one: one["by_newest"]):
            number = self.bitmaps.number(one["id"])
            if number is None or self.bitmaps.key(number) != one["by_newest"]:
                number, next_number = next_number, next_number + 1
            writer.add_document(engine_document(one, number, is_recent=True))

    def fill(self, batches, builder, last, progress=None):
        """
        Write all records of a new index, and the bitmaps of its builder.

        `batches` are lists of fields, the newest first, so that of equally good
        results the newest come first; as of the version `last`.
        """
        ends = ends_of_parts(-(-len(builder.ids) // BATCH))
        with self.writer(5 * MEMORY) as writer:
            for place, batch in enumerate(batches):
                for fields in batch:
                    number = builder.add(fields)
                    writer.add_document(engine_document(fields, number, False))
                if place in ends:
                    writer.commit()
                if progress:
                    progress(len(batch))
            writer.commit()
        self.engine.reload()
        builder.write(self.folder / "bitmaps", self.engine.searcher(), self.schema)
        replace(State().at_version(last, []), built=last.pk).write(self.folder)


def ends_of_parts(batches):
    """Return after which batches a part ends, so that all become one in the end."""
    parts = 1
    while batches / parts > LARGEST:
        parts *= MERGED
    return {batches * part // parts - 1 for part in range(1, parts)}


def resources_of(condition):
    """Return the ids of the resources that some changes are of."""
    found = Change.objects.filter(condition).exclude(resource=None)
    ids = found.values_list("resource", flat=True).order_by("resource").distinct()
    return list(ids)


def write_json(path, data):
    """Put a small file in its place whole or not at all."""
    beside = path.with_name(f"{path.name}.{uuid4().hex}")
    beside.write_text(json.dumps(data))
    os.replace(beside, path)
