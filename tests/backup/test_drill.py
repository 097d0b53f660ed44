"""The restore drill of docs/deploy.md, as it is written there."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from resources.models import Resource

from .. import guide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drill(archives, tmp_path):
    """Runs it, with the folders of this test and the Python that runs it."""
    [block] = [one for one in guide.blocks() if one.section == "Restore drill"]
    names = {
        "/srv/idiaspora": str(settings.BASE_DIR),
        "/backup/": f"{archives}/",
        ".venv/bin/python": sys.executable,
    }
    script = guide.replaced(block.text, names)
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}

    def drill():
        return subprocess.run(
            ["sh", "-c", script],
            env=environment | {"DATABASE_URL": "postgresql://nowhere/nothing"},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return drill


def test_a_good_backup(archive, drill, tmp_path):
    done = drill()
    assert "The drill went well." in done.stdout, done.stderr
    published = Resource.objects.published().count()
    assert f"Rebuilt: {published} resources" in done.stdout
    assert "6 are in use, 0 are missing" in done.stdout
    assert not [*tmp_path.glob("tmp.*")]


def test_a_bad_backup(archive, drill):
    content = archive.read_bytes()
    archive.write_bytes(content[:1000] + b"xxxx" + content[1004:])
    done = drill()
    assert "well" not in done.stdout
    assert "Nothing was restored. The archive is damaged" in done.stderr


def test_dumpdata_cannot_move_the_log(library, tmp_path):
    """Why there is `manage.py move`."""
    call_command("dumpdata", output=tmp_path / "all.json", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(Exception, match="(?i)unique"):
        call_command("loaddata", tmp_path / "all.json", verbosity=0)
