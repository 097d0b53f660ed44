"""Where things stand on a page: narrow screens, phones, paper, and both directions."""

import pytest
from playwright.sync_api import expect

from resources.models import Contributor, Programme, Resource, Theme

from .. import factories
from .conftest import in_browser

pytestmark = in_browser
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrik" * 2
ADDRESS = f"https://{'long-name.' * 18}example.org/{'path/' * 60}"


@pytest.fixture
def long_words(site):
    """A record of which everything is one long word."""
    resource = factories.make_resource(
        title=LONG,
        summary=f"{LONG} {ADDRESS}",
        description=f"# {LONG}\n\n{ADDRESS}\n\n- [{LONG}]({ADDRESS})\n\n`{LONG}`",
        authors=[LONG],
        publisher=f"{LONG}2",
        programme="P",
        themes=["T"],
        type="Y",
        source_url=ADDRESS,
        doi=f"10.1234/{'x' * 150}",
    )
    Programme.objects.filter(name="P").update(name=LONG, description=ADDRESS)
    Theme.objects.filter(name="T").update(name=LONG, description=ADDRESS)
    return resource


@pytest.mark.parametrize("prefix", ["", "/fr", "/es", "/ar"])
def test_no_page_scrolls_sideways(browser, site, long_words, prefix):
    """WCAG 1.4.10, on every kind of page and on every record."""
    person = Contributor.objects.get(name=LONG)
    records = Resource.objects.published()
    paths = [
        *["/", "/resources/", "/resources/?page=4", "/about/", "/accessibility/"],
        *["/api/", "/programmes/p/", "/themes/t/", "/types/y/", "/nowhere/"],
        *[f"/{name}/" for name in ["programmes", "regions", "countries", "themes"]],
        *[f"/{name}/" for name in ["types", "languages", "authors", "publishers"]],
        *["/resources/choose/author/", "/resources/choose/theme/?theme=t"],
        *[f"/resources/?q={LONG}", "/resources/?theme=t", f"/resources/?theme={LONG}"],
        *[person.author_url, *[one.get_absolute_url() for one in records]],
    ]
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = {}
    for path in paths:
        page.goto(site + prefix + path)
        extra = page.evaluate(
            """() => {
                for (const one of document.querySelectorAll("details")) one.open = true;
                const root = document.documentElement;
                return Math.max(root.scrollWidth, document.body.scrollWidth)
                    - root.clientWidth;
            }"""
        )
        if extra > 0:
            wide[path] = extra
    context.close()
    assert wide == {}


PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}


@pytest.mark.parametrize("prefix", ["", "/fr", "/es", "/ar"])
def test_the_first_result_shows_at_once_on_a_phone(browser, site, prefix):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{site}{prefix}/resources/")
    assert page.locator(".card__text").first.bounding_box()["y"] < 400
    context.close()


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_nothing_moves_while_a_page_loads_on_a_phone(browser, site, prefix):
    """https://web.dev/articles/cls counts less than .1 as good."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    for path in ["/resources/", "/resources/2/the-mida-experience-and-beyond/", "/"]:
        page.goto(site + prefix + path)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(
            """() => new Promise(resolve => {
                let sum = 0;
                new PerformanceObserver(list => {
                    for (const entry of list.getEntries()) sum += entry.value;
                }).observe({ type: "layout-shift", buffered: true });
                setTimeout(() => resolve(sum), 200);
            })"""
        )
        assert shift < 0.01, path
    context.close()


def test_paper_gets_the_record_and_where_it_can_be_read(page, site):
    resource = Resource.objects.exclude(source_url="").first()
    page.emulate_media(media="print")
    page.goto(site + resource.get_absolute_url())
    expect(page.get_by_text(resource.source_url, exact=True)).to_be_visible()
    for part in [".site-header", ".site-footer", ".breadcrumbs", ".share", ".button"]:
        for one in page.locator(part).all():
            expect(one).to_be_hidden()
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    page.goto(f"{site}/resources/")
    for part in [".list-page__side", ".search-form", ".list-bar__sort", ".pagination"]:
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".card__summary").first).to_be_visible()
    page.emulate_media(media="screen")
    page.goto(site + resource.get_absolute_url())
    expect(page.get_by_text(resource.source_url, exact=True)).to_be_hidden()


def test_paper_gets_the_name_of_a_theme_in_dark_letters(page, site):
    """Printers leave out fields of colour, on which the letters are light."""
    factories.make_resource(themes=["Health"])
    page.emulate_media(media="print", color_scheme="light")
    page.goto(f"{site}/themes/health/")
    heading = page.get_by_role("heading", level=1)
    assert heading.bounding_box()["y"] >= 0
    assert style(page, "h1", "color") == style(page, "body", "color")
    assert style(page, ".band", "backgroundColor") == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    ("width", "prefix"),
    [(320, ""), (360, ""), (360, "/fr"), (360, "/es"), (360, "/ar")],
)
def test_the_menu_fits_on_one_line_of_a_narrow_phone(page, site, width, prefix):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{site}{prefix}/resources/")
    links = page.locator(".menu li:visible").all()
    assert len({round(link.bounding_box()["y"]) for link in links}) == 1


def test_the_link_to_more_of_a_publisher_reads_as_one_text(page, site):
    """The name is an element of its own, and must not become a column."""
    resource = factories.make_resource(publisher="A publisher of a very long name")
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(site + resource.get_absolute_url())
    link = page.locator(".record__elsewhere a").first
    assert link.evaluate("one => getComputedStyle(one).display") == "inline-block"
    name = link.locator("bdi").evaluate("one => one.getClientRects().length")
    assert name > 1


def style(page, selector, name):
    return page.locator(selector).first.evaluate(
        "(element, name) => getComputedStyle(element)[name]", name
    )


# The edges of the first line of a text, and of the column it stands in.
EDGES = """element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const line = range.getClientRects()[0];
    const column = element.closest(".card__text, .record__head, .record__text");
    const box = column.getBoundingClientRect();
    return [line.left - box.left, box.right - line.right].map(Math.round);
}"""


@pytest.mark.parametrize("code", ["ar", "fa", "ur", "prs", "ckb", "he"])
def test_text_from_right_to_left_starts_on_the_right(page, site, code):
    record = factories.make_resource(
        title="مهاجرت", summary="مهاجرت و توسعه", language=code, authors=["Ada"]
    )
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/resources/")
    card = page.locator(f".card[data-id='{record.pk}']")
    for part in [".card__title", ".card__summary", ".card__credit"]:
        _left, right = card.locator(part).evaluate(EDGES)
        assert right <= 1, part
    page.goto(site + record.get_absolute_url())
    for part in ["h1", ".lead", ".record__credit"]:
        _left, right = page.locator(part).evaluate(EDGES)
        assert right <= 1, part


def test_text_from_left_to_right_starts_on_the_left_of_an_arabic_page(page, site):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/ar/resources/")
    for part in [".card__title", ".card__summary", ".card__credit"]:
        left, _right = page.locator(part).first.evaluate(EDGES)
        assert left <= 1, part


def test_arabic_has_room_above_and_below_and_no_italics(page, site):
    record = factories.make_resource(
        title="الجاليات", summary="س " * 200, description="*الهجرة*", language="ar"
    )
    for prefix in ["", "/ar"]:
        for width in [360, 1280]:
            page.set_viewport_size({"width": width, "height": 740})
            page.goto(f"{site}{prefix}/resources/")
            card = f".card[data-id='{record.pk}']"
            for part in [".card__title", ".card__summary"]:
                height = float(style(page, f"{card} {part}", "lineHeight")[:-2])
                size = float(style(page, f"{card} {part}", "fontSize")[:-2])
                assert height / size >= 1.6, (prefix, width, part)
        page.goto(site + prefix + record.get_absolute_url())
        assert style(page, ".record__text em", "fontStyle") == "normal"
        for citation in page.locator("[data-copy] i").all():
            assert citation.evaluate("e => getComputedStyle(e).fontStyle") == "normal"
    # Latin titles keep their own line height on an Arabic page.
    page.goto(f"{site}/ar/resources/2/the-mida-experience-and-beyond/")
    height = float(style(page, "h1", "lineHeight")[:-2])
    assert height / float(style(page, "h1", "fontSize")[:-2]) < 1.4


def test_the_record_page_uses_its_width(page, site):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/resources/2/the-mida-experience-and-beyond/")
    facts = page.locator(".record__facts").bounding_box()
    text = page.locator(".record__text").bounding_box()
    assert facts["x"] >= text["x"] + text["width"]
    assert abs(facts["y"] - text["y"]) < 40
    page_end = page.locator(".record").bounding_box()
    assert page_end["x"] + page_end["width"] - facts["x"] - facts["width"] <= 33
