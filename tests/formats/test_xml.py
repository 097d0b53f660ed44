"""The one way in which XML is written."""

from lxml import etree

from resources.formats import xml


def test_texts_are_escaped_and_elements_are_not():
    inner = xml.element("b", "1 < 2 & \"3\" ]]> '4'")
    root = etree.fromstring(xml.element("a", inner, "<c/>"))
    assert [node.tag for node in root.iter()] == ["a", "b"]
    assert root.findtext("b") == "1 < 2 & \"3\" ]]> '4'"
    assert root[0].tail == "<c/>"


def test_attributes_are_escaped():
    value = "\" x='y' <&>\x0b\ufffe"
    root = etree.fromstring(xml.element("a", **{"b": value, "xml:lang": "e&n"}))
    assert root.get("b").startswith("\" x='y' <&>")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "e&n"
    assert len(root.attrib) == 2


def test_a_part_of_an_element_is_text_again():
    element = xml.element("a", "x")
    assert xml.element("b", element[:3]) == "<b>&lt;a&gt;</b>"


def test_what_xml_cannot_hold_is_left_out():
    text = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0xD800, 0xFFFE, 0xFFFF]))
    root = etree.fromstring(xml.document(xml.element("a", text)).encode())
    assert set(root.text) <= set("\t\n\r\x85")
