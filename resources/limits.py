"""
How much one address may ask of what is dear to answer: searches, lists, files.

A token bucket for each address, in the cache: it fills at RATE_LIMIT tokens a second
up to a minute's worth, and what is asked for takes some out. Pages that are kept cost
nothing, as they are answered before any of this.
"""

from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from django.conf import settings
from django.core.cache import cache

# Seconds of its filling that a bucket holds.
BURST = 60
# What things cost, in tokens.
PAGE, LIST, FILE = 1, 2, 20


class TooMany(Exception):
    """Somebody asks for too much at once; `wait` is in whole seconds."""

    def __init__(self, wait):
        super().__init__(f"Too many requests: try again in {wait} seconds.")
        self.wait = wait

    @property
    def headers(self):
        return {"Retry-After": str(self.wait)}


def client_address(request):
    """The address of the visitor, as far as our own proxies vouch for it."""
    if settings.PROXIES:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(told) >= settings.PROXIES:
            try:
                return str(ip_address(told[-settings.PROXIES].strip()))
            except ValueError:
                pass
    return request.META.get("REMOTE_ADDR", "")


def spend(request, cost=PAGE):
    """Take tokens for what is asked. Raises TooMany when there are not enough."""
    rate = settings.RATE_LIMIT
    if not rate:
        return
    key, now, most = f"tokens:{whose(request)}", time(), rate * BURST
    tokens, then = cache.get(key) or (most, now)
    tokens = min(most, tokens + max(now - then, 0) * rate)
    cost = min(cost, most)
    if tokens < cost:
        raise TooMany(ceil((cost - tokens) / rate))
    cache.set(key, (tokens - cost, now), timeout=2 * BURST)


def whose(request):
    """The address of the visitor; one of IPv6 stands for its network."""
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if address.version == 6:
        # One household or server has as many addresses as this.
        return ip_network((address, 64), strict=False)
    return address
