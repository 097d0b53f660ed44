"""The settings: where they are read from, and what is said about wrong ones."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.core.checks import run_checks

from idiaspora import environment
from idiaspora.environment import Environment, parse

REAL = {"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "library.example.org"}


def run(*arguments, **variables):
    """Run Python in the checkout, with these variables and none of ours."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=site_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "IDIASPORA_ENV": ""} | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def check(**variables):
    return run("manage.py", "check", **variables)


# The file


@pytest.mark.parametrize(
    "line, expected",
    [
        ("NAME=value", "value"),
        ("  NAME =  value \t", "value"),
        ('NAME="two words"', "two words"),
        ("NAME=' spaces '", " spaces "),
        ("NAME=", ""),
        ('NAME=""', ""),
        ("NAME=p#a$s%s\\w`o'r\"d", "p#a$s%s\\w`o'r\"d"),
        ("NAME=a=b", "a=b"),
        ("NAME=value # not a comment", "value # not a comment"),
        ('NAME="a"b"', 'a"b'),
        ("NAME=value\r", "value"),
        ("NAME=first\nNAME=last", "last"),
        ("\n# NAME=comment\n;NAME=comment\nNAME=é", "é"),
    ],
)
def test_lines_of_the_file(line, expected):
    assert parse(line) == ({"NAME": expected}, [])


@pytest.mark.parametrize(
    "line", ["NAME", "=value", "MY NAME=value", "export NAME=value", "9=x", "NAME='x"]
)
def test_lines_that_are_no_assignments(line):
    assert parse(f"# first\n{line}\nOTHER=x") == ({"OTHER": "x"}, [2])


def test_a_wrong_line_is_named_by_its_number_as_it_may_hold_a_password(tmp_path):
    file = tmp_path / "site.env"
    file.write_text("SECRET_KEY=x\nexport DATABASE_URL=postgresql://ada:secret@db/x\n")
    refused = check(IDIASPORA_ENV=str(file))
    assert refused.returncode == 1 and "secret" not in refused.stderr
    assert f"Line 2 of {file} is not NAME=value." in refused.stderr


def test_commands_and_gunicorn_read_the_file(tmp_path):
    file = tmp_path / "site.env"
    file.write_text(f"SECRET_KEY={'x' * 50}\nDATA_DIR={tmp_path / 'data'}\nPORT=zero")
    for command in [
        ["manage.py", "check"],
        ["-m", "gunicorn", "-c", "idiaspora/gunicorn.py"],
    ]:
        refused = run(*command, IDIASPORA_ENV=str(file))
        assert refused.returncode == 1
        # This line, and nothing else; so the key was read.
        assert refused.stderr == (
            "PORT must be a whole number from 1 to 65535, not 'zero'.\n"
        )


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "site.env"
    file.write_text("TIME_ZONE=Mars/Olympus\nSITE_NAME=From the file")
    env = Environment({"IDIASPORA_ENV": str(file), "TIME_ZONE": "UTC"})
    assert env.text("TIME_ZONE") == "UTC" and env.text("SITE_NAME") == "From the file"


def test_the_usual_file_is_read_by_itself_but_never_locally(tmp_path, monkeypatch):
    file = tmp_path / "idiaspora.env"
    file.write_text("SITE_NAME=The real one")
    monkeypatch.setattr(environment, "DEFAULT_FILE", file)
    assert Environment({}).text("SITE_NAME") == "The real one"
    for variables in [{"LOCAL": "1"}, {"DEBUG": "yes"}, {"IDIASPORA_ENV": ""}]:
        assert Environment(variables).text("SITE_NAME") == ""
    file.unlink()
    assert Environment({}).errors == []


def test_a_file_that_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    for path in [tmp_path / "nowhere.env", tmp_path]:
        refused = check(**REAL, IDIASPORA_ENV=str(path))
        assert refused.returncode == 1
        assert f"The settings in {path} cannot be read" in refused.stderr
        assert "Traceback" not in refused.stderr
    binary = tmp_path / "binary.env"
    binary.write_bytes(b"NAME=\xff")
    assert "not UTF-8" in check(**REAL, IDIASPORA_ENV=str(binary)).stderr


# Wrong values


def test_all_that_is_wrong_is_said_at_once():
    """One line for each value, and no traceback."""
    wrong = {
        "PROXIES": "-1",
        "RATE_LIMIT": "fast",
        "PORT": "80 81",
        "BIND": "example.org:80",
        "WEB_CONCURRENCY": "0",
        "ALLOWED_HOSTS": "library.example.org, https://library.example.org/",
        "CSRF_TRUSTED_ORIGINS": "library.example.org",
        "DATABASE_URL": "mysql://db/library",
        "CACHE_URL": "memcached://cache",
        "TIME_ZONE": "Nairobi",
        "LOG_LEVEL": "loud",
        "PAGE_CACHE": "sometimes",
        "HSTS_SECONDS": "a year",
        "HSTS_PRELOAD": "perhaps",
        "CONTACT_EMAIL": "the librarian",
        "MEDIA_ROOT": "media",
    }
    refused = check(**wrong)
    assert refused.returncode == 1
    lines = refused.stderr.splitlines()
    for name in ["SECRET_KEY", *wrong]:
        assert any(name in line for line in lines), name
    assert "Traceback" not in refused.stderr
    assert len(lines) == len(wrong) + 1


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WEB_CONCURRENCY", "0"),
        ("PROXIES", "-1"),
        ("RATE_LIMIT", "5/s"),
        ("RATE_LIMIT", "٥"),
        ("RATE_LIMIT", "1_000"),
        ("RATE_LIMIT", "9" * 5000),
        ("HSTS_SECONDS", "3600s"),
    ],
)
def test_numbers(name, value):
    refused = check(**REAL, **{name: value})
    assert refused.stderr.startswith(f"{name} must be a whole number from")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "host",
    [
        "https://a.example",
        "a.example:8000",
        "a.example/path",
        "a.example b.example",
        "a..example",
        "bücher.example",
    ],
)
def test_names_that_are_no_hosts(host):
    refused = check(**REAL | {"ALLOWED_HOSTS": f"ok.example,{host}"})
    assert refused.stderr == (
        f"ALLOWED_HOSTS must hold host names like library.example.org, not {host!r}.\n"
    )


def test_names_that_are_hosts():
    hosts = "a.example, .b.example, localhost, 127.0.0.1, [::1], xn--bcher-kva.example"
    assert check(**REAL | {"ALLOWED_HOSTS": hosts}).returncode == 0


@pytest.mark.parametrize("value", ["1", "TRUE", "yes", "On"])
def test_switches(value):
    assert Environment({"X": value, "LOCAL": "1"}).is_on("X")
    assert Environment({"LOCAL": "1"}).is_on("X", default=True)
    for off in ["0", "False", "no", "OFF"]:
        assert not Environment({"X": off, "LOCAL": "1"}).is_on("X", default=True)


@pytest.mark.parametrize("level", ["info", "INFO", "Warning"])
def test_log_levels_may_be_written_in_any_case(level):
    assert check(**REAL, LOG_LEVEL=level).returncode == 0


def test_a_site_is_not_preloaded_unless_it_says_so():
    program = "from idiaspora.settings import *; print(SECURE_HSTS_PRELOAD)"
    assert run("-c", program, **REAL).stdout == "False\n"
    assert run("-c", program, **REAL, HSTS_PRELOAD="1").stdout == "True\n"
    refused = check(**REAL, HSTS_PRELOAD="1", HSTS_SECONDS="3600")
    assert "HSTS_PRELOAD needs" in refused.stderr
    assert check(**REAL, HSTS_SUBDOMAINS="0").returncode == 0


@pytest.mark.parametrize("name", ["DATA_DIR", "MEDIA_ROOT", "INDEX_DIR"])
def test_folders(name, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    assert f"{name} must be a folder" in check(**REAL, **{name: str(file)}).stderr
    assert f"{name} must be a path from /" in check(**REAL, **{name: "x/y"}).stderr
    below = str(file / "below")
    said = check(**REAL, **{name: below})
    assert below in said.stderr.replace("\n", " ") and "Traceback" not in said.stderr
    # Without its folder there is no database; the site does without the others.
    assert said.returncode == (1 if name == "DATA_DIR" else 0)


def test_a_redis_that_cannot_be_read(monkeypatch):
    refused = check(**REAL, CACHE_URL="redis://:secret@cache:port/0")
    assert refused.returncode == 1 and "secret" not in refused.stderr
    assert refused.stderr.startswith("CACHE_URL cannot be read")


# Slips


def test_misspelled_settings_are_named():
    variables = {"LOGLEVEL": "INFO", "ALLOWED_HOST": "x", "HOME": "/", "LANG": "C"}
    said = check(**REAL, **variables)
    assert said.returncode == 0
    assert "LOGLEVEL is set, which is no setting; perhaps LOG_LEVEL is" in said.stderr
    assert "ALLOWED_HOST is set" in said.stderr
    assert "HOME" not in said.stderr and "LANG" not in said.stderr


def test_every_name_in_the_file_has_to_be_a_setting(tmp_path):
    file = tmp_path / "site.env"
    file.write_text("COLOUR=green\nSITE_NAME=Library")
    said = check(**REAL, IDIASPORA_ENV=str(file))
    assert said.returncode == 0 and "COLOUR is set, which is no setting." in said.stderr
    assert "SITE_NAME" not in said.stderr


def test_nothing_is_said_about_the_usual_environment(settings):
    assert not [one for one in run_checks() if one.id == "resources.W006"]


# The files of docs/deploy

DEPLOY = site_settings.BASE_DIR / "docs" / "deploy"


def test_the_example_is_a_file_of_settings():
    values, wrong = parse((DEPLOY / "idiaspora.env").read_text())
    assert not wrong and values["PROXIES"] == "1"


def test_the_service_has_no_other_loader():
    assert "EnvironmentFile" not in (DEPLOY / "idiaspora.service").read_text()


def test_the_command_runs_manage_py_with_the_settings_of_the_file(tmp_path):
    account = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout
    text = (DEPLOY / "idiaspora").read_text()
    text = text.replace("app=/srv/idiaspora", f"app={site_settings.BASE_DIR}")
    text = text.replace("account=idiaspora", f"account={account.strip()}")
    command, file = tmp_path / "idiaspora", tmp_path / "site.env"
    command.write_text(text)
    file.write_text("SECRET_KEY=x\nTIME_ZONE=Mars/Olympus")
    said = subprocess.run(
        ["sh", command, "check"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "IDIASPORA_ENV": str(file)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stderr == (
        "TIME_ZONE must be a name like Africa/Nairobi, not 'Mars/Olympus'.\n"
    )
