"""How gunicorn serves the catalogue: gunicorn -c idiaspora/gunicorn.py"""

import gc
import sys
from contextlib import suppress
from ctypes import CDLL
from io import StringIO
from logging import getLogger
from pathlib import Path
from runpy import run_module

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
        call_command("check", **options, stdout=StringIO())
    except CommandError as problems:
        getLogger("idiaspora").warning(problems)
    finally:
        connections.close_all()


def when_ready(server):
    for listener in server.LISTENERS:
        print(f"Serving on {listener}/", flush=True)
