"""
Metrics for Prometheus; only imported where there is a METRICS_TOKEN.

Under gunicorn the processes count in files of one folder, so that each of them can
answer for all (https://prometheus.github.io/client_python/multiprocess/).
"""

import os

from django.db import Error
from prometheus_client import CollectorRegistry, Counter, Histogram, registry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from resources.health import catalogue_size, index_state

# Seconds, from a page of the page cache to the longest that a proxy waits.
BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

requests = Counter(
    "idiaspora_requests", "Requests answered.", ["view", "status", "cache"]
)
durations = Histogram(
    "idiaspora_request_seconds",
    "How long requests took.",
    ["view", "cache"],
    buckets=BUCKETS,
)


def count(answered):
    """Count one request, an Answered of monitoring.py."""
    view = answered.view or "none"
    requests.labels(view, answered.status, answered.cache).inc()
    durations.labels(view, answered.cache).observe(answered.ms / 1000)


class Catalogue(Collector):
    """What is looked up when somebody asks."""

    def collect(self):
        try:
            index, size = index_state(), catalogue_size()
        except Error:
            return  # Requests are counted all the same.
        for name, about, value in [
            ("resources", "Published resources.", size),
            ("index_usable", "1 if there is a search index.", index["usable"]),
            ("index_pending", "Changes it lacks.", index.get("pending", 0)),
            ("index_age_seconds", "Since its oldest lack.", index.get("age", 0)),
        ]:
            yield GaugeMetricFamily(f"idiaspora_{name}", about, value=float(value))


def exposition():
    """Return all metrics as text, and its content type."""
    everything = CollectorRegistry()
    everything.register(Catalogue())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(everything)
        return generate_latest(everything), CONTENT_TYPE_LATEST
    text = generate_latest(registry.REGISTRY) + generate_latest(everything)
    return text, CONTENT_TYPE_LATEST
