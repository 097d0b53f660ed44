"""SITE_URL: the one address of a site, and what it is where it is not set."""

import os
import subprocess
import sys

import pytest

from idiaspora import settings as site_settings

REAL = {"SECRET_KEY": "long random text"}


def read(**environment):
    program = "from idiaspora.settings import *; print(SITE_URL, *ALLOWED_HOSTS)"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=site_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "IDIASPORA_ENV": ""} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "environment, expected",
    [
        ({"ALLOWED_HOSTS": "a.org,b.org"}, "https://a.org a.org b.org"),
        ({"SITE_URL": "https://a.org/"}, "https://a.org a.org"),
        (
            {"SITE_URL": "http://A.org:8080", "ALLOWED_HOSTS": "b.org"},
            "http://a.org:8080 b.org a.org",
        ),
        ({"ALLOWED_HOSTS": ".b.org"}, " .b.org"),
        ({"LOCAL": "1", "ALLOWED_HOSTS": "b.org"}, " b.org"),
    ],
)
def test_the_address_of_the_site(environment, expected, tmp_path):
    said = read(**REAL, DATA_DIR=str(tmp_path), **environment)
    assert said.stdout == expected + "\n", said.stderr


@pytest.mark.parametrize(
    "url", ["library.example.org", "ftp://a.org", "https://a.org/path", "https://a b"]
)
def test_an_address_that_cannot_be_right_is_refused(url, tmp_path):
    said = read(**REAL, DATA_DIR=str(tmp_path), SITE_URL=url)
    assert said.returncode and "SITE_URL must be like" in said.stderr
