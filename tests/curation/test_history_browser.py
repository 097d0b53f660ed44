"""The history in a real browser: restoring after a bulk action, and axe."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import expect

from resources import history, jobs
from resources.models import Programme, Resource, Step, Theme

CHROMIUM = shutil.which("chromium")
# Playwright runs an event loop in the thread of the tests, which use the ORM too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
LIST = "/admin/resources/resource/"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt install chromium"),
    pytest.mark.django_db(transaction=True),
]


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
def signed_in(browser, site, admin_user):
    """Makes contexts of a browser in which the administrator is signed in."""
    made = []

    def signed_in(**options):
        client = Client()
        client.force_login(admin_user)
        context = browser.new_context(**options)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site}])
        made.append(context)
        return context

    yield signed_in
    for context in made:
        context.close()


def test_restoring_after_a_bulk_action(signed_in, site):
    page = signed_in().new_page()
    page.goto(site + LIST)
    boxes = page.locator("input.action-select").all()[:3]
    first = Resource.objects.get(pk=boxes[0].input_value())
    before = first.programme
    other = Programme.objects.exclude(pk=first.programme_id).first()
    for box in boxes:
        box.check()
    page.locator("select[name=action]").select_option("set_programme")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Programme").select_option(str(other.pk))
    page.get_by_label("Why").fill("All of one project")
    page.get_by_role("button", name="Set the programme").click()
    expect(page.locator(".messagelist")).to_contain_text("resources changed")
    page.goto(f"{site}{LIST}{first.pk}/change/")
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history")).to_contain_text("All of one project")
    page.locator(".history a").last.click()
    page.get_by_label("Why").fill("Not this one")
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".messagelist")).to_contain_text("Restored as it was")
    page.wait_for_load_state("networkidle")
    first.refresh_from_db()
    assert first.programme == before
    assert other.resources.count() >= 2


def make_history(user):
    """A record with everything that a page of differences can show; its versions."""
    covered = Resource.objects.exclude(cover="").order_by("pk")
    record, other = covered[0], covered[1]
    history.keep_state(Resource, [record.pk])
    record.summary = record.summary.replace("the", "this", 3) + " And a sentence more."
    record.title, record.year = "دليل جديد: a new title", 2021
    record.cover = other.cover
    record.cover_width, record.cover_height = other.cover_width, other.cover_height
    record.save()
    record.themes.set(Theme.objects.order_by("-pk")[:2])
    record.contributions.all().delete()
    why = "The publisher sent a new edition."
    history.write(Resource, [record.pk], Step.Action.CHANGED, user, why)
    return record, list(history.of_record(Resource, record.pk))


def pages(user):
    record, versions = make_history(user)
    theme = Theme.objects.create(name="Sport", slug="sport")
    history.write(Theme, [theme.pk], Step.Action.REMOVED, user, "Nobody uses it")
    theme.delete()
    waiting = jobs.start("publish", {}, [record.pk], user, "Ready")
    return {
        "history": f"{LIST}{record.pk}/history/",
        "difference": f"{LIST}history/{versions[0].pk}/",
        "first": f"{LIST}history/{versions[-1].pk}/",
        "since": f"{LIST}history/{versions[-1].pk}/?with=present",
        "removed": "/admin/resources/theme/removed/",
        "job": f"/admin/resources/job/{waiting.pk}/change/",
        "jobs": "/admin/resources/job/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [768, 1280])
def test_axe_finds_nothing(signed_in, site, admin_user, scheme, locale, width):
    context = signed_in(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    found = {}
    for name, path in pages(admin_user).items():
        page.goto(f"{site}/ar{path}" if locale == "ar" else site + path)
        wide = "document.documentElement.scrollWidth > innerWidth"
        violations = Axe().run(page).response["violations"]
        found |= {
            (name, v["id"]): [node["target"] for node in v["nodes"]][:3]
            for v in violations
        }
        if page.evaluate(wide):
            found[name] = "wider than the window"
        if folder := os.environ.get("SCREENSHOTS"):
            picture = f"{folder}/{name}-{locale}-{scheme}-{width}.png"
            page.screenshot(path=picture, full_page=True)
    assert found == {}
