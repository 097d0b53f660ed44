"""
Token buckets that all processes of a machine share, in a file that they map.

Each key has a place in the file by its hash, so the file never grows and nothing has to
be removed from it. Two keys share a place once in a while (of a thousand, one in 130);
which ones, nobody outside can know, because the hash begins with random bytes.
"""

import fcntl
import logging
import mmap
import os
import struct
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from threading import Lock

logger = logging.getLogger(__name__)

PLACES = 2**17
SALT = 16
# When tokens were last taken (seconds of the clock), and how many were left.
PLACE = struct.Struct("dd")
SIZE = SALT + PLACES * PLACE.size
# Seconds; a time that is further ahead is from before the clock was set back.
AHEAD = 60


class Buckets:
    """The buckets in one file; without a file, those of this process alone."""

    def __init__(self, path=None):
        self.lock = Lock()
        self.file = None
        if path:
            try:
                self.file = opened(path)
            except OSError as error:
                logger.warning("Each process limits requests by itself: %s", error)
        self.places = mmap.mmap(self.file if self.file is not None else -1, SIZE)
        if self.file is None:
            self.places[:SALT] = os.urandom(SALT)
        self.salt = self.places[:SALT]

    def take(self, key, cost, now, rate, most):
        """
        Take `cost` tokens out of the bucket of a key, if it has them.

        A bucket fills at `rate` tokens a second up to `most`. Returns how many it had.
        """
        digest = blake2b(key.encode(), key=self.salt, digest_size=8).digest()
        start = SALT + int.from_bytes(digest) % PLACES * PLACE.size
        with self.locked(start):
            then, left = PLACE.unpack_from(self.places, start)
            # Others may be a moment ahead. A place that nobody has used holds zeros.
            if not (0 < then < now + AHEAD and 0 <= left <= most):
                then, left = now, most
            tokens = min(most, left + max(now - then, 0) * rate)
            if tokens >= cost:
                PLACE.pack_into(self.places, start, now, tokens - cost)
        return tokens

    @contextmanager
    def locked(self, start):
        """Keep the other threads away, and from one place the other processes."""
        with self.lock:
            if self.file is None:
                yield
                return
            fcntl.lockf(self.file, fcntl.LOCK_EX, PLACE.size, start)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, PLACE.size, start)


@cache
def shared(path):
    """Return the buckets in a file, the same for all threads of a process."""
    return Buckets(path)


def opened(path):
    """Return the descriptor of a file of the right size, which begins with a salt."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.lockf(file, fcntl.LOCK_EX)
    if os.fstat(file).st_size != SIZE:
        os.ftruncate(file, 0)
        os.ftruncate(file, SIZE)
        os.pwrite(file, os.urandom(SALT), 0)
    fcntl.lockf(file, fcntl.LOCK_UN)
    return file
