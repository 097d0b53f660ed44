"""
The environment that the settings are read from, and the file that it may name.

A service and a command that do not read the same settings work on different databases.
So neither the service manager nor the shell reads the file: the settings do, always by
the same rules. IDIASPORA_ENV names it; without that it is /etc/idiaspora.env where
there is one, but not for a run on one's own machine (LOCAL or DEBUG), which must never
touch the database of the site. Variables of the environment win over the file.

Lines of the file are NAME=value. Spaces around the name and the value do not count,
nor does one pair of quotes, single or double, around the whole value. Empty lines, and
those that begin with # or ;, say nothing. No other character means anything: neither #
within a line nor $ nor a backslash, so any password can be written as it is.
"""

import os
import re
from difflib import get_close_matches
from pathlib import Path

DEFAULT_FILE = Path("/etc/idiaspora.env")
ON, OFF = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
# How alike a variable and a setting are, from 0 to 1, for one to be taken for a slip.
ALIKE = 0.88


class Environment:
    """Variables, read by their kind; `errors` says in sentences what is wrong."""

    def __init__(self, variables=None):
        self.errors = []
        self.variables = dict(os.environ if variables is None else variables)
        self.known = {"IDIASPORA_ENV"}
        self.file = file_named_by(self.variables)
        self.in_file = self.read_file() if self.file else {}
        self.variables = self.in_file | self.variables

    def read_file(self):
        try:
            text = self.file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            self.errors.append(
                f"The settings in {self.file} cannot be read ({reason}). Run this as "
                "the account of the site, or name another file in IDIASPORA_ENV."
            )
            return {}
        values, wrong = parse(text)
        # Without the line itself, which may hold a password.
        self.errors += [f"Line {n} of {self.file} is not NAME=value." for n in wrong]
        return values

    def text(self, name, default=""):
        """Return a variable; the default if it is empty or not there."""
        self.known.add(name)
        return self.variables.get(name, "").strip() or default

    def is_on(self, name, default=False):
        value = self.text(name, str(default)).lower()
        if value not in ON | OFF:
            self.errors.append(f"{name} must be 1 (on) or 0 (off), not {value!r}.")
        return value in ON

    def listed(self, name):
        parts = self.text(name).split(",")
        return [part.strip() for part in parts if part.strip()]

    def number(self, name, default, least=0, most=1_000_000_000):
        value = self.text(name, str(default))
        if re.fullmatch("-?[0-9]{1,18}", value) and least <= int(value) <= most:
            return int(value)
        self.errors.append(
            f"{name} must be a whole number from {least} to {most}, not {value!r}."
        )
        return default

    def one_of(self, name, choices):
        """Return one of the choices, in whatever case it is written; else the first."""
        value = self.text(name, choices[0])
        for choice in choices:
            if value.lower() == choice.lower():
                return choice
        self.errors.append(f"{name} must be {', '.join(choices)}, not {value!r}.")
        return choices[0]

    def folder(self, name, default):
        """Return a folder, which need not be there yet."""
        path = Path(self.text(name, str(default)))
        if not path.is_absolute():
            # Commands and the service may be started in different folders.
            self.errors.append(f"{name} must be a path from /, not {str(path)!r}.")
        elif os.path.exists(path) and not os.path.isdir(path):
            self.errors.append(f"{name} must be a folder, which {path} is not.")
        return path

    def unknown(self):
        """
        Return the names that are no setting, each with the one it may stand for.

        Of the variables only those that look like a setting, of the file all.
        """
        found = {}
        for name in sorted(self.variables.keys() - self.known):
            alike = get_close_matches(name.upper(), sorted(self.known), 1, ALIKE)
            if alike or name in self.in_file:
                found[name] = alike[0] if alike else ""
        return found


def file_named_by(variables):
    """Return the path of the file to read, or None."""
    named = variables.get("IDIASPORA_ENV")
    if named is not None:
        return Path(named) if named else None
    if any(variables.get(name, "").lower() in ON for name in ["LOCAL", "DEBUG"]):
        return None
    return DEFAULT_FILE if os.path.exists(DEFAULT_FILE) else None


def parse(text):
    """Return the values in the text of a file, and the numbers of wrong lines."""
    values, wrong = {}, []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith(("#", ";")):
            continue
        name, is_assignment, value = line.partition("=")
        name, value = name.strip(), value.strip()
        quote = value[:1] if value[:1] in {"'", '"'} else ""
        is_quoted = len(value) > 1 and value.endswith(quote)
        if not (is_assignment and NAME.fullmatch(name)) or (quote and not is_quoted):
            wrong.append(number)
        else:
            values[name] = value[1:-1] if quote else value
    return values, wrong
