"""The templates of the public pages, and the few places that make HTML in Python."""

import ast
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import nodes
from markupsafe import Markup

from idiaspora.jinja2 import TranslateConstants
from resources.management.commands.translations import messages_of, sources
from resources.search.highlighting import highlight
from resources.texts import markdown

ROOT = Path(settings.BASE_DIR)
PUBLIC = ROOT / "templates" / "public"
NAMES = sorted(path.relative_to(PUBLIC).as_posix() for path in PUBLIC.rglob("*.html"))
LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOSTILE = "</script><script>alert(1)</script> & \" ' <b>\u2028"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles_and_escapes(language, name):
    env = engines[language].env
    assert env.autoescape is True
    assert env.get_template(name)
    assert "|safe" not in (PUBLIC / name).read_text()
    assert "autoescape" not in (PUBLIC / name).read_text()


def test_at_most_two_levels_of_inheritance():
    for name in NAMES:
        parents = re.findall(r'{% extends "(.+?)" %}', (PUBLIC / name).read_text())
        assert parents in [[], ["base.html"]], name


def test_macros_state_their_arguments():
    """In a comment right before them, which repeats their signature."""
    for name in NAMES:
        text = (PUBLIC / name).read_text()
        if not name.startswith("macros/"):
            continue
        for macro, arguments in re.findall(r"{% macro (\w+)\((.*?)\) %}", text):
            names = ", ".join(one.partition("=")[0] for one in arguments.split(", "))
            assert f"{{# {macro}({names})" in text, f"{name}: {macro}"


def test_constants_are_translated_when_a_template_is_compiled():
    env = engines["fr"].env
    source = '{{ _("Search") }}|{{ pgettext("year", "from") }}|{{ _("Page")|upper }}'
    tree = env.parse(source)
    assert not list(tree.find_all(nodes.Call))
    assert env.from_string(source).render() == "Rechercher|de|PAGE"
    assert TranslateConstants.identifier in env.extensions


def calls_of_gettext(name, source, kind):
    """Yield the first texts of all calls that translate."""
    functions = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
    functions |= {f"{one}_lazy" for one in functions - {"_"}}
    if kind == "jinja2":
        # Without our extension, which would replace them.
        env = engines["en"].env.overlay(extensions=["jinja2.ext.i18n"])
        env.extensions.pop(TranslateConstants.identifier, None)
        for call in env.parse(source).find_all(nodes.Call):
            if getattr(call.node, "name", "") in functions:
                yield [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
    elif name.endswith(".py"):
        for node in ast.walk(ast.parse(source)):
            called = getattr(getattr(node, "func", None), "id", "")
            if called in functions:
                yield [
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ]


def test_no_message_is_missed_when_they_are_collected():
    for name, source, kind in sources():
        found = set()
        for _line, message, _comments, context in messages_of(source, kind):
            texts = message if isinstance(message, tuple) else (message,)
            found |= {*texts, context}
        for texts in calls_of_gettext(name, source, kind):
            assert texts, f"{name}: a message that is not a text"
            assert {*texts[:2]} <= found, f"{name}: {texts[0]!r} is missed"


def test_all_visible_text_can_be_translated():
    """What remains of a template without tags and expressions has no words."""
    # Names of formats and identifiers, and what is the same in every language.
    same = {"Atom", "DOI", "ISBN", "ORCID", "ROR", "curl", "lang", "dir"}
    for name in NAMES:
        text = (PUBLIC / name).read_text()
        text = re.sub(r"{#.*?#}|{% trans.*?endtrans %}", " ", text, flags=re.DOTALL)
        text = re.sub(r"{{.*?}}|{%.*?%}", " ", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text)
        words = set(re.findall(r"[A-Za-z]{2,}", text)) - same
        assert not words, f"{name}: {words}"


def test_linked_data_cannot_leave_its_element():
    env = engines["en"].env
    template = env.get_template("macros/head.html")
    html = template.module.json_ld({"name": HOSTILE})
    start, end = '<script type="application/ld+json">', "</script>"
    content = html.strip().removeprefix(start).removesuffix(end)
    assert "<" not in content and ">" not in content and "&" not in content
    assert json.loads(content) == {"name": HOSTILE}


# The places that make HTML in Python


def test_only_known_places_make_html():
    """Rendered Markdown and highlighted matches; in the admin, pictures and links."""
    allowed = {
        "resources/search/highlighting.py": {"Markup"},
        "resources/texts.py": {"Markup"},
        "resources/curation/resources.py": {"format_html"},
        "resources/curation/vocabularies.py": {"format_html"},
    }
    makers = {"Markup", "SafeString", "format_html", "format_html_join", "mark_safe"}
    for folder in ["resources", "idiaspora"]:
        for path in (ROOT / folder).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            used = {
                getattr(node, "id", None) or getattr(node, "attr", None)
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Name | ast.Attribute)
            }
            assert used & makers <= allowed.get(name, set()), name


@pytest.mark.parametrize("stems", [frozenset(), frozenset({"script", "b", "alert"})])
@pytest.mark.parametrize("limit", [None, 20, 280])
def test_highlighting_escapes_everything_else(stems, limit):
    html = highlight(f"{HOSTILE} {HOSTILE}", stems, "en", limit)
    assert isinstance(html, Markup)
    bare = html.replace(Markup("<mark>"), "").replace(Markup("</mark>"), "")
    assert "<" not in bare and ">" not in bare
    assert ("<mark>" in html) == bool(stems)


def test_markdown_shows_html_as_text():
    html = markdown(
        f"# Title\n\n{HOSTILE}\n\n[x](javascript:alert(1)) ![p](javascript:alert(2))"
    )
    assert isinstance(html, Markup)
    for dangerous in ["<script", "<b>", "href=", "<img", "<h1"]:
        assert dangerous not in html
    assert "<h2>Title</h2>" in html
