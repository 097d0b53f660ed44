"""
The index on disk: made, kept up to date from the change log, and read.

A folder holds one generation of the index and a small file that says up to which
version of the catalogue it is true. A rebuild makes a new generation beside the old
one; the file "current" names the one to read. Replaying a change is harmless, so
whatever is interrupted is simply done again.
"""

import fcntl
import json
import logging
import os
import shutil
import sqlite3
import threading
import time
from collections import deque
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import uuid4

import tantivy
from django.conf import settings
from django.db import close_old_connections

from .. import changes, records
from ..models import Change, Region, Resource
from ..processes import pool
from .analysis import folded, joined, spelled
from .kept import Gathered, Kept
from .likeness import telling
from .numbers import Numbers, newness
from .query import FACETS, NUMBERED
from .sets import Sets

logger = logging.getLogger(__name__)

# The file that names the generation to read.
CURRENT = "current"
# Raise it when the schema, the documents or the analyser change.
FORMAT = 9
BATCH = 500
# More changes than this are not made up for while a visitor waits.
AT_ONCE = 500
# What is remembered of one state of the index.
MOST_REMEMBERED, MOST_OFTEN = 300, 2000
# Seconds to wait before trying again what failed or takes long.
PAUSE = 5
# Bytes that the engine gathers before it writes; more make fewer, larger parts,
# which are searched more quickly.
MEMORY = 60_000_000
BUILDING = 300_000_000
# So many batches surely fit into it; and of so many parts the engine makes one.
LARGEST = 250
JOINED = 8


# What reading files raises that are not as they were written.
DAMAGES = (OSError, EOFError, ValueError, KeyError, TypeError, sqlite3.Error)


class Unusable(Exception):
    """There is no index that can be read; its text says why."""


class Replaced(Exception):
    """Another process has made a new index and removed this one meanwhile."""


def schema():
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    # Where a record stands in the sets, and the marks of those that they lack and of
    # those that were not published in the order of their numbers.
    builder.add_integer_field("number", fast=True)
    for name in ["fresh", "stray"]:
        builder.add_integer_field(name, indexed=True)
    # Everything a record is found by, as stems.
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    # The same words as they are written, for phrases and for corrections.
    builder.add_text_field("exact", tokenizer_name="whitespace")
    for name in ["in_title", "title_words", "in_author"]:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in FACETS:
        if name in NUMBERED:
            builder.add_integer_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(
                name, tokenizer_name="raw", index_option="basic", fast=True
            )
    builder.add_integer_field("year", indexed=True, fast=True)
    # One value for each record, so that an order has no ties.
    for name in ["by_newest", "by_year"]:
        builder.add_integer_field(name, fast=True)
    builder.add_text_field(
        "by_title", tokenizer_name="raw", index_option="basic", fast=True
    )
    return builder.build()


class Documents:
    """Makes documents of resources, with the vocabularies of one version."""

    def __init__(self, version):
        self.version = version
        self.regions = records.vocabularies(version)[Region]
        by_slug = {region.slug: region for region in self.regions.values()}
        self.lineage = {}
        for region in self.regions.values():
            line, here = [], region
            while here and here.slug not in line:
                line.append(here.slug)
                here = by_slug.get(here.above)
            self.lineage[region.pk] = line
        self.called = {}

    def of(self, ids):
        """The fields of those that are published, in this order."""
        found = records.whole(ids, self.version)
        for pk in ids:
            if pk in found:
                yield self.make(found[pk])

    def names_of(self, term):
        """
        All it is called, as written and as stems.

        What a resource is about can be asked for in each language of the interface.
        Other names are of no stated language; queries try the English stem anyway.
        """
        key = term.model, term.pk
        if key not in self.called:
            called = [*term.names().items(), ("en", term.aliases)]
            self.called[key] = [spelled(name, code) for code, name in called if name]
        return self.called[key]

    def make(self, resource):
        language = resource.language
        programme, countries = resource.programme, resource.countries
        around = [self.regions[c.above] for c in countries if c.above in self.regions]
        regions = list(dict.fromkeys([*resource.regions, *around]))
        inside = {slug for region in regions for slug in self.lineage[region.pk]}
        texts = [resource.title, resource.summary, resource.description]
        texts += (author.name for author in resource.credits)
        if programme:
            texts += [programme.name, programme.aliases]
        if resource.publisher:
            texts.append(resource.publisher.name)
        words = [spelled(one, language) for one in texts]
        title_words, title = words[0]
        title = f"{title} {spelled(joined(resource.title), language)[1]}"
        for term in [resource.type, *resource.themes, *countries, *regions]:
            words += self.names_of(term)
        text = [title, *(stemmed for _written, stemmed in words)]
        text.append(spelled(joined(" ".join(texts)), language)[1])
        text += (spelled(author.aliases, "en")[1] for author in resource.credits)
        return {
            "id": resource.pk,
            "text": " ".join(text),
            "exact": [written for written, _stemmed in words if written],
            "telling": telling(*words[:2]),
            "in_title": title,
            "title_words": title_words,
            "in_author": " ".join(
                form for author in resource.credits for form in folded(author.name)
            ),
            "programme": [programme.slug] if programme else [],
            "region": sorted(inside),
            "country": [country.slug for country in countries],
            "theme": [theme.slug for theme in resource.themes],
            "type": [resource.type.slug],
            "language": [language],
            "author": [author.pk for author in resource.credits],
            "publisher": [resource.publisher_id] if resource.publisher_id else [],
            "year": [resource.year] if resource.year else [],
            "by_newest": newness(resource.published_at, resource.pk),
            "by_year": ((resource.year or 0) << 42) | resource.pk,
            "by_title": f"{resource.sort_title}\x00{resource.pk:019}",
        }


@lru_cache(maxsize=1)
def documents_at(version):
    return Documents(version)


def make_batch(version, ids):
    return list(documents_at(version).of(ids))


def made_of(batches, version, helpers):
    """The documents of each batch of ids, in their order."""
    if not helpers:
        documents = Documents(version)
        for batch in batches:
            yield documents.of(batch)
        return
    with pool(helpers) as others:
        waiting = deque()
        for batch in batches:
            waiting.append(others.submit(make_batch, version, batch))
            # As many as keep the helpers busy, and no more than memory has room for.
            if len(waiting) > 4 * helpers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def ends_of_parts(batches):
    """
    After which batches a part of the index ends, so that it becomes one in the end.

    The engine joins parts of a size when there are so many; the fewer there are, the
    quicker is each search.
    """
    parts = 1
    while batches / parts > LARGEST:
        parts *= JOINED
    return {batches * part // parts - 1 for part in range(1, parts)}


class Memory:
    """What was made of one state of the index, until there is too much of it."""

    def __init__(self, most):
        self.most, self.made = most, {}

    def of(self, key, make):
        try:
            return self.made[key]
        except KeyError:
            made = make()
            if len(self.made) >= self.most:
                self.made.clear()
            self.made[key] = made
            return made


class Reading:
    """One state of the index, which goes on answering while newer ones come."""

    def __init__(self, index, version, kept, changed):
        self.version = version
        self.schema, self.searcher = index.schema, index.searcher()
        self.kept, self.changed = kept, changed
        # What was found in it, and the small part of that which many pages need. While
        # the index lags behind, each request has a reading of its own: what is made of
        # records of the database is never older than the request.
        self.memory, self.often = Memory(MOST_REMEMBERED), Memory(MOST_OFTEN)

    @cached_property
    def sets(self):
        return Sets(self.kept, self.searcher, self.schema, self.changed)


class Generation:
    """One index in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        try:
            self.state = json.loads((folder / "state.json").read_text())
            if self.state["format"] != FORMAT:
                raise Unusable("it was made by another version of the catalogue")
            self.index = tantivy.Index(schema(), str(folder))
            self.kept = Kept(folder / "sets")
            # The records of the sets that have changed, up to this version.
            self.changed, self.changed_to = self.kept.numbers([]), self.state["made"]
            self.reload()
        except DAMAGES as error:
            raise Unusable(f"it is damaged ({error})") from error

    @classmethod
    def make(cls, folder):
        folder.mkdir(parents=True)
        index = tantivy.Index(schema(), str(folder))
        Gathered([], folder).write(folder / "sets", index.searcher(), index.schema)
        state = {"format": FORMAT, "version": 0, "at": "", "made": 0}
        write(folder / "state.json", state)
        return cls(folder)

    @property
    def version(self):
        return self.state["version"]

    def reload(self):
        """See what other processes have written since. Raises Replaced or Unusable."""
        try:
            self.state = json.loads((self.folder / "state.json").read_text())
            self.index.reload()
        except FileNotFoundError as error:
            raise Replaced from error
        except ValueError as error:
            if self.is_replaced:
                raise Replaced from error
            raise Unusable(f"it is damaged ({error})") from error
        version = self.version
        if version > self.changed_to:
            ids = self.changed_between(self.changed_to, version)
            self.changed = self.changed | self.kept.numbers(ids)
            self.changed_to = version
        self.reading = Reading(self.index, version, self.kept, self.changed)

    @property
    def is_replaced(self):
        """Whether another is read in its place, which is when its files are removed."""
        try:
            named = json.loads((self.folder.parent / CURRENT).read_text())
        except (OSError, ValueError):
            return False
        return named != self.folder.name

    def changed_between(self, after, last):
        """The ids of the resources that changed in these versions."""
        between = Change.objects.filter(pk__gt=after, pk__lte=last)
        ids = between.exclude(resource=None).values_list("resource", flat=True)
        return list(ids.order_by("resource").distinct())

    @contextmanager
    def writer(self, memory=MEMORY):
        """Yields None when another process is writing."""
        try:
            writer = self.index.writer(memory, 1)
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

    def knows_of(self, last):
        """Whether it was made from the log that ends so, and not from another one."""
        if self.version == last.pk:
            return self.state["at"] == last.at.isoformat()
        if self.version > last.pk:
            return False
        if not self.version:
            return True
        at = Change.objects.filter(pk=self.version).values_list("at", flat=True)
        return [one.isoformat() for one in at] == [self.state["at"]]

    def behind(self, most=None):
        """How many changes are not taken over yet; ids alone may have gaps."""
        return Change.objects.filter(pk__gt=self.version)[:most].count()

    def refresh(self, progress=None):
        """
        Take over what changed; False when another process is doing it.

        Raises Replaced or Unusable.
        """
        try:
            return self.take_over(progress)
        except (ValueError, OSError) as error:
            if self.is_replaced:
                raise Replaced from error
            raise

    def take_over(self, progress):
        with self.writer() as writer:
            if writer is None:
                return False
            # Another process may have come further while this one waited.
            self.reload()
            last = changes.last()
            if last.pk <= self.version:
                return True
            ids = self.changed_between(self.version, last.pk)
            self.replace(writer, ids, last.pk, progress)
            self.mark(writer, last)
        self.reload()
        return True

    def replace(self, writer, ids, version, progress=None):
        documents, numbers = Documents(version), Numbers(self.reading.sets)
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            numbers.look_up(batch)
            for pk in batch:
                writer.delete_documents_by_term("id", pk)
            found = sorted(documents.of(batch), key=lambda one: one["by_newest"])
            for fields in found:
                del fields["telling"]  # made anew when it is asked for
                number = numbers.give(fields["id"], fields["by_newest"])
                writer.add_document(tantivy.Document(**fields, **number, fresh=1))
            if progress:
                progress(len(batch))

    def fill(self, progress=None, helpers=0):
        """
        Take over everything that is published, newest first.

        `helpers` is how many other processes make the documents; without any they are
        made here.
        """
        with self.writer(BUILDING) as writer:
            last = changes.last()
            published = Resource.objects.published().newest_first()
            ids = list(published.values_list("pk", flat=True))
            gathered = Gathered(ids, self.folder)
            batches = [ids[i : i + BATCH] for i in range(0, len(ids), BATCH)]
            ends = ends_of_parts(len(batches))
            for place, made in enumerate(made_of(batches, last.pk, helpers)):
                for fields in made:
                    number = gathered.add(fields, fields.pop("telling"))
                    writer.add_document(tantivy.Document(**fields, **number))
                if place in ends:
                    writer.commit()
                if progress:
                    progress(len(batches[place]))
            writer.commit()
            self.index.reload()
            (self.folder / "sets").unlink()
            gathered.write(
                self.folder / "sets", self.index.searcher(), self.index.schema
            )
            self.kept = Kept(self.folder / "sets")
            self.changed, self.changed_to = self.kept.numbers([]), last.pk
            self.state["made"] = last.pk
            self.mark(writer, last)
        self.reload()

    def mark(self, writer, last):
        writer.commit()
        state = self.state | {"version": last.pk, "at": last.at.isoformat()}
        write(self.folder / "state.json", state)


def write(path, data):
    """Put a small file in its place whole or not at all."""
    beside = path.with_name(f"{path.name}.{uuid4().hex}")
    beside.write_text(json.dumps(data))
    os.replace(beside, path)


class Store:
    """The folder with the generations: which one to read, and how a new one is made."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.pointer, self.pointed = f"{folder}/{CURRENT}", (None, None)
        self.lock = threading.Lock()
        self.generation = None
        self.named = None
        self.pause_until = 0

    def current(self):
        """The generation to read. Raises Unusable."""
        name = self.name()
        if name != self.named or self.generation is None:
            with self.lock:
                generation = Generation(self.folder / name)
                self.generation, self.named = generation, name
        return self.generation

    def name(self):
        """The folder of the generation to read, looked up when it may be another."""
        try:
            told = os.stat(self.pointer)
            seen = told.st_mtime_ns, told.st_ino, told.st_size
            if self.pointed[0] != seen:
                with open(self.pointer) as file:
                    self.pointed = seen, json.load(file)
            return self.pointed[1]
        except (OSError, ValueError):
            raise Unusable("there is none yet") from None

    def rebuild(self, progress=None, helpers=0):
        """
        Make a new generation and read from it; False when another process is at it.

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
                generation = Generation.make(self.folder / name)
                generation.fill(progress, helpers)
                generation.refresh()  # what changed meanwhile
            except BaseException:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                raise
            write(self.folder / CURRENT, name)
            # Readers keep the files they have open.
            for old in self.folder.iterdir():
                if old.is_dir() and old.name != name:
                    shutil.rmtree(old, ignore_errors=True)
        return True

    def up_to_date(self, last):
        """
        The generation to read, with the changes up to `last` where that is quick.

        Raises Unusable when there is none; one is then being made.
        """
        try:
            return self.brought_up(last)
        except Replaced:
            pass
        try:
            return self.brought_up(last)
        except Replaced as error:
            raise Unusable("it is being replaced") from error

    def brought_up(self, last):
        try:
            generation = self.current()
            if generation.version < last.pk:
                generation.reload()
            if generation.version > last.pk:
                last = changes.last()  # another process has just been quicker
            if not generation.knows_of(last):
                raise Unusable("it was made from another database")
        except Unusable as problem:
            self.start_rebuilding(problem)
            return self.current()
        if generation.version < last.pk:
            if generation.behind(AT_ONCE + 1) > AT_ONCE:
                self.in_background(generation.refresh)
            else:
                self.refresh(generation, last.pk)
                if generation.reading.sets.is_worn:
                    self.in_background(self.rebuild)
        return generation

    def refresh(self, generation, version):
        """Bring it up to date, or wait a moment for the process that does."""
        with self.lock:
            for _attempt in range(20):
                if generation.refresh():
                    return
                time.sleep(0.02)
                generation.reload()
                if generation.version >= version:
                    return

    def start_rebuilding(self, problem):
        """Make a new one: at once when that is quick, else while the site goes on."""
        if time.monotonic() < self.pause_until:
            raise problem
        self.pause_until = time.monotonic() + PAUSE
        logger.warning("The search index is made anew: %s.", problem)
        if Resource.objects.published().count() > AT_ONCE:
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

        threading.Thread(target=run, name="search-index", daemon=True).start()


store = Store(settings.INDEX_DIR)
