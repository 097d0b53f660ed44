"""Imports run one way: docs/architecture.md says which."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Rooms of resources/ on the same level, the lowest first. A room may import from lower
# levels, and from its own.
LEVELS = [
    {"files", "folders", "languages", "addresses", "texts", "processes", "buckets"},
    {"drawings"},
    {"models"},
    {"changes", "fixtures"},
    {"history"},
    {"jobs"},
    {"backup"},
    {"documents"},
    {"search"},
    {"checks", "health"},
    {"facets"},
    {"filters"},
    {"formats"},
    {"limits", "public"},
    {"pages"},
    {"machines"},
    {"urls"},
    {"curation"},
    {"admin", "apps", "management", "migrations"},
]
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
# On different levels only so that they do not import each other.
APART = {"pages", "machines", "curation"}
MOST_LINES = 400


def modules():
    for path in sorted((ROOT / "resources").rglob("*.py")):
        if "migrations" not in path.parts and path.name != "__init__.py":
            yield path
        elif path.name == "__init__.py" and path.parent.name != "resources":
            yield path


def room_of(path):
    parts = path.relative_to(ROOT / "resources").with_suffix("").parts
    return parts[0]


def imported(path):
    """Yield the rooms of resources/ that a module imports, with the line."""
    package = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            target = [*base, *(node.module or "").split(".")]
            target = [part for part in target if part]
            if target[:1] == ["idiaspora"]:
                yield "idiaspora", node.lineno
            elif target[:1] == ["resources"]:
                rooms = target[1:2] or [alias.name for alias in node.names]
                for room in rooms:
                    yield room, node.lineno


def test_every_room_has_its_level():
    assert {room_of(path) for path in modules()} <= set(LEVEL)


def test_imports_run_one_way():
    for path in modules():
        room = room_of(path)
        for other, line in imported(path):
            where = f"{path.relative_to(ROOT)}:{line}"
            assert other != "idiaspora", where
            assert LEVEL[other] <= LEVEL[room], where
            if room in APART and other in APART:
                assert other == room, where


def test_search_and_formats_know_no_requests():
    for path in modules():
        if room_of(path) in {"search", "formats", "documents", "filters"}:
            assert "django.http" not in path.read_text(), path


def test_files_stay_short():
    data = {"wordlists.py"}
    folders = ["resources", "idiaspora", "tests", "bench"]
    for path in (path for name in folders for path in (ROOT / name).rglob("*.py")):
        if "migrations" not in path.parts and path.name not in data:
            lines = len(path.read_text().splitlines())
            assert lines <= MOST_LINES, f"{path.relative_to(ROOT)}: {lines} lines"
