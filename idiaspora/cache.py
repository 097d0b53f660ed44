"""
A cache in Redis that the site can do without.

While Redis does not answer, this is an empty cache, and what Redis returns but cannot
be read is not there either. One page waits half a second at most to find that out; the
next ones do not ask until a pause is over.
"""

import logging
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)

# Seconds: to wait for an answer, not to ask after a failure, and between two messages.
WAIT, PAUSE, SILENCE = 0.5, 5, 60
OPTIONS = {"socket_timeout": WAIT, "socket_connect_timeout": WAIT}


def is_redis_url(url):
    from redis import ConnectionPool

    try:
        ConnectionPool.from_url(url)
    except ValueError:
        return False
    return "#" not in url


class Outage:
    """Whether the server of this process is to be left alone, for all its threads."""

    def __init__(self):
        self.until = self.silent_until = float("-inf")

    @property
    def is_on(self):
        return time.monotonic() < self.until

    def begin(self, error):
        now = time.monotonic()
        self.until = now + PAUSE
        if now >= self.silent_until:
            self.silent_until = now + SILENCE
            # The text of an error could hold what was stored.
            name = type(error).__name__
            logger.warning("Redis does not answer (%s); pages are made anew.", name)


outages = {}


class Redis(RedisCache):
    def __init__(self, servers, params):
        # Nothing is tried twice: the page can be made without.
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        options = params.get("OPTIONS", {}) | {"retry": Retry(NoBackoff(), 0)}
        super().__init__(servers, params | {"OPTIONS": options})
        self.outage = outages.setdefault(tuple(servers), Outage())

    def attempt(self, method, otherwise, *args):
        """Call a method of Redis; return the other value if that does not work."""
        from redis import RedisError

        if self.outage.is_on:
            return otherwise
        try:
            return method(*args)
        except (RedisError, OSError) as error:
            self.outage.begin(error)
        except Exception as error:
            # Reading what others have written can raise anything.
            logger.info("A value in Redis is not ours (%s).", type(error).__name__)
        return otherwise

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self.attempt(super().add, False, key, value, timeout, version)

    def get(self, key, default=None, version=None):
        return self.attempt(super().get, default, key, default, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self.attempt(super().set, None, key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self.attempt(super().touch, False, key, timeout, version)

    def delete(self, key, version=None):
        return self.attempt(super().delete, False, key, version)

    def get_many(self, keys, version=None):
        return self.attempt(super().get_many, {}, list(keys), version)

    def has_key(self, key, version=None):
        return self.attempt(super().has_key, False, key, version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self.attempt(super().set_many, list(data), data, timeout, version)

    def delete_many(self, keys, version=None):
        self.attempt(super().delete_many, None, list(keys), version)

    def clear(self):
        return self.attempt(super().clear, False)
