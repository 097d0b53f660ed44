"""README.md and docs/ name what there is, and all of it."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.management import get_commands

from idiaspora import settings as site

ROOT = site_settings.BASE_DIR
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def rows(heading):
    """Return the first cell of each row of the table under a heading."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (`.+?) \|", section, re.M)


def test_the_table_of_settings_is_complete():
    named = [name for row in rows("Settings") for name in re.findall("`(.+?)`", row)]
    assert sorted(named) == sorted(site.env.known)


def test_the_table_of_commands_is_complete():
    named = {row.split()[1].strip("`") for row in rows("Commands")}
    ours = {name for name, app in get_commands().items() if app == "resources"}
    # `make run` runs it.
    assert named == ours - {"prepare_local"} | {"check"}


def test_the_tree_of_the_code_names_what_is_there():
    [tree] = re.findall(r"```\n(idiaspora/ .+?)```", README, re.S)
    assert tree.count("\n") > 15
    for indent, name in re.findall(r"^( *)([\w.]+/?) ", tree, re.M):
        folder = ROOT / "resources" if indent else ROOT
        assert (folder / name).exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for address in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = address.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        target = page.parent / path if path else page
        assert target.exists(), address
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), address


def anchors(page: Path):
    for heading in re.findall("^#+ (.+)$", page.read_text(), re.M):
        yield re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
