"""Text that may stand in XML, for formats that are written as plain strings."""

import re

# https://www.w3.org/TR/xml/#charsets: not even as a character reference.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escape(value):
    """As content of an element or of an attribute in double quotes."""
    return (
        FORBIDDEN.sub("", value)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )
