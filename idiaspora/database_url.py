"""DATABASE_URL, read into Django's settings of a database."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
    "CONN_MAX_AGE": None,
}
# What a server gets if the address does not say otherwise, in seconds and in words.
CONNECT_TIMEOUT = "10"
SERVER_OPTIONS = "-c statement_timeout=30s -c lock_timeout=10s"
UNREADABLE = (
    "DATABASE_URL cannot be read. Write it as postgresql://user:password@host/name, "
    "and in the user and the password %25 for %, %23 for #, %2F for /, %3F for ?, "
    "%40 for @, %3A for :, %5B and %5D for [ and ]."
)


def database(url):
    """
    Return Django's settings for sqlite:////path or postgresql://…

    Raises ValueError for other addresses. It never names the password.
    """
    if re.search(r"%(?![0-9A-Fa-f]{2})|[#\s]", url):
        raise ValueError(UNREADABLE)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(UNREADABLE) from None
    if parts.scheme == "sqlite":
        return SQLITE | {"NAME": sqlite_file(parts)}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must start with sqlite:/// or postgresql://.")
    if "/" in parts.path[1:] or "@" in parts.path:
        raise ValueError(UNREADABLE)
    options = postgresql_options(parts.query)
    given = {
        "dbname": unquote(parts.path[1:]),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        # The host may be a folder, the one of the server's socket: "?host=/run/…".
        "host": unquote(parts.hostname or ""),
        "port": str(port or ""),
    }
    given |= {name: options.pop(name) for name in given if name in options}
    if not given["dbname"]:
        raise ValueError("DATABASE_URL must end with the name of the database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given["dbname"],
        "USER": given["user"],
        "PASSWORD": given["password"],
        "HOST": given["host"],
        "PORT": given["port"],
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT} | options,
    }


def sqlite_file(parts):
    path = unquote(parts.path[1:])
    if parts.netloc or parts.query or not Path(path).is_absolute():
        # Commands and the service may be started in different folders.
        raise ValueError(
            "DATABASE_URL must name an SQLite file by its path from /, with four "
            "slashes: sqlite:////srv/library.sqlite3."
        )
    if os.path.isdir(path):
        raise ValueError(f"DATABASE_URL must name a file, but {path} is a folder.")
    return path


def postgresql_options(query):
    """
    Return the options in an address, with ours.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    options = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in options.items():
        try:
            make_conninfo(**{name: value})
        except ProgrammingError:
            raise ValueError(
                f"DATABASE_URL has the option {name!r}, which libpq does not know."
            ) from None
    # The last of two wins, so an address can change ours.
    options["options"] = f"{SERVER_OPTIONS} {options.get('options', '')}".strip()
    return options
