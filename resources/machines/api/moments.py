"""Dates and times in parameters."""

import re
from datetime import UTC, datetime

# What ISO 8601 and RFC 3339 have in common, and dates alone.
MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)


def parse_moment(text):
    """
    Return the time that a date begins at, or a time, in UTC; None if it is neither.

    A plus that was not escaped has become a space.
    """
    text = re.sub(r" (?=\d{2}:\d{2}$)", "+", text.upper())
    if not MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
