"""XML that can be read whatever texts it holds."""

import re
from xml.etree import ElementTree

# https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
