"""Marks that turn the direction of a text turn nothing but that text."""

import pytest
from lxml import etree, html

from resources.models import Contributor, Programme, Resource, Theme
from resources.search.highlighting import highlight
from resources.texts import contained, unpaired_directions

OVERRIDE, EMBEDDING, END = "\u202e", "\u202a", "\u202c"
ISOLATE, END_OF_ISOLATE = "\u2067", "\u2069"
TEXT = f"{OVERRIDE}turned {ISOLATE}round{END} migration {'x' * 300} {END_OF_ISOLATE}"


@pytest.fixture
def turned(make_resource):
    resource = make_resource(
        title=TEXT,
        summary=TEXT,
        description=f"One {TEXT}\n\n- *{TEXT}*",
        authors=["Author"],
        publisher="Publisher",
        programme="Programme",
        themes=["Theme"],
    )
    for number, one in enumerate(Contributor.objects.all()):
        Contributor.objects.filter(pk=one.pk).update(name=f"{number}{TEXT}"[:300])
    for model in [Programme, Theme]:
        model.objects.update(name=TEXT[:200], description=TEXT)
    return resource


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_on_every_page(client, turned, prefix):
    person = Contributor.objects.first()
    paths = [
        *["/", "/resources/", "/resources/?q=migration", f"/resources/?q={OVERRIDE}x"],
        *["/programmes/", "/programmes/programme/", "/themes/theme/", "/authors/"],
        *["/resources/?theme=theme", "/resources/choose/author/"],
        *[turned.get_absolute_url(), person.author_url, person.publisher_url],
    ]
    for path in paths:
        page = html.document_fromstring(client.get(prefix + path, follow=True).content)
        for text in page.xpath("//text()[not(parent::script)] | //@*"):
            assert not unpaired_directions(text), (path, text)


def test_on_the_page_of_a_withdrawn_resource(client, turned):
    Resource.objects.update(status="withdrawn", withdrawn_reason=TEXT[:300])
    page = client.get(turned.get_absolute_url())
    assert page.status_code == 410 and not unpaired_directions(page.text)


def test_in_feeds_cards_and_suggestions(client, turned):
    for path in ["/resources/feed/", "/resources/feed/?theme=theme"]:
        feed = etree.fromstring(client.get(path).content)
        for text in feed.xpath("//text() | //@*"):
            assert not unpaired_directions(text), text
    card = client.get("/oembed", {"url": f"http://testserver{turned.permanent_path}"})
    for name in ["title", "author_name", "html"]:
        assert not unpaired_directions(card.json()[name])
    _typed, texts = client.get("/resources/suggest/?q=turned").json()
    assert texts and not any(map(unpaired_directions, texts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        (f"{OVERRIDE}abc", "abc"),
        (f"{OVERRIDE}abc{END}", f"{OVERRIDE}abc{END}"),
        (f"{ISOLATE}abc{END_OF_ISOLATE}d", f"{ISOLATE}abc{END_OF_ISOLATE}d"),
        (f"a{END}b{END_OF_ISOLATE}c", "abc"),
        # An isolate ends what is embedded in it, and no more than itself.
        (f"{ISOLATE}{EMBEDDING}a{END_OF_ISOLATE}", f"{ISOLATE}a{END_OF_ISOLATE}"),
        (f"{EMBEDDING}{ISOLATE}a{END}", "a"),
        (f"{EMBEDDING}a{OVERRIDE}b{END}", f"a{OVERRIDE}b{END}"),
        ("\x1b[31m\ufffe\u200f", "[31m\u200f"),
    ],
)
def test_what_is_left(text, expected):
    assert contained(text) == expected


def test_what_is_marked_has_no_marks_of_direction():
    text = f"{OVERRIDE}far {ISOLATE}migration{END_OF_ISOLATE} away{END}"
    found = highlight(text, {"migrat", "migration"}, "en")
    assert found == "far <mark>migration</mark> away"
