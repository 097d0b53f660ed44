"""Pages are put together from templates as Django would do it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader_tags import BlockNode
from django.template.response import TemplateResponse
from django.utils.text import slugify
from hypothesis import given
from hypothesis import strategies as st

from resources import rendering
from resources.models import address_words

TEMPLATES = Path(settings.BASE_DIR, "templates")
EXTENDING = [
    path.relative_to(TEMPLATES).as_posix()
    for path in sorted(TEMPLATES.rglob("*.html"))
    if '{% extends "base.html" %}' in path.read_text()
]


@pytest.mark.parametrize("name", EXTENDING)
def test_all_blocks_are_found(name):
    """One within another tag would not be filled, and block.super knows nothing."""
    assert "block.super" not in (TEMPLATES / name).read_text()
    template = rendering.filled(engines["django"].get_template(name).template)
    assert not template.nodelist.get_nodes_by_type(BlockNode)


@pytest.mark.parametrize("name", ["about.html", "404.html", "429.html"])
@pytest.mark.parametrize("path", ["/about/", "/ar/about/"])
def test_a_page_is_what_django_makes_of_it(client, db, rf, name, path):
    request = rf.get(path)
    context = {"why": "<Because>", "wait": 7}
    ours = rendering.render(request, name, context)
    theirs = TemplateResponse(request, name, context).render()
    assert ours.text == theirs.text
    assert ours.headers == theirs.headers


def test_templates_are_read_anew_while_they_are_written(rf, settings):
    settings.DEBUG = True
    template = rendering.template("about.html")
    assert template is engines["django"].get_template("about.html").template


@given(st.text())
def test_addresses_end_as_slugify_would_have_it(text):
    assert address_words(text) == (
        slugify(text, allow_unicode=True)[:80].strip("-") or "-"
    )
