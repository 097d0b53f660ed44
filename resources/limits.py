"""
Rate limits for what is expensive to answer: searches, lists and files.

Each client address has a token bucket in the cache. It fills at RATE_LIMIT tokens a
second up to a minute's worth, and each request takes some out. Pages from the page
cache cost nothing, as they are answered before any of this.
"""

from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from django.conf import settings
from django.core.cache import cache

# Seconds of filling that a bucket holds.
BURST = 60
# Costs, in tokens.
PAGE, LIST, FILE, SIGN_IN = 1, 2, 20, 20


class TooMany(Exception):
    """A client has no tokens left; `wait` is in whole seconds."""

    def __init__(self, wait):
        super().__init__(f"Too many requests: try again in {wait} seconds.")
        self.wait = wait

    @property
    def headers(self):
        return {"Retry-After": str(self.wait)}


def client_address(request):
    """Return the address of the visitor, from the header that our own proxies set."""
    if settings.PROXIES:
        addresses = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(addresses) >= settings.PROXIES:
            try:
                return str(ip_address(addresses[-settings.PROXIES].strip()))
            except ValueError:
                pass
    return request.META.get("REMOTE_ADDR", "")


def spend(request, cost=PAGE):
    """
    Take tokens for a request and return how many are left; None if there is no limit.

    Raises TooMany when there are not enough. The request remembers what is left, for
    the headers of its response.
    """
    rate = settings.RATE_LIMIT
    if not rate:
        return None
    key, now, most = f"tokens:{client_network(request)}", time(), rate * BURST
    try:
        tokens, then = map(float, cache.get(key))
    except (TypeError, ValueError):
        tokens, then = most, now  # the first request, or what is not ours
    tokens = min(most, tokens + max(now - then, 0) * rate)
    cost = min(cost, most)
    request.tokens_left = max(tokens - cost, 0)
    if tokens < cost:
        raise TooMany(ceil((cost - tokens) / rate))
    cache.set(key, (tokens - cost, now), timeout=2 * BURST)
    return request.tokens_left


def headers(left):
    """
    Return the headers that tell how many tokens are left, and until all are back.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    """
    rate = settings.RATE_LIMIT
    most = rate * BURST
    return {
        "RateLimit-Policy": f'"default";q={int(most)};w={BURST}',
        "RateLimit": f'"default";r={int(left)};t={ceil((most - left) / rate)}',
    }


def client_identity(request):
    """
    Return the address for which failures to sign in are counted.

    That of the network stands for all addresses of an IPv6 network. It is empty where
    the address is unknown, which the database stores as no address.
    """
    network = client_network(request)
    return (
        ""
        if network == "unknown"
        else str(getattr(network, "network_address", network))
    )


def client_network(request):
    """Return the address of the visitor, or the network of an IPv6 address."""
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if address.version == 6:
        # One household or server has this many addresses.
        return ip_network((address, 64), strict=False)
    return address
