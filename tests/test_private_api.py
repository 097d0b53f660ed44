"""The code uses only what Django and the libraries document."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Undocumented names, and what was once done with them or could be.
DENIED = {
    "BlockNode": "template inheritance by hand",
    "ExtendsNode": "template inheritance by hand",
    "TextNode": "rendering nodes by hand",
    "VariableNode": "rendering nodes by hand",
    "filter_expression": "rendering nodes by hand",
    "render_annotated": "rendering nodes by hand",
    "nodelist": "rendering nodes by hand",
    "get_compiler": "taking SQL out of the ORM",
    "as_sql": "taking SQL out of the ORM",
    "apply_converters": "taking SQL out of the ORM",
    "get_converters": "taking SQL out of the ORM",
    "execute_wrappers": "running SQL past the cursor; execute_wrapper() is documented",
    "queries_logged": "running SQL past the cursor",
    "wrap_database_errors": "running SQL past the cursor",
    "in_atomic_block": "transaction.get_autocommit() is documented",
    "split_domain_port": "urlsplit() is documented",
    "trans_real": "translations past translation.override()",
    "resolver_match_class": "answering before the middleware",
    "load_middleware": "answering before the middleware",
    "base_fields_cache": "forms past the FilterSet",
}

# Documented in spite of their names: of models, of named tuples, and of os.
DOCUMENTED = {"_meta", "_replace", "_exit"}


def modules():
    for folder in ["resources", "idiaspora"]:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def names(tree):
    """Yield every name that a module uses, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                yield from ((part, node.lineno) for part in alias.name.split("."))


def test_no_undocumented_names():
    for path in modules():
        for name, line in names(ast.parse(path.read_text())):
            where = f"{path.relative_to(ROOT)}:{line}"
            assert name not in DENIED, f"{where}: {DENIED.get(name)}"


def test_no_private_attributes():
    """Of other objects; a class may have its own."""
    for path in modules():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or not node.attr.startswith("_"):
                continue
            is_dunder = node.attr.startswith("__") and node.attr.endswith("__")
            is_own = isinstance(node.value, ast.Name) and node.value.id in {
                "self",
                "cls",
            }
            allowed = is_dunder or node.attr in DOCUMENTED or is_own
            assert allowed, f"{path.relative_to(ROOT)}:{node.lineno}: {node.attr}"


def test_own_private_attributes_are_of_classes_of_ours():
    """self._files would be Django's, where the class does not define it."""
    for path in modules():
        tree = ast.parse(path.read_text())
        for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            defined = {
                node.name for node in ast.walk(cls) if isinstance(node, ast.FunctionDef)
            }
            defined |= {
                node.attr
                for node in ast.walk(cls)
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            }
            for node in ast.walk(cls):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "self"
                    and node.attr.startswith("_")
                    and not node.attr.startswith("__")
                    and node.attr not in DOCUMENTED
                ):
                    assert node.attr in defined, f"{path}:{node.lineno}: {node.attr}"
