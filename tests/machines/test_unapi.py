"""unAPI, by which Zotero finds the records of a page."""

import pytest
from lxml import etree, html

from resources.formats import ris
from resources.models import Resource

from ..formats.parsing import document_of


def ids(page):
    """The ids of the records that Zotero sees on a page."""
    return html.document_fromstring(page.text).xpath(
        "//abbr[@class='unapi-id' and not(node())]/@title"
    )


def server(page):
    [url] = html.document_fromstring(page.text).xpath(
        "//head/link[@rel='unapi-server'][@type='application/xml']/@href"
    )
    return url


@pytest.mark.parametrize("prefix", ["", "/fr", "/ar"])
def test_lists_and_records_name_their_records(client, make_resource, prefix):
    one, other = [make_resource(themes=["Health"], programme="P") for _ in range(2)]
    for path in ["/resources/", "/themes/health/"]:
        page = client.get(prefix + path)
        assert ids(page) == [str(other.pk), str(one.pk)]
        assert server(page) == "/unapi"
    # A record page shows others too, and is about one.
    page = client.get(prefix + one.get_absolute_url())
    assert ids(page) == [str(one.pk)] and server(page) == "/unapi"


def test_formats_are_listed(client, make_resource):
    pk = make_resource().pk
    for query, status, id in [("", 200, None), (f"?id={pk}", 300, str(pk))]:
        response = client.get(f"/unapi{query}")
        assert response.status_code == status
        assert response["Content-Type"] == "application/xml"
        root = etree.fromstring(response.content)
        assert root.tag == "formats" and root.get("id") == id
        types = {one.get("name"): one.get("type") for one in root}
        assert types["ris"] == "application/x-research-info-systems"
        assert set(types) == {"ris", "bibtex", "csl-json", "oai_dc", "json"}
        # Zotero would rather read these, and understands less of them.
        assert not {"mods", "marc", "rdf_dc"} & set(types)


def test_records_come_in_each_format(client, make_resource):
    resource = make_resource(title="One of them")
    for name in ["ris", "bibtex", "csl-json", "oai_dc", "json"]:
        response = client.get(f"/unapi?id={resource.pk}&format={name}")
        assert response.status_code == 200 and "One" in response.text
    response = client.get(f"/unapi?id={resource.pk}&format=ris")
    assert response["Content-Type"] == ris.CONTENT_TYPE
    text = "".join(ris.render([document_of(resource)], "http://testserver"))
    assert response.text.replace("\r", "") == text.replace("\r", "")


@pytest.mark.parametrize("id", ["0", "x", "999999999", "9" * 400, "-1", "\x00", "٣"])
def test_unknown_ids(client, db, id):
    assert client.get("/unapi", {"id": id, "format": "ris"}).status_code == 404
    assert client.get("/unapi", {"id": id}).status_code == 404


def test_unknown_formats(client, make_resource):
    pk = make_resource().pk
    for name in ["mods", "RIS", "\x00"]:
        assert client.get("/unapi", {"id": pk, "format": name}).status_code == 406


def test_what_is_not_public_is_not_given(client, make_resource):
    draft = make_resource(status=Resource.Status.DRAFT)
    assert client.get(f"/unapi?id={draft.pk}&format=ris").status_code == 404
    gone = make_resource(status=Resource.Status.WITHDRAWN, withdrawn_reason="Why")
    assert client.get(f"/unapi?id={gone.pk}&format=ris").status_code == 410
