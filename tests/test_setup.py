"""What `make run` does before it serves, and what the settings insist on."""

import os
import re
import shutil
import socket
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command

from resources.models import Resource

ADDRESS = "http://127.0.0.1:8000/"


@pytest.fixture
def prepare(db, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"

    def prepare():
        output = StringIO()
        call_command("prepare_local", ADDRESS, stdout=output)
        return output.getvalue()

    return prepare


@pytest.fixture
def make(tmp_path):
    """Run make where there is nothing but the Makefile, and give what it says."""
    shutil.copy(site_settings.BASE_DIR / "Makefile", tmp_path)

    def make(*arguments):
        # Nothing of the make that runs these tests.
        environment = {name: os.environ.get(name, "") for name in ["PATH", "HOME"]}
        done = subprocess.run(
            ["make", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode != 0
        assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]
        return done.stdout + done.stderr

    return make


def import_settings(**environment):
    """Import the settings with this environment and print where the database is."""
    program = "from idiaspora.settings import *; print(DATABASES['default']['NAME'])"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=site_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "IDIASPORA_ENV": ""} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


# A checkout made ready


def test_an_empty_database_gets_the_demonstration_data_and_a_curator(client, prepare):
    said = prepare()
    assert Resource.objects.published().count() == 38
    assert Resource.objects.count() == 41

    name = re.search(r"user name +(\S+)", said)[1]
    password = re.search(r"password +(\S{16})\n", said)[1]
    response = client.post(
        "/admin/login/?next=/admin/", {"username": name, "password": password}
    )
    assert response.headers["Location"] == "/admin/"


def test_a_second_time_everything_is_kept(prepare, django_user_model):
    prepare()
    Resource.objects.update(title="Renamed")
    curator = django_user_model.objects.get()

    said = prepare()
    assert not Resource.objects.exclude(title="Renamed").exists()
    assert django_user_model.objects.get().password == curator.password
    assert "user name" not in said
    assert "manage.py changepassword curator" in said


def test_no_account_is_added_beside_another_curator(
    prepare, make_resource, django_user_model
):
    make_resource()
    django_user_model.objects.create_user("amina", is_staff=True)
    assert "changepassword amina" in prepare()
    assert django_user_model.objects.count() == 1


def test_a_real_site_gets_no_demonstration_data(settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="LOCAL=1"):
        call_command("prepare_local", ADDRESS)


# What is wrong is said in one line, before anything is made


def test_a_busy_port(make):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        said = make("run", f"PORT={port}")
    assert said.count("\n") == 1
    assert f"Port {port} is in use" in said


@pytest.mark.parametrize("port", ["", "web", "0", "80 81", "8000.5", "123456"])
def test_a_port_that_is_no_number(make, port):
    said = make("run", f"PORT={port}")
    assert said.count("\n") == 1
    assert "PORT must be a number" in said


@pytest.mark.parametrize("goal", ["run", "test"])
def test_no_suitable_python(make, goal):
    said = make(goal, "PYTHON=")
    assert said.count("\n") == 1
    assert "Python 3.11" in said


# Settings


def test_a_real_site_needs_a_secret_key():
    refused = import_settings()
    assert refused.returncode != 0
    assert refused.stderr.strip().endswith(
        "Set SECRET_KEY to a long random text (see README.md)."
    )
    assert import_settings(SECRET_KEY="x" * 50).returncode == 0


def test_a_local_run_keeps_its_own_secret_key(tmp_path):
    environment = {"LOCAL": "1", "DATA_DIR": str(tmp_path / "var")}
    assert import_settings(**environment).returncode == 0
    key = tmp_path / "var" / "secret-key"
    # Nobody else on the machine reads the database beside it.
    assert key.parent.stat().st_mode & 0o777 == 0o700
    first = key.read_text()
    assert len(first) >= 50
    assert key.stat().st_mode & 0o077 == 0
    assert import_settings(**environment).returncode == 0
    assert key.read_text() == first


def test_a_checkout_may_lie_anywhere(tmp_path):
    folder = tmp_path / "50%41 #1? é"
    said = import_settings(LOCAL="1", DATA_DIR=str(folder))
    assert said.stdout == f"{folder / 'db.sqlite3'}\n"
