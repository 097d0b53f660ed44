"""XML that can be read whatever texts it holds."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from .values import clean

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Xml(str):
    """A text that is XML already, which element() does not escape again."""

    __slots__ = ()


NEW_LINE = Xml("\n")


def escape(text: str) -> str:
    """Return a text as content of an element, or of an attribute in double quotes."""
    return (
        clean(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    parts = [tag]
    parts += [f'{name}="{escape(value)}"' for name, value in attributes.items()]
    return f"<{' '.join(parts)}>"


def element(tag: str, *content: str, **attributes: str) -> Xml:
    """Return an element. Its content is escaped, apart from other elements."""
    start = start_tag(tag, attributes) if attributes else f"<{tag}>"
    inside = [part if type(part) is Xml else escape(part) for part in content]
    return Xml(f"{start}{''.join(inside)}</{tag}>")


def document(root: Xml) -> str:
    """Return an element as a whole document."""
    return f"{HEADER}{root}\n"


def file(elements: Iterable[Xml], collection: str, **attributes: str) -> Iterator[str]:
    """Yield a document: one element is its root, several stand in a collection."""
    elements = iter(elements)
    first = list(islice(elements, 2))
    if len(first) == 1:
        yield document(first[0])
        return
    yield f"{HEADER}{start_tag(collection, attributes)}\n"
    for one in chain(first, elements):
        yield f"{one}\n"
    yield f"</{collection}>\n"
