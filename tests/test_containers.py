"""The container files, as far as they can be tried without Docker."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from django.conf import settings as site_settings

ROOT = Path(site_settings.BASE_DIR)
FOLDER = ROOT / "docs" / "deploy" / "container"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())


def copied():
    """Yield what the last stage copies from the checkout, and where to."""
    stage = DOCKERFILE.rpartition("\nFROM ")[2]
    for line in re.findall("^COPY (?!--)(.+)$", stage, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            yield source, target


def test_what_the_image_holds_is_enough_to_run(tmp_path):
    for source, target in copied():
        if target.startswith("/"):
            continue
        goal = tmp_path / (Path(source).name if target == "./" else target)
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, goal, ignore=ignored)
        else:
            shutil.copy(ROOT / source, goal)
    # "python" in the script is that of the image.
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "IDIASPORA_ENV": "",
        "SECRET_KEY": "x" * 50,
        "ALLOWED_HOSTS": "library.example.org",
        "DATA_DIR": str(tmp_path / "data"),
        "INDEX_DIR": str(tmp_path / "index"),
        "MEDIA_ROOT": str(tmp_path / "data" / "media"),
    }
    (tmp_path / "data").mkdir()
    for command in [["migrate"], ["loaddata", "vocabularies"], ["gunicorn", "--help"]]:
        done = subprocess.run(
            [FOLDER / "start", *command],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if command[0] == "gunicorn":
            # The program itself is not in this PATH; the static files are there.
            assert list((tmp_path / "data" / "static").iterdir())
        else:
            assert done.returncode == 0, done.stderr


def test_the_image_gets_nothing_else():
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    packages = {"requirements.txt", "requirements-optional.txt"}
    assert kept == {source for source, _target in copied()} | packages


def test_it_runs_as_nobody_in_particular_on_a_root_that_is_read_only():
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "healthcheck" in service or name == "web"
    assert "/health/ready" in DOCKERFILE


def test_nothing_is_secret_and_versions_are_exact():
    for name, service in COMPOSE["services"].items():
        image = service["image"]
        assert image == "idiaspora:local" or re.search(r":\d+\.\d+", image), image
        for variable, value in service.get("environment", {}).items():
            is_file = str(value).startswith("/run/secrets/")
            is_secret = re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL", variable)
            assert is_file or not is_secret, f"{name}: {variable}"
    assert not re.search("latest", DOCKERFILE)


def test_the_proxy_is_the_one_of_the_guide_but_for_names():
    ours = (FOLDER / "nginx.conf").read_text()
    guide = (FOLDER.parent / "nginx.conf").read_text()
    guide = guide.replace("127.0.0.1:8000", "web:8000").replace(
        "/etc/letsencrypt/live/library.example.org/", "/etc/nginx/certificate/"
    )
    assert ours.partition("\nupstream")[2] == guide.partition("\nupstream")[2]
