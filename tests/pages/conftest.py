"""Resources for lists, and a browser: Debian's Chromium."""

import os
import shutil

import pytest
from django.conf import settings as site_settings
from django.core.management import call_command

from resources.models import Resource

CHROMIUM = shutil.which("chromium")
# Playwright runs an event loop in the thread of the tests, which use the ORM too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# The marks of modules with tests in a browser.
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt install chromium"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def shelf(make_resource):
    """Thirty-eight resources, the newest of which is number 38."""
    return [make_resource(title=f"Number {n:02}") for n in range(1, 39)]


@pytest.fixture
def varied(make_resource, geography):
    make_resource(
        title="A",
        programme="MIDA",
        themes=["Health", "Policy"],
        type="Report",
        language="en",
        year=2010,
        authors=["Ada", "Grace"],
        regions=[geography["eastern-africa"]],
    )
    make_resource(
        title="B",
        programme="RQA",
        themes=["Policy"],
        type="Toolkit",
        language="fr",
        year=2015,
        authors=["Ada"],
        publisher="IOM",
        countries_of_origin=[geography["SO"]],
        countries_of_residence=[geography["FI"]],
    )
    make_resource(title="C", type="Report", regions=[geography["africa"]])
    make_resource(
        title="D", status=Resource.Status.DRAFT, programme="MIDA", themes=["Secret"]
    )


@pytest.fixture(scope="session")
def browser_type_launch_args():
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": CHROMIUM, "args": quiet}


@pytest.fixture
def site(transactional_db, live_server, settings):
    settings.MEDIA_ROOT = site_settings.BASE_DIR / "media"
    call_command("loaddata", "vocabularies", "sample", verbosity=0)
    return live_server.url


@pytest.fixture
def page(site, page):
    """A page on which whatever the browser complains about fails the test."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type == "error" and "404" not in m.text and "410" not in m.text
            else None
        ),
    )
    yield page
    # The database is emptied next, and must not be read any more by then.
    page.wait_for_load_state("networkidle")
    assert complaints == []
