"""Forms keep what visitors type and tick, and focus stays where they can see it."""

import re

import pytest
from playwright.sync_api import expect

from resources.models import Resource

from .conftest import in_browser

pytestmark = in_browser


def test_filters_show_in_browsers_without_details_content(browser, site):
    """Those drop the rules they do not know."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()

    def without_details_content(route):
        rules = route.fetch().text().splitlines()
        known = [rule for rule in rules if "::details-content" not in rule]
        route.fulfill(body="\n".join(known), content_type="text/css")

    page.route("**/*.css", without_details_content)
    page.goto(f"{site}/resources/")
    expect(page.locator("input[name=theme][value=health]")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_focus_is_never_hidden(page, site, width):
    """WCAG 2.4.11: nothing that sticks to the window covers what has the focus."""
    page.set_viewport_size({"width": width, "height": 500})
    page.goto(f"{site}/resources/?theme=health")
    if width < 960:
        page.locator("summary", has_text="Filters").click()
    page.locator(".facet summary").first.focus()
    hidden = []
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element.closest(".filter-panel")) return [];
                const { x, y, width, height } = element.getBoundingClientRect();
                const over = document.elementFromPoint(x + width / 2, y + height / 2);
                const isSeen = element.contains(over) || over?.contains(element);
                return isSeen ? [] : [element.name || element.textContent];
            }"""
        )
    assert hidden == []


def test_going_back_shows_the_filters_of_the_list(page, site):
    page.goto(f"{site}/resources/?theme=health")
    health = page.locator("input[name=theme][value=health]")
    policy = page.locator("input[name=theme][value=policy]")
    health.uncheck()
    policy.check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(f"{site}/resources/?theme=policy")
    page.go_back()
    expect(page).to_have_url(f"{site}/resources/?theme=health")
    expect(health).to_be_checked()
    expect(policy).not_to_be_checked()
    # The next search keeps the filter that is seen.
    page.locator("#q").fill("somali")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/resources/?q=somali&theme=health")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_choosing_among_all_values_keeps_what_was_typed_and_ticked(
    browser, site, scripts
):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site}/resources/?language=en")
    page.locator("#q").fill("diaspora")
    theme = page.locator("input[name=theme]").first
    theme.check()
    theme = theme.get_attribute("value")
    country = page.locator("details.facet", has_text="All countries")
    country.locator("summary").click()
    country.locator("input[value=so]").check()
    page.get_by_role("button", name="All countries").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose countries")
    somalia = page.locator("input[name=country][value=so]")
    expect(somalia).to_be_checked()
    # Neither finding nor what is not found loses it.
    page.locator("input[name=country]:not(:checked)").first.check()
    page.locator("#find").fill("zzz")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No matches.")).to_be_visible()
    expect(page.locator("input[name=country]:checked")).to_have_count(2)
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**/resources/?*country=so*")
    for part in ["q=diaspora", f"theme={theme}", "language=en"]:
        assert part in page.url
    assert "find" not in page.url
    context.close()


def test_the_first_result_is_a_few_tabs_away(page, site):
    page.goto(f"{site}/resources/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the results")).to_be_focused()
    page.keyboard.press("Enter")
    stops = 2
    while stops < 10:
        page.keyboard.press("Tab")
        stops += 1
        if page.evaluate("!!document.activeElement.closest('.card')"):
            break
    assert stops <= 6


def test_the_chosen_suggestion_is_seen_in_any_colours(browser, site):
    for colours in ["none", "active"]:
        context = browser.new_context(forced_colors=colours)
        page = context.new_page()
        page.goto(f"{site}/resources/")
        page.locator("#q").press_sequentially("mida", delay=20)
        expect(page.get_by_role("option").nth(1)).to_be_visible()
        page.keyboard.press("ArrowDown")
        chosen, other = page.evaluate(
            """() => ["true", null].map(state => {
                const options = [...document.querySelectorAll("[role=option]")];
                const one = options.find(o => o.getAttribute("aria-selected") == state);
                return getComputedStyle(one).backgroundColor;
            })"""
        )
        assert contrast(chosen, page_colour(page)) >= 3, colours
        assert chosen != other
        context.close()


def page_colour(page):
    return page.evaluate(
        "getComputedStyle(document.querySelector('.suggestions')).backgroundColor"
    )


def contrast(first, second):
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted(map(luminance, [first, second]), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """Of a colour as browsers compute it: rgb(…) or rgba(…)."""
    parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return sum(
        weight * part
        for weight, part in zip([0.2126, 0.7152, 0.0722], linear, strict=1)
    )


def test_search_tips_stand_where_people_search(page, site):
    for path in ["/", "/resources/"]:
        page.goto(site + path)
        tips = page.locator(".search-help__text")
        expect(tips).to_be_hidden()
        page.locator(".search-help summary").focus()
        page.keyboard.press("Enter")
        expect(tips).to_contain_text("in this order")


def test_a_link_is_copied_and_passed_on(context, page, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
    address = site + Resource.objects.get(pk=2).get_absolute_url()
    page.goto(address)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("button", name="Share", exact=True).click()
    assert page.evaluate("window.shared.url") == address


def test_a_link_is_selected_where_copying_is_refused(page, site):
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.add_init_script("delete Navigator.prototype.share")
    address = site + Resource.objects.get(pk=2).get_absolute_url()
    page.goto(address)
    page.get_by_role("button", name="Copy link").click()
    assert page.evaluate("getSelection().toString()") == address
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_hidden()
