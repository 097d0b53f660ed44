"""XML that can be read whatever texts it holds."""

import re
from xml.etree import ElementTree

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


def new(tag, text=None, /, **attributes):
    """An element, without the characters that XML forbids."""
    attributes = {name: FORBIDDEN.sub("", value) for name, value in attributes.items()}
    node = ElementTree.Element(tag, attributes)
    node.text = text and FORBIDDEN.sub("", text)
    return node


def add(parent, tag, text=None, /, **attributes):
    node = new(tag, text, **attributes)
    parent.append(node)
    return node


def document(root):
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
