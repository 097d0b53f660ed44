"""
Text of citations, in which control characters mark italics and addresses.

line() has removed such characters from everything that a record says.
"""

import re

ITALIC, ADDRESS, END = "\x02", "\x04", "\x03"
MARKS = re.compile(f"[{ITALIC}{ADDRESS}{END}]")
CLOSING = f"{END}\"'”’»"
ENDS = (".", "?", "!", "…", "؟", "۔", "。", "？", "！", "।")


def italic(text: str) -> str:
    return f"{ITALIC}{text}{END}"


def plain(text: str) -> str:
    return MARKS.sub("", text)


def bracketed(text: str) -> str:
    return f"({text})" if text else ""


def stopped(text: str) -> str:
    """Return a text with a full stop, unless it is empty or ends a sentence."""
    has_end = text.rstrip(CLOSING).endswith(ENDS)
    return text if has_end or not text else f"{text}."


def joined(*parts: str, between: str = " ") -> str:
    return between.join(filter(None, parts))
