"""How gunicorn serves the catalogue: gunicorn -c idiaspora/gunicorn.py"""

import gc
import sys
from contextlib import suppress
from ctypes import CDLL
from io import StringIO
from logging import getLogger
from os import environ
from pathlib import Path
from runpy import run_module
from shutil import rmtree
from tempfile import mkdtemp

# Where gunicorn is started from does not matter.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def site_settings():
    """Return the settings as they are now; those of the workers stay their own."""
    from django.core.exceptions import ImproperlyConfigured

    try:
        return run_module("idiaspora.settings")
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def address(host, port):
    if host.startswith("unix:"):
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


settings = site_settings()
wsgi_app = "idiaspora.wsgi"
bind = address(settings["BIND"], settings["PORT"])
worker_class = "gthread"
workers = settings["WEB_CONCURRENCY"]
threads = 4
# One pool of memory for all threads, which take turns anyway: with one for each, a
# process holds a quarter more. https://man7.org/linux/man-pages/man3/mallopt.3.html
M_ARENA_MAX = -8
with suppress(AttributeError, OSError):  # not everywhere is the C library of GNU
    CDLL(None).mallopt(M_ARENA_MAX, 1)
loglevel = settings["LOG_LEVEL"].lower()
# Its own messages look like those of the site.
logconfig_dict = settings["LOGGING"] | {
    "loggers": {"gunicorn.error": {"level": settings["LOG_LEVEL"], "propagate": True}}
}
is_plain = settings["LOG_FORMAT"] == "plain"

# Where the processes count requests for Prometheus, together; until gunicorn ends.
METRICS_DIR = "PROMETHEUS_MULTIPROC_DIR"
if settings["METRICS_TOKEN"] and METRICS_DIR not in environ:
    environ[METRICS_DIR] = mkdtemp(prefix="idiaspora-metrics-")

# Longer than the slowest import of a curator, shorter than patience.
timeout = 60
graceful_timeout = 20
# Longer than the proxy keeps a connection, so that it never meets a closed one.
keepalive = 75

# As long as gunicorn can; the proxy of docs/deploy refuses longer addresses as well.
limit_request_line = 8190
# Which headers of a proxy are believed is for Django to say (PROXIES).
forwarded_allow_ips = ""
# It would lie in the home folder.
control_socket_disable = True


def post_worker_init(worker):
    # What is there now stays, so Python need not look through it for garbage again,
    # and less often for new garbage: a search takes a tenth less.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if worker.age == 1:
        report_problems()


def report_problems():
    """Log what `manage.py check --database default` finds."""
    # Only now has the worker loaded Django.
    from django.core.management import CommandError, call_command
    from django.db import connections

    options = {"databases": ["default"], "fail_level": "WARNING"}
    try:
        call_command("check", **options, stdout=StringIO(), stderr=StringIO())
    except CommandError as problems:
        getLogger("idiaspora").warning(problems)
    finally:
        connections.close_all()


def when_ready(server):
    for listener in server.LISTENERS if is_plain else []:
        print(f"Serving on {listener}/", flush=True)


def child_exit(server, worker):
    if METRICS_DIR in environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server):
    if METRICS_DIR in environ:
        rmtree(environ[METRICS_DIR], ignore_errors=True)
