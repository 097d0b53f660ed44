"""
Which index is read, and how it comes up to date or is rebuilt.

A folder holds the index in use and, while it is being built, the next one; the file
"current" names the one to read. Any process can bring the index up to date. One writes
at a time: whoever finds another process writing leaves the work to it.
"""

import fcntl
import json
import logging
import os
import shutil
import threading
import time
from collections import deque
from contextlib import contextmanager
from functools import lru_cache, wraps
from inspect import isgeneratorfunction
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections
from pyroaring import BitMap

from .. import changes, documents
from ..models import Change, Resource
from ..processes import pool
from .bitmaps import Builder
from .index import BATCH, Damaged, Index, Replaced, Unusable, is_damage, write_json
from .query import with_ids
from .schema import FieldMaker, newness

logger = logging.getLogger(__name__)

WITHDRAWN = Change.Kind.WITHDRAWN

# Seconds to wait before trying again what failed or takes long.
PAUSE = 5
# How often, and for how many seconds, a request waits for another writer.
TRIES, WAIT = 20, 0.02


class Snapshot:
    """
    One state of the index as a request sees it, with what it still lacks.

    `pending` are the resources whose change has not been taken in, with its kind. What
    has been withdrawn leaves every match and count at once: `all` lacks it, and
    `withdrawn` are its numbers.
    """

    def __init__(self, index, version):
        self.index, self.state, self.bitmaps = index, index.state, index.bitmaps
        self.schema, self.searcher = index.schema, index.bitmaps.searcher
        self.version = version
        self.vocabularies = documents.snapshot(version)
        self.pending = {}
        if self.state.gaps or self.state.version < version:
            rows = Change.objects.filter(self.state.pending(version), is_last=True)
            self.pending = dict(rows.values_list("resource", "kind"))
        gone = [pk for pk, kind in self.pending.items() if kind == WITHDRAWN]
        numbers = (self.bitmaps.number(pk) for pk in gone)
        self.withdrawn = BitMap([number for number in numbers if number is not None])
        self.all = self.bitmaps.all - self.withdrawn if gone else self.bitmaps.all
        # The same for the engine; None when nothing has to be left out.
        self.left_out = with_ids(self.schema, gone) if gone else None
        # What Search.remembered() has made of this state.
        self.memory = {}


class Store:
    """The folder of the index."""

    def __init__(self, folder):
        self.folder = Path(folder)
        # For changing what this process reads, and for writing.
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.index = self.name = self.snapshot = None
        # The indexes of which files were found damaged while they were read.
        self.damaged = set()
        self.pointer = (None, None)
        # Until when not to try again to build an index, or to replace a worn one.
        self.pause_until = self.worn_until = 0
        self.filler = None

    # Reading

    def at(self, last):
        """
        Return a snapshot that is true to the end of the change log, `last`.

        Raises Unusable when there is no index; one is then being built.
        """
        for _attempt in range(2):
            try:
                index = self.up_to_date(last)
            except Replaced:
                continue
            return self.snapshot_of(index, max(last.pk, index.version))
        raise Unusable("it is being replaced")

    def snapshot_of(self, index, version):
        with self.lock:
            known = self.snapshot
            is_same = known and known.state is index.state and known.version == version
            if not is_same:
                self.snapshot = Snapshot(index, version)
            return self.snapshot

    def current(self):
        """Return the index in use. Raises Unusable."""
        name = self.current_name()
        if name in self.damaged:
            raise Unusable("it is damaged")
        if name != self.name or self.index is None:
            with self.lock:
                self.index, self.name = Index(self.folder / name), name
        return self.index

    def current_name(self):
        """Return the folder of the index in use, read again when it has changed."""
        try:
            stat = os.stat(self.folder / "current")
            seen = stat.st_mtime_ns, stat.st_ino, stat.st_size
            if self.pointer[0] != seen:
                text = (self.folder / "current").read_text()
                self.pointer = seen, json.loads(text)
            return self.pointer[1]
        except (OSError, ValueError):
            raise Unusable("there is none yet") from None

    def discard(self, index, error):
        """Read an index no more, as an error says that it is damaged."""
        logger.error("The search index is damaged: %s", error)
        self.damaged.add(index.folder.name)

    # Bringing it up to date

    def up_to_date(self, last):
        try:
            index = self.current()
            if index.version < last.pk or index.state.gaps:
                index.reload()
            if index.version > last.pk:
                last = changes.last()  # another process has just been quicker
            if not index.belongs_to(last):
                raise Unusable("it was built from another database")
        except Unusable as problem:
            self.start_rebuilding(problem)
            return self.current()
        if index.version < last.pk:
            self.refresh(index, last.pk)
        if index.state.gaps:
            self.start_filling(index)
        elif index.bitmaps.is_worn and time.monotonic() > self.worn_until:
            self.worn_until = time.monotonic() + PAUSE
            self.in_background(self.rebuild)
        return index

    def refresh(self, index, version):
        """Take in the newest changes, or wait a moment for who is doing it."""
        for _attempt in range(1 if index.state.gaps else TRIES):
            with self.written_to() as is_free:
                if is_free and index.refresh():
                    return
            time.sleep(WAIT)
            index.reload()
            if index.version >= version:
                return

    @contextmanager
    def written_to(self):
        """Yield whether no other thread of this process is writing."""
        is_free = self.writing.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                self.writing.release()

    def start_filling(self, index):
        """Fill the gaps of the index while the site goes on answering."""
        if self.filler is None or not self.filler.is_alive():
            self.filler = self.in_background(lambda: self.fill_gaps(index))

    def fill_gaps(self, index, progress=None):
        """Fill all gaps, in parts, so that new changes are taken in between."""
        while index.state.gaps or index.version < changes.version():
            with self.written_to() as is_free:
                is_done = is_free and index.refresh(progress)
            time.sleep(WAIT if is_done else 10 * WAIT)
            index.reload()

    # Rebuilding it

    def rebuild(self, progress=None, helpers=0):
        """
        Build a new index and read from it; return False if another process does.

        `helpers` is how many other processes take part.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "rebuilding").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            name = uuid4().hex
            try:
                self.build(self.folder / name, progress, helpers)
            except BaseException:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                raise
            write_json(self.folder / "current", name)
            # Readers keep the files they have open.
            for old in self.folder.iterdir():
                if old.is_dir() and old.name != name:
                    shutil.rmtree(old, ignore_errors=True)
        return True

    def build(self, folder, progress, helpers):
        last = changes.last()
        published = Resource.objects.published().order_by()
        rows = published.values_list("published_at", "pk").iterator()
        builder = Builder(sorted((newness(at, pk), pk) for at, pk in rows))
        ids = builder.ids.tolist()[::-1]
        batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
        index = Index.create(folder)
        index.fill(fields_of(batches, last.pk, helpers), builder, last, progress)
        index = Index(folder)
        # What has changed meanwhile; one part of it is enough to be read.
        index.refresh()

    def start_rebuilding(self, problem):
        """Build an index: at once when that is quick, else while the site goes on."""
        if time.monotonic() < self.pause_until:
            raise problem
        self.pause_until = time.monotonic() + PAUSE
        # As after installing, upgrading or restoring, unless it is damaged.
        level = logging.WARNING if isinstance(problem, Damaged) else logging.INFO
        logger.log(level, "The search index is rebuilt: %s.", problem)
        if Resource.objects.published().count() > BATCH:
            self.in_background(self.rebuild)
            raise problem
        try:
            self.rebuild()
        except (OSError, ValueError) as error:
            logger.error("The search index cannot be written: %s", error)
            raise problem from error
        self.pause_until = 0

    def in_background(self, work):
        def run():
            try:
                work()
            except Exception:
                logger.exception("The search index could not be brought up to date.")
            finally:
                close_old_connections()

        thread = threading.Thread(target=run, name="search-index", daemon=True)
        thread.start()
        return thread


def fields_of(batches, version, helpers):
    """Yield the fields of the documents of each batch of ids, in their order."""
    if not helpers:
        for batch in batches:
            yield make_fields(version, batch)
        return
    with pool(helpers) as others:
        waiting = deque()
        for batch in batches:
            waiting.append(others.submit(make_fields, version, batch))
            # As many as keep the helpers busy, and no more than memory has room for.
            if len(waiting) > 4 * helpers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def make_fields(version, ids):
    maker = maker_at(version)
    found = documents.published(ids, maker.vocabularies)
    return [maker.fields(found[pk]) for pk in ids if pk in found]


@lru_cache(maxsize=1)
def maker_at(version):
    return FieldMaker(documents.snapshot(version))


store = Store(settings.INDEX_DIR)


def reads_index(method):
    """Raise Unusable if a method of Search finds files of the index damaged."""

    @wraps(method)
    def read(self, *args, **options):
        with noticing_damage(self):
            return method(self, *args, **options)

    @wraps(method)
    def generate(self, *args, **options):
        with noticing_damage(self):
            yield from method(self, *args, **options)

    return generate if isgeneratorfunction(method) else read


@contextmanager
def noticing_damage(search):
    try:
        yield
    except BaseException as error:
        if not search.is_usable or not is_damage(error):
            raise
        store.discard(search.snapshot.index, error)
        raise Unusable("it is damaged") from error
