"""
Keep the translations in step with the words of pages, forms and messages.

Works with Babel instead of the gettext programs, so that nothing but the
development requirements is needed. The compiled catalogues are part of the
repository: running the site needs neither.
"""

from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


# How Jinja2 reads {% trans %} blocks, as idiaspora.jinja2 has it.
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def sources():
    """
    Yield each file with messages: its path in the checkout, its text, and its kind.

    Templates of the admin are given as Python source, to which Django turns them.
    """
    for folder in ["idiaspora", "resources", "templates"]:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield name, path.read_text(), "python"
            elif path.is_file() and name.startswith("templates/public/"):
                yield name, path.read_text(), "jinja2"
            elif path.suffix == ".html":
                lines = templatize(path.read_text(), origin=name).splitlines()
                yield name, "\n".join(line.strip() for line in lines), "python"


def messages_of(source, kind):
    """Yield line, message, comments and context of each message in a source."""
    from babel.messages.extract import extract
    from jinja2.ext import babel_extract

    method = babel_extract if kind == "jinja2" else kind
    return extract(method, BytesIO(source.encode()), KEYWORDS, options=JINJA)


def messages_in_use():
    from babel.messages.catalog import Catalog

    catalog = Catalog(charset="utf-8")
    for name, source, kind in sources():
        for _line, message, _comments, context in messages_of(source, kind):
            flags = ["python-format"] if "%(" in str(message) else []
            catalog.add(message, locations=[(name, None)], flags=flags, context=context)
    return catalog


def po_path(language):
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")


def read(language):
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def as_po(catalog):
    from babel.messages.pofile import write_po

    out = BytesIO()
    write_po(out, catalog, width=88, omit_header=False, include_lineno=False)
    # Dates would differ in every run, and these others say nothing.
    idle = "Project Report POT PO Last Language-Team Generated".split()
    head, blank, body = out.getvalue().decode().partition("\n\n")
    lines = [
        x for x in head.split("\n") if not x.startswith(tuple(f'"{i}' for i in idle))
    ]
    return "\n".join(lines) + blank + body


def as_mo(catalog):
    from babel.messages.mofile import write_mo

    # Otherwise the time of day would be part of the file.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language, words):
    """The catalogue of a language with the words in use, old ones dropped."""
    catalog = read(language)
    catalog.update(words, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = f"# The words of the catalogue in {language}."
    return catalog


def gaps(catalog):
    """What is missing or wrong in a catalogue, one line each."""
    for message in catalog:
        if not message.id:
            continue
        texts = (
            message.string if isinstance(message.string, tuple) else [message.string]
        )
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        if message.fuzzy or not all(texts):
            yield f"not translated: {text!r}"
        for error in message.check(catalog):
            yield f"{error}: {text!r}"


class Command(BaseCommand):
    help = (
        "Bring the translation files up to date with the words in use and compile "
        "them; with --check only say what is missing."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing, and fail when something is missing or stale",
        )

    def handle(self, *, check, **options):
        try:
            words = messages_in_use()
        except ImportError:
            raise CommandError(
                "Install requirements-dev.txt: Babel is missing."
            ) from None
        report = StringIO()
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            catalog = update(language, words)
            path = po_path(language)
            po, mo = as_po(catalog), None
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(po)
            # Compile what is written, so that a check compares like with like.
            mo = as_mo(read(language))
            if not check:
                path.with_suffix(".mo").write_bytes(mo)
            elif not path.exists() or path.read_text() != po:
                report.write(f"{path.name} of {language} is not up to date\n")
            elif path.with_suffix(".mo").read_bytes() != mo:
                report.write(f"django.mo of {language} is not compiled anew\n")
            missing = list(gaps(catalog))
            for line in missing[:10]:
                report.write(f"{language}: {line}\n")
            done = len(catalog) - sum("not translated" in line for line in missing)
            self.stdout.write(f"{language}: {done} of {len(catalog)} translated")
        if check and report.getvalue():
            raise CommandError(
                report.getvalue() + "Run `manage.py translations`, then fill the gaps."
            )
