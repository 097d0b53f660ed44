"""docs/deploy.md, followed from an empty folder: on SQLite and on PostgreSQL."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from . import on_postgresql
from .guide import NGINX, Machine, blocks

pytestmark = pytest.mark.skipif(
    not NGINX, reason="nginx is not installed (apt-get install nginx-light)"
)
PASSWORD = "a password of many words"
ACCOUNT = [
    ("Username", "amina"),
    ("Email", "amina@example.org"),
    ("Password", PASSWORD),
    ("Password (again)", PASSWORD),
]
ROLE = [("password for new role", "password"), ("it again", "password")]
TITLES = 'from resources.models import Resource; Resource.objects.update(title="{}")'


@pytest.fixture
def machine():
    # Not pytest's own folder, into which the account of nginx cannot look.
    root = Path(tempfile.mkdtemp(prefix="guide-"))
    root.chmod(0o755)
    with on_postgresql.server() as url:
        machine = Machine(root, url)
        yield machine
        machine.close()
    shutil.rmtree(root)


def test_the_guide(machine):
    """Each block in turn, one way in a run on SQLite, the other on PostgreSQL."""
    is_sqlite = connection.vendor == "sqlite"
    left = blocks()

    def follow(section, *answers):
        said = []
        while left and left[0].section == section:
            said.append(machine.follow(left.pop(0), answers))
        assert said, f"{section} is not in its place"
        return "".join(said)

    def leave_out(section):
        while left and left[0].section == section:
            left.pop(0)

    follow("The software")
    follow("The settings")
    settings = machine.root / "etc/idiaspora.env"
    assert settings.stat().st_mode & 0o777 == 0o640
    # Followed later, on the way to it.
    postgresql = [one for one in left if one.section == "PostgreSQL"]
    machine.set(f"PORT={machine.port}")
    leave_out("PostgreSQL") if is_sqlite else follow("PostgreSQL", *ROLE)

    said = follow("Tables, vocabularies, account", *ACCOUNT)
    assert "no issues" in said and "Superuser created" in said
    assert (machine.root / "var/lib/idiaspora/db.sqlite3").exists() == is_sqlite
    follow("Demonstration")
    assert '"status": "ok"' in follow("The service")
    follow("The proxy")
    check_pages(machine)
    sign_in(machine)

    follow("Backups")
    make_the_nightly_backup(machine)
    assert len([*machine.root.glob("backup/*.zip")]) == 2

    machine.run(f"idiaspora shell -c '{TITLES.format('Lost')}'")
    assert "Lost" in machine.get("/resources/")[1]
    said = follow("Restoring", ('"yes"', "yes"))
    assert "by the 41 resources" in said and "Restored" in said
    assert "Lost" not in machine.get("/resources/")[1]
    check_pages(machine)
    sign_in(machine)
    assert "The drill went well." in follow("Restore drill")

    about = machine.root / "repository/templates/public/about.html"
    about.write_text(about.read_text().replace("<h1>", "<h1>Release two: "))
    machine.release()
    follow("Upgrading")
    assert "Release two: " in machine.get("/about/")[1]
    assert len([*machine.root.glob("backup/*.zip")]) == 3

    machine.run(f"idiaspora shell -c '{TITLES.format('Moved')}'")
    if is_sqlite:
        machine.follow(postgresql[0], ROLE)
        said = follow("To PostgreSQL")
        leave_out("To SQLite")
        (machine.root / "var/lib/idiaspora/db.sqlite3").unlink()
    else:
        leave_out("To PostgreSQL")
        said = follow("To SQLite")
        assert (machine.root / "var/lib/idiaspora/db.sqlite3").exists()
    assert "the same on both sides" in said
    assert "Moved" in machine.get("/resources/")[1]
    sign_in(machine)

    assert not left, f"Nobody has followed {left[0].section}"
    log = (machine.root / "log").read_text()
    assert not [line for line in log.splitlines() if not line.startswith("Serving on")]


def check_pages(machine):
    for path in ["/", "/fr/", "/resources/", "/oai?verb=Identify", "/api/resources/"]:
        assert machine.get(path)[0] == 200, path
    status, page = machine.get("/resources/")
    assert " of 38" in page
    covers = re.findall(r'src="(/covers/[^"]+)"', page)
    assert covers
    for address in [covers[0], re.search(r'href="(/static/[^"]+)"', page)[1]]:
        assert machine.get(address)[0] == 200, address
    assert machine.get("/nowhere/")[0] == 404


def sign_in(machine):
    (machine.root / "cookies").unlink(missing_ok=True)
    _status, page = machine.get("/admin/login/")
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, "username": "amina", "password": PASSWORD}
    data = [
        part
        for name, value in fields.items()
        for part in ["--data-urlencode", f"{name}={value}"]
    ]
    assert machine.get("/admin/login/?next=/admin/", *data)[0] == 302
    assert machine.get("/admin/resources/resource/add/")[0] == 200


def make_the_nightly_backup(machine):
    """Run the line of cron as cron does: with few folders to look for programs in."""
    [line] = (machine.root / "etc/cron.d/idiaspora").read_text().splitlines()
    *_time, account, command = line.split(None, 6)
    assert account == "idiaspora"
    cron = machine.root / "cron"
    cron.mkdir()
    (cron / "id").write_text("#!/bin/sh\necho idiaspora\n")
    (cron / "id").chmod(0o755)
    machine.run(command, PATH=f"{cron}:/usr/bin:/bin")
