"""Sitemaps: each public page once, within the limits of the protocol."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import translation
from lxml import etree

from resources.machines import sitemaps
from resources.models import Change, Resource

from .. import factories

Status = Resource.Status
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
HOST = "http://testserver"


def read(client, path):
    """The entries of a file, which has to keep the rules of sitemaps.org."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    root = etree.fromstring(response.content)
    assert root.tag in {f"{MAP}urlset", f"{MAP}sitemapindex"}
    assert 0 < len(root) <= 50_000
    for entry in root:
        address = urlsplit(entry.findtext(f"{MAP}loc"))
        assert f"{address.scheme}://{address.netloc}" == HOST
        assert address.geturl().isascii() and len(address.geturl()) < 2048
        changed = entry.findtext(f"{MAP}lastmod")
        assert changed is None or datetime.fromisoformat(changed).tzinfo
    found = [entry.findtext(f"{MAP}loc").removeprefix(HOST) for entry in root]
    assert len(found) == len(set(found))
    return dict(zip(found, root, strict=True))


def translations(entry):
    return {
        link.get("hreflang"): link.get("href").removeprefix(HOST)
        for link in entry.findall(f"{XHTML}link")
    }


def test_a_record_with_all_that_a_sitemap_says(client, make_resource):
    resource = make_resource(
        title="Santé & migration: هجرة",
        **factories.cover("Nurses"),
    )
    number = resource.pk // sitemaps.IDS_IN_A_FILE
    entries = read(client, f"/sitemap-{number}.xml")
    assert list(entries) == [resource.get_absolute_url()]
    [entry] = entries.values()
    at = Change.objects.get(resource=resource, is_last=True).at
    assert datetime.fromisoformat(entry.findtext(f"{MAP}lastmod")) == at.replace(
        microsecond=0
    )
    image = entry.findtext(f"{IMAGE}image/{IMAGE}loc")
    assert image == HOST + reverse("cover", args=[resource.pk, "abcdef-960.webp"])
    expected = {"x-default": resource.get_absolute_url()}
    for language in ["en", "fr", "es", "ar"]:
        with translation.override(language):
            expected[language] = resource.get_absolute_url()
    assert translations(entry) == expected


def test_only_what_is_public(client, make_resource):
    public = make_resource()
    for status in [Status.DRAFT, Status.REVIEW, Status.WITHDRAWN]:
        make_resource(status=status, withdrawn_reason="Gone")
    number = public.pk // sitemaps.IDS_IN_A_FILE
    assert list(read(client, f"/sitemap-{number}.xml")) == [public.get_absolute_url()]


def test_the_index_names_each_file_that_has_records(client, make_resource, monkeypatch):
    monkeypatch.setattr(sitemaps, "IDS_IN_A_FILE", 2)
    resources = [make_resource() for _ in range(5)]
    # All records of one file are gone.
    gone = {resources[2].pk // 2}
    Resource.objects.filter(pk__in=[n * 2 + i for n in gone for i in [0, 1]]).update(
        status=Status.WITHDRAWN, withdrawn_reason="Gone"
    )
    index = read(client, "/sitemap.xml")
    left = {resource.pk // 2 for resource in resources} - gone
    expected = ["/sitemap-pages.xml", *(f"/sitemap-{n}.xml" for n in sorted(left))]
    assert list(index) == expected
    found = [path for file in expected[1:] for path in read(client, file)]
    assert found == [r.get_absolute_url() for r in resources if r.pk // 2 in left]
    for n in gone:
        response = client.get(f"/sitemap-{n}.xml")
        assert response.status_code == 404
        assert response["Content-Type"] == "text/plain"


def test_the_index_tells_when_a_file_changed(client, make_resource):
    make_resource()
    resource = make_resource()
    path = f"/sitemap-{resource.pk // sitemaps.IDS_IN_A_FILE}.xml"
    Resource.objects.filter(pk=resource.pk).update(
        status=Status.WITHDRAWN, withdrawn_reason="Gone"
    )
    at = Change.objects.get(resource=resource, is_last=True).at
    modified = read(client, "/sitemap.xml")[path].findtext(f"{MAP}lastmod")
    assert datetime.fromisoformat(modified) == at.replace(microsecond=0)


def test_an_empty_catalogue(client, db):
    assert list(read(client, "/sitemap.xml")) == ["/sitemap-pages.xml"]
    assert "/about/" in read(client, "/sitemap-pages.xml")


def test_pages_to_browse(client, make_resource):
    make_resource(themes=["Health"], authors=["Zoe O'Neill"], programme="MIDA")
    make_resource(themes=["Secret"], status=Status.DRAFT)
    entries = read(client, "/sitemap-pages.xml")
    assert "/themes/health/" in entries and "/programmes/mida/" in entries
    assert "/themes/secret/" not in entries
    assert translations(entries["/"])["fr"] == "/fr/"
    for path, entry in entries.items():
        for address in [path, *translations(entry).values()]:
            page = client.get(address)
            assert page.status_code == 200, address
            assert "noindex" not in page.text, address


@pytest.mark.parametrize("number", ["99999", "9" * 30, "9" * 400, "9" * 5000])
def test_no_such_file(client, make_resource, number):
    make_resource()
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_longest_addresses_fit(client, make_resource):
    """As many as a file holds, in a script whose letters take four bytes each."""
    resource = make_resource(title="𐒀" * 100)
    number = resource.pk // sitemaps.IDS_IN_A_FILE
    size = len(client.get(f"/sitemap-{number}.xml").content)
    assert (size + 6 * 200) * sitemaps.IDS_IN_A_FILE < 50 * 1024 * 1024
    assert len(resource.slug) == 80
    read(client, f"/sitemap-{number}.xml")


def test_a_file_is_one_query(client, make_resource, django_assert_num_queries):
    for _ in range(5):
        resource = make_resource(authors=["Ada"])
    number = resource.pk // sitemaps.IDS_IN_A_FILE
    with django_assert_num_queries(2):  # the version, the records
        client.get(f"/sitemap-{number}.xml")
