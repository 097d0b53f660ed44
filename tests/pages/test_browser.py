"""The site as people use it, in a real browser: Debian's Chromium."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from resources.models import Resource, sort_key

from ..factories import credited
from .conftest import in_browser

LAST_EIGHT = [
    "Eighteen Stories from Around the World: Diaspora In Action",
    "Mobilisation des Marocains résidant en Belgique pour le développement du Maroc "
    "(MEDMA)",
    "Diaspora engagement projects in the health sector in Africa",
    "Return of Qualified Afghans (RQA) Programme",
    "WMIDA Migrant Women for Development in Africa",
    "Migration for Development in the Horn of Africa: Health expertise from the Somali "
    "diaspora in Finland",
    "The MIDA Experience and Beyond",
    "Migration for Development in Africa MIDA Ghana Senegal",
]

pytestmark = in_browser


def titles(page):
    return page.locator(".card__title").all_inner_texts()


def test_paging_to_the_end(page, site):
    page.goto(f"{site}/resources/")
    assert "Displaying 1 - 10 of 38" in page.content()
    for _ in range(3):
        page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Displaying 31 - 38 of 38", exact=True)).to_be_visible()
    assert titles(page) == LAST_EIGHT
    page.get_by_role("link", name="First").click()
    expect(page).to_have_url(f"{site}/resources/")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_filtering_and_reading(browser, site, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site}/resources/")
    page.locator("summary", has_text="Programme").click()
    page.locator("input[name=programme][value=mida]").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(f"{site}/resources/?programme=mida")
    assert "The MIDA Experience and Beyond" in titles(page)
    assert "Return of Qualified Afghans (RQA) Programme" not in titles(page)
    page.get_by_role("link", name="The MIDA Experience and Beyond").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "The MIDA Experience and Beyond"
    )
    page.go_back()
    page.get_by_role("link", name="Remove: Programme MIDA").click()
    expect(page).to_have_url(f"{site}/resources/")
    context.close()


def test_sorting_waits_for_its_button_and_keeps_its_place(page, site):
    """WCAG 3.2.2: an arrow key changes what is chosen, and nothing else."""
    page.goto(f"{site}/resources/")
    page.get_by_label("Sort by").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Sort by")).to_have_value("title")
    expect(page.get_by_label("Sort by")).to_be_focused()
    page.wait_for_timeout(300)
    expect(page).to_have_url(f"{site}/resources/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/resources/?sort=title")
    assert titles(page) == sorted(titles(page), key=sort_key)
    expect(page.get_by_role("button", name="Sort")).to_be_focused()


def test_filters_fold_away_on_a_small_screen(page, site):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/resources/")
    box = page.locator("input[name=theme]").first
    expect(box).to_be_hidden()
    page.locator("summary", has_text="Filters").click()
    expect(box).to_be_visible()


def test_searching_correcting_and_going_back(page, site):
    page.goto(f"{site}/")
    page.locator("#q").fill("diasopra helth")
    page.keyboard.press("Enter")
    expect(page.locator(".search-notes")).to_contain_text("Showing results for")
    assert page.locator("mark").count() > 0
    expect(page.locator("#q")).to_have_value("diasopra helth")
    page.locator("input[name=theme][value=health]").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(f"{site}/resources/?q=diasopra+helth&theme=health")
    narrowed = page.locator("h2.list-bar__counter").inner_text()
    page.go_back()
    expect(page).to_have_url(f"{site}/resources/?q=diasopra+helth")
    page.go_forward()
    expect(page.locator("h2.list-bar__counter")).to_have_text(narrowed)


DETAIL = "/resources/2/the-mida-experience-and-beyond/"


def test_citations_are_copied_by_keyboard(context, page, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(site + DETAIL)
    first = page.get_by_role("button", name="Copy APA")
    first.focus()
    page.keyboard.press("Enter")
    said = page.locator("[data-copy]", has_text="APA").get_by_role("status")
    expect(said).to_have_text("Copied")
    expect(first).to_be_focused()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.locator("[data-copy] p").first.inner_text()
    assert text.endswith(f"{site}/resources/2/")
    # With its italics, for who pastes it into a letter.
    markup = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            return (await item.getType("text/html")).text();
        }"""
    )
    assert "<i>The MIDA Experience and Beyond</i>" in markup
    page.keyboard.press("Tab")
    expect(page.locator("summary", has_text="Other styles")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy MLA")).to_be_focused()
    page.keyboard.press("Space")
    # Only what is on the clipboard is called so.
    expect(page.get_by_text("Copied", exact=True)).to_have_count(1)
    expect(said).to_be_empty()


def test_citations_are_selected_where_copying_is_refused(page, site):
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(site + DETAIL)
    page.get_by_role("button", name="Copy APA").click()
    expect(
        page.get_by_text("Text selected. Press Ctrl+C to copy.").first
    ).to_be_visible()
    selected = page.evaluate("getSelection().toString()")
    assert selected == page.locator("[data-copy] p").first.inner_text()


def test_citations_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + DETAIL)
    expect(page.locator("[data-copy] p").first).to_be_visible()
    assert page.get_by_role("button", name="Copy").count() == 0
    page.locator("summary", has_text="Other styles").click()
    expect(page.locator("[data-copy] p").last).to_be_visible()
    context.close()


def test_suggestions_by_keyboard(page, site):
    page.goto(f"{site}/resources/")
    field = page.locator("#q")
    field.press_sequentially("mida exp", delay=20)
    option = page.get_by_role("option", name="The MIDA Experience and Beyond")
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.locator(".card__title").first).to_have_text(
        "The MIDA Experience and Beyond"
    )
    field.press_sequentially(" mi", delay=20)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def choose(page, field, text):
    """Pick a term in one of the admin's autocompletes."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def test_a_curator_publishes_a_resource_with_a_cover(
    page, site, django_user_model, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    django_user_model.objects.create_superuser("curator", password="long-password")
    cover = io.BytesIO()
    Image.new("RGB", (600, 800), "#7a3b2e").save(cover, "PNG")

    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("curator")
    page.get_by_label("Password").fill("long-password")
    page.get_by_role("button", name="Log in").click()
    page.locator(".model-resource .addlink").click()
    page.get_by_label("Title").fill("A handbook of remittances")
    choose(page, "type", "Handbook")
    page.get_by_label("Language").select_option("en")
    page.locator("#id_summary").fill("How money sent home is counted.")
    page.locator("#id_new_cover").set_input_files(
        {"name": "c.png", "mimeType": "image/png", "buffer": cover.getvalue()}
    )
    expect(page.locator("img.new-cover")).to_be_visible()
    page.get_by_label("Alternative text").fill("The title on brick red.")
    page.get_by_label("Status").select_option("published")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(f"{site}/resources/")
    expect(page.locator(".card__title").first).to_have_text("A handbook of remittances")
    image = page.locator(".card img.cover").first
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_authors_are_moved_with_buttons(page, site, django_user_model, live_server):
    user = django_user_model.objects.create_superuser("curator", password="x")
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    resource = Resource.objects.get(title__startswith="Engaging the Asian Diaspora")
    before = [author.name for author in credited(resource)]
    assert len(before) == 2
    page.goto(f"{site}/admin/resources/resource/{resource.pk}/change/")
    page.locator("tr.form-row .place button").nth(1).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    resource = Resource.objects.get(pk=resource.pk)
    assert [author.name for author in credited(resource)] == before[::-1]


def test_keyboard_reaches_the_content(page, site):
    page.goto(f"{site}/resources/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


PAGES = {
    "home": "/",
    "list": "/resources/",
    "filtered": "/resources/?programme=mida",
    "detail": DETAIL,
    "browse": "/programmes/mida/",
    "regions": "/regions/",
    "searched": "/resources/?q=diasopra+health",
    "nothing": "/resources/?q=xylophone&theme=health",
    "choose": "/resources/choose/country/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "authors": "/authors/",
    "unknown": "/resources/?theme=nonsense",
    "missing": "/nowhere/",
    "login": "/admin/login/",
    "arabic": "/ar/resources/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, site, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    found = {}
    for name, path in PAGES.items():
        page.goto(site + path)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[name] = [
                (v["id"], [node["target"] for node in v["nodes"]][:3])
                for v in violations
            ]
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out(browser, site, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in [*PAGES.values(), "/fr/", "/es/resources/?programme=mida"]:
        page.goto(site + path)
        extra = page.evaluate(
            "document.body.scrollWidth - document.documentElement.clientWidth"
        )
        assert extra <= 0, path
    context.close()


def test_targets_are_large_enough_to_touch(browser, site):
    """44 pixels each way, but for links in running text (WCAG 2.5.5)."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    for path in ["/", "/resources/", "/programmes/", DETAIL]:
        page.goto(site + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 "nav a, button, select, summary, .facet__choices label, .terms a, " +
                 ".files a")]
               .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
               .filter(([, box]) => box.width && box.height < 43.5)
               .map(([text, box]) => `${text}: ${box.height}`)"""
        )
        assert small == [], path
    context.close()


@pytest.mark.parametrize("density", [1, 3])
def test_covers_weigh_little(browser, site, density):
    """All covers of a list page together, also on a phone with a dense screen."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=density
    )
    page = context.new_page()
    sizes = []
    page.on(
        "response",
        lambda r: sizes.append(len(r.body())) if "/covers/" in r.url else None,
    )
    page.goto(f"{site}/resources/?page=4")
    for image in page.locator("img.cover").all():
        image.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert len(sizes) >= 5
    assert sum(sizes) <= 150 * 1024
    context.close()
