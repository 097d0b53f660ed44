"""Hostile text in every column, file names too, is text on every public page."""

import json

import pytest
from django.urls import reverse
from lxml import html

from resources.models import Contributor, Resource

from ..formats.every_column import TEXTS, make_record_of

BAD_LINKS = ["http://[x", "https:///evil", 'HTTP://"><b onclick=x>.org/']
ADDRESSES = {"href", "src", "action", "srcset"}
# What starts a program in some browser; others are refused, or relative addresses.
DANGEROUS = ("javascript:", "data:", "vbscript:", "blob:")


@pytest.fixture(params=[*TEXTS, *BAD_LINKS], ids=lambda text: repr(text[:20]))
def resource(request, db):
    return make_record_of(request.param)


def pages(resource):
    """Every page that shows something of the resource."""
    yield from ["/", "/resources/", "/about/", "/api/"]
    yield resource.get_absolute_url()
    for name in ["programme", "region", "country", "theme", "type", "language"]:
        yield reverse(f"resources:{name}-all")
        yield reverse("resources:choose", args=[name])
    for person in Contributor.objects.all():
        yield from [person.author_url, person.publisher_url]
    yield from ["/authors/", "/publishers/", "/languages/en/", "/themes/theme/"]
    yield from ["/programmes/programme/", "/countries/xy/", "/regions/a-region/"]
    yield from ["/resources/?q=script+alert", "/resources/?theme=theme&sort=title"]
    yield f"/resources/?author={Contributor.objects.first().pk}&q=b"


def check(page):
    """Nothing on a page runs, or leaves the element that it was written into."""
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"iframe", "object", "embed", "style", "base", "b"}
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in {"style", "srcdoc"}, name
            assert name.isascii() and '"' not in name and "<" not in name, name
            if name in ADDRESSES:
                # Browsers skip white space in it.
                bare = "".join(value.split()).lower()
                assert not bare.startswith(DANGEROUS), value
        if element.tag == "script" and "src" not in element.attrib:
            assert element.get("type") == "application/ld+json"
            json.loads(element.text)
    assert len(page.xpath("//h1")) == len(page.xpath("//footer")) == 1
    for image in page.xpath("//img[@srcset]"):
        # Each with its width, and nothing a browser could take for another picture.
        for file in image.get("srcset").split(", "):
            address, _space, width = file.partition(" ")
            assert address.startswith(("/covers/", "/admin/")), file
            assert "," not in address and width.endswith("w"), file


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_every_page_shows_hostile_text_as_text(client, resource, prefix):
    for path in pages(resource):
        if prefix and path == "/api/":
            continue
        response = client.get(prefix + path, follow=True)
        assert response.status_code in {200, 404}, path
        check(html.document_fromstring(response.content))


def test_the_page_of_a_withdrawn_resource(client, resource):
    reason = '<b onclick="x">"why"</b>'
    Resource.objects.update(status="withdrawn", withdrawn_reason=reason)
    response = client.get(resource.get_absolute_url())
    assert response.status_code == 410
    page = html.document_fromstring(response.content)
    check(page)
    assert reason in page.text_content()


def test_the_preview_in_the_admin(admin_client, resource):
    Resource.objects.update(status="draft")
    address = reverse("admin:resources_resource_preview", args=[resource.pk])
    check(html.document_fromstring(admin_client.get(address).content))
