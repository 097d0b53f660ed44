"""No format, and no page, holds a character that XML 1.0 or a terminal forbids."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from resources.documents import Contributor, Cover, Document, Term
from resources.formats import FORMATS, json, metadata, mods, signposting
from resources.formats.citations import citations
from resources.machines.feeds import entry
from resources.models import Role
from resources.texts import clean, contained

from .parsing import ORIGIN

# https://www.w3.org/TR/xml/#charsets, and the control characters beyond ASCII.
FORBIDDEN = {chr(c) for c in [*range(0x20), *range(0x7F, 0xA0)]} - set("\t\n\r\x85")
FORBIDDEN |= {chr(c) for c in range(0xD800, 0xE000)} | {"\ufffe", "\uffff"}
SAMPLE = sorted(c for c in FORBIDDEN if not "\ud802" < c < "\udffe")
HOSTILE = "a" + "b".join(SAMPLE) + "c"
MOMENT = datetime(2024, 5, 1, tzinfo=UTC)


def term(vocabulary):
    return Term(vocabulary, HOSTILE, {"en": HOSTILE}, code=HOSTILE)


def contributor(kind):
    texts = {f.name: HOSTILE for f in fields(Contributor)}
    return Contributor(**texts | {"id": 1, "kind": kind})


def hostile_document(type):
    values = {
        "id": 7,
        "type": replace(term("type"), slug=type),
        "programme": term("programme"),
        "themes": (term("theme"),),
        "regions": (term("region"),),
        "countries_of_origin": (term("country"),),
        "countries_of_residence": (term("country"),),
        "contributions": tuple(
            (role, contributor(kind))
            for role in Role.values
            for kind in ["person", "organisation"]
        ),
        "publisher": contributor("organisation"),
        "year": 2020,
        "cover": Cover("covers/x-960.webp", 960, 1280, HOSTILE),
        "published_at": MOMENT,
        "changed_at": MOMENT,
        "reviewed_on": MOMENT.date(),
    }
    return Document(**{f.name: HOSTILE for f in fields(Document)} | values)


@pytest.fixture(params=["report", "journal-article", "book", "video", "handbook"])
def document(request):
    return hostile_document(request.param)


@pytest.mark.parametrize("module", [*FORMATS.values(), mods], ids=lambda m: m.NAME)
def test_no_format_holds_them(module, document):
    text = "".join(module.render([document], ORIGIN))
    assert not FORBIDDEN & set(text)
    text.encode()


def test_nothing_on_a_page_holds_them(document):
    pairs = metadata.highwire(document, ORIGIN)
    pairs += metadata.open_graph(document, ORIGIN, "en")
    data = [
        metadata.json_ld(document, ORIGIN, ORIGIN),
        metadata.breadcrumb([(HOSTILE, ORIGIN)]),
        metadata.collection_page(HOSTILE, ORIGIN, [(HOSTILE, ORIGIN)]),
        metadata.website(HOSTILE, ORIGIN, ORIGIN),
        signposting.linkset(document, ORIGIN),
    ]
    texts = [json.dumps(one) for one in data]
    texts += [content for _name, content in pairs]
    texts += [one.text for one in citations(document, ORIGIN)]
    texts.append(signposting.link_header(document, ORIGIN))
    for text in texts:
        assert not FORBIDDEN & set(text)


def test_feeds_do_not_hold_them(document, rf):
    request = rf.get("/")
    request.LANGUAGE_CODE = "en"
    assert not FORBIDDEN & set(entry(request, document))


def test_one_function_decides():
    for c in map(chr, range(0x11000)):
        # What ends a line or a page becomes the end of a line.
        expected = "\n" if c in "\x0b\x0c" else "" if c in FORBIDDEN else c
        assert clean(c) == expected, hex(ord(c))
    assert clean(HOSTILE) == contained(HOSTILE)
