"""The page of one resource, and what is left of it when it goes."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from resources.formats import signposting
from resources.models import Country, Resource
from resources.search import Search, store

from .. import factories

Status = Resource.Status
HOST = "http://testserver"


def shown(client, resource, prefix=""):
    """The page of a resource, parsed as a browser does."""
    return html.document_fromstring(
        client.get(prefix + resource.get_absolute_url()).content
    )


def meta(page, attribute="name"):
    """Name and content of the <meta> elements of a head."""
    return [
        (one.get(attribute), one.get("content"))
        for one in page.xpath(f"//head/meta[@{attribute}]")
    ]


def json_ld(page):
    [text] = page.xpath("//script[@type='application/ld+json']/text()")
    return json.loads(text)


def test_everything_known_is_shown(client, make_resource):
    somalia = Country.objects.create(code="SO", name="Somalia")
    finland = Country.objects.create(code="FI", name="Finland")
    resource = make_resource(
        title="Health expertise",
        authors=["Ada Lovelace", "Grace Hopper"],
        programme="MIDA",
        publisher="IOM Helsinki",
        themes=["Health"],
        year=2009,
        doi="10.1787/9789264057692-en",
        isbn="978-92-9068-563-0",
        source_url="https://example.org/a?b=c&d",
        description="First *paragraph*.\n\n### Part\n\n- one\n- two",
        countries_of_origin=[somalia],
        countries_of_residence=[finland],
    )
    text = client.get(resource.get_absolute_url()).text
    for part in [
        "<h1>Health expertise</h1>",
        "Ada Lovelace",
        'href="/programmes/mida/"',
        'href="/themes/health/"',
        'href="/countries/so/"',
        'href="/countries/fi/"',
        "IOM Helsinki",
        "2009",
        "10.1787/9789264057692-en",
        "978-92-9068-563-0",
        'href="https://example.org/a?b=c&amp;d"',
        "<bdi>example.org</bdi>",
        "<em>paragraph</em>",
        "<h2>Part</h2>",
        "<li>one</li>",
    ]:
        assert part in text, part
    assert text.index("Ada Lovelace") < text.index("Grace Hopper")
    assert text.count("<h1") == 1


def test_unknown_facts_are_absent(client, make_resource):
    text = client.get(make_resource().get_absolute_url()).text
    assert "None" not in text
    for label in [
        "Year",
        "Publisher",
        "Programme",
        "DOI",
        "ISBN",
        "Countries of origin",
    ]:
        assert f"<dt>{label}</dt>" not in text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/pixel.png)",
        "<img src=x onerror=alert(1)>",
        '[x](<https://a.example/" onclick=alert(1)>)',
    ],
)
def test_markdown_cannot_do_harm(client, make_resource, hostile):
    text = client.get(make_resource(description=hostile).get_absolute_url()).text
    main = text[text.index('<div class="record__text"') : text.index("</main>")]
    for part in ["<script", "<img", 'href="javascript', 'href="data', '" onclick']:
        assert part not in main, part


def test_a_new_title_moves_the_address(client, make_resource):
    resource = make_resource(title="Old words")
    old = resource.get_absolute_url()
    Resource.objects.update(title="New words")
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"] == f"/resources/{resource.pk}/new-words/"
    assert client.get(f"/resources/{resource.pk}/").status_code == 301


@pytest.mark.parametrize(
    "title", ["الجاليات والتنمية", "移民与发展", "!!!", "Ünïcode — x"]
)
def test_any_script_makes_an_address(client, make_resource, title):
    resource = make_resource(title=title)
    assert client.get(resource.get_absolute_url()).status_code == 200


def test_withdrawn_says_why(client, make_resource):
    resource = make_resource(
        title="Once here",
        summary="Hidden text",
        status=Status.WITHDRAWN,
        withdrawn_reason="The publisher asked for it.",
    )
    response = client.get(resource.get_absolute_url())
    assert response.status_code == 410
    assert "Once here" in response.text
    assert "The publisher asked for it." in response.text
    assert "Hidden text" not in response.text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW])
def test_drafts_are_not_there(client, make_resource, status):
    resource = make_resource(title="Unfinished", status=status)
    for address in [resource.get_absolute_url(), f"/resources/{resource.pk}/"]:
        response = client.get(address)
        assert response.status_code == 404
        assert "Unfinished" not in response.text


@pytest.mark.parametrize("id", ["0", "-1", "1e9", "9" * 18, "9" * 400, "%00", "1/%00"])
def test_odd_numbers_are_not_found(client, db, id):
    assert client.get(f"/resources/{id}/").status_code == 404


def test_more_from_this_programme(client, make_resource):
    now = timezone.now()
    for n in range(6):
        make_resource(
            title=f"Other {n}",
            programme="MIDA",
            published_at=now + timedelta(minutes=n),
        )
    make_resource(title="Draft", programme="MIDA", status=Status.DRAFT)
    make_resource(title="Elsewhere", programme="RQA")
    resource = make_resource(programme="MIDA")
    text = client.get(resource.get_absolute_url()).text
    text = text[text.index('id="more"') : text.index('id="related"')]
    shown = [n for n in range(6) if f"Other {n}" in text]
    assert shown == [2, 3, 4, 5]
    assert "Draft" not in text and "Elsewhere" not in text


def test_a_programme_tells_nothing_withdrawn_while_the_index_lags(
    client, make_resource, monkeypatch
):
    other = make_resource(title="Other", programme="MIDA")
    address = make_resource(programme="MIDA").get_absolute_url()
    assert "Other" in client.get(address).text
    monkeypatch.setattr(store, "refresh", lambda *args: None)
    other.status, other.withdrawn_reason = Status.WITHDRAWN, "Gone"
    other.save()
    assert "Other" not in client.get(address).text.replace("Other styles", "")


def test_stays_within_its_weight(client, catalogue):
    for resource in Resource.objects.published():
        for prefix in ["", "/ar"]:
            page = client.get(prefix + resource.get_absolute_url()).content
            assert len(gzip.compress(page, 6)) <= 14 * 1024


# To cite


def test_how_to_cite(client, make_resource):
    resource = make_resource(
        title="Health & work", authors=["Ada Lovelace"], publisher="IOM", year=2009
    )
    for prefix in ["", "/fr", "/ar"]:
        page = shown(client, resource, prefix)
        first, *others = page.xpath("//*[@data-copy]")
        assert first.findtext("h3") == "APA"
        assert first.find("p").text_content() == (
            f"Lovelace, A. (2009). Health & work. IOM. {HOST}/resources/{resource.pk}/"
        )
        assert first.findtext("p/i") == "Health & work"
        assert [one.findtext("h3") for one in others] == [
            *["MLA", "Chicago", "Harvard", "Vancouver"]
        ]
        assert all(one.getparent().tag == "details" for one in others)
        for one in others:
            assert f"{HOST}/resources/{resource.pk}/" in one.find("p").text_content()
        # Without scripts there is nothing to press.
        for button in page.xpath("//*[@data-copy]//button"):
            assert button.getparent().get("hidden") is not None
            assert button.get("type") == "button"


def test_what_is_cited_is_in_its_own_language(client, make_resource):
    resource = make_resource(title="الجاليات", language="ar")
    [text, *_rest] = shown(client, resource).xpath("//*[@data-copy]/p")
    assert (text.get("lang"), text.get("dir")) == ("ar", "rtl")
    # The address stays in one piece among letters from right to left.
    assert text.findtext("bdi") == HOST + resource.permanent_path


def test_files_to_cite_from(client, make_resource):
    resource = make_resource()
    links = shown(client, resource).xpath("//*[@aria-labelledby='cite']//ul//a")
    assert {link.text for link in links} == {
        *["RIS", "BibTeX", "CSL-JSON", "Dublin Core", "JSON"]
    }
    for link in links:
        assert link.get("rel") == "nofollow"
        assert client.get(link.get("href")).status_code == 200


def test_nothing_to_cite_in_a_preview(admin_client, make_resource):
    for status in [Status.DRAFT, Status.PUBLISHED]:
        resource = make_resource(status=status)
        address = reverse("admin:resources_resource_preview", args=[resource.pk])
        response = admin_client.get(address)
        page = html.document_fromstring(response.content)
        assert "Link" not in response
        assert page.xpath("//h1")[0].text == resource.title
        assert not page.xpath("//*[@data-copy]")
        assert not page.xpath("//script[contains(@src, 'copy')]")
        assert not page.xpath("//link[@rel='canonical'] | //meta[@property]")
        assert not page.xpath("//script[@type='application/ld+json']")
        assert not [name for name, _ in meta(page) if name.startswith("citation")]


# What machines are told


def test_head_tells_who_wrote_what_when(client, make_resource):
    resource = make_resource(
        title='"Health" & <work>',
        authors=["Ada Lovelace", "Grace Hopper"],
        year=2009,
        **factories.cover("A cover"),
    )
    page = shown(client, resource, "/fr")
    assert {
        ("citation_title", resource.title),
        ("citation_author", "Lovelace, Ada"),
        ("citation_author", "Hopper, Grace"),
        ("citation_publication_date", "2009"),
        ("DC.title", resource.title),
        ("DC.identifier", HOST + resource.permanent_path),
    } <= set(meta(page))
    assert page.xpath("//link[@rel='schema.DC']/@href") == [
        "http://purl.org/dc/elements/1.1/"
    ]
    social = meta(page, "property")
    names = [name for name, _content in social]
    assert len(names) == len(set(names))
    assert {
        ("og:title", resource.title),
        ("og:type", "article"),
        ("og:url", f"{HOST}/fr{resource.get_absolute_url()}"),
        ("og:locale", "fr_FR"),
        ("og:image", f"{HOST}/covers/{resource.pk}/abcdef-960.webp"),
    } <= set(social)


def test_scholar_can_read_every_record(client, sample):
    """https://scholar.google.com/intl/en/scholar/inclusion.html#indexing"""
    for resource in Resource.objects.published():
        found = {}
        for name, content in meta(shown(client, resource)):
            found.setdefault(name, []).append(content)
        assert found["citation_title"] == [resource.title]
        # Where no author or year is known, none is made up.
        authors = found.get("citation_author", [])
        assert len(authors) == resource.contributions.filter(role="author").count()
        for author in authors:
            assert ";" not in author and author.count(",") <= 1
        dates = found.get("citation_publication_date", [])
        assert dates == ([str(resource.year)] if resource.year else [])
        # The day of cataloguing is no date of the work.
        assert "citation_online_date" not in found
        [page] = found["citation_abstract_html_url"]
        assert page == HOST + resource.get_absolute_url()


@pytest.mark.parametrize("prefix", ["", "/fr", "/es", "/ar"])
def test_json_ld_is_about_this_page(client, catalogue, prefix):
    for resource in Resource.objects.published():
        page = shown(client, resource, prefix)
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        record, way = json_ld(page)
        assert record["url"] == canonical == HOST + prefix + resource.get_absolute_url()
        assert record["@id"] == HOST + resource.permanent_path
        assert dict(meta(page, "property"))["og:url"] == canonical
        steps = [step["item"] for step in way["itemListElement"]]
        # What people see, and the page itself.
        links = page.xpath("//nav[@class='breadcrumbs']//a/@href")
        assert steps == [*[HOST + link for link in links], canonical]


def test_canonical_address_has_no_query(client, make_resource):
    resource = make_resource()
    address = resource.get_absolute_url()
    page = html.document_fromstring(client.get(f"{address}?utm_source=x&q=y").content)
    assert page.xpath("//link[@rel='canonical']/@href") == [HOST + address]


def test_nothing_leaves_its_element(client, hostile):
    for resource in Resource.objects.published():
        page = shown(client, resource)
        assert len(page.xpath("//script[not(@src)]")) == 1
        assert json_ld(page)[0]["@type"]
        assert len(page.xpath("//head")) == 1 and len(page.xpath("//h1")) == 1
        assert page.xpath("//head/link[@rel='manifest']")
        assert not page.xpath("//@onerror | //@onclick | //b[text()='x']")


def test_card_of_the_page_can_be_embedded(client, make_resource):
    resource = make_resource(title="Santé")
    [address] = shown(client, resource, "/fr").xpath(
        "//link[@type='application/json+oembed']/@href"
    )
    assert client.get(address.removeprefix(HOST)).json()["title"] == "Santé"


def test_signposts_in_the_header(client, make_resource):
    resource = make_resource(title="Santé", type="Toolkit")
    response = client.get(resource.get_absolute_url())
    document = Search().document(resource.pk)
    assert response["Link"] == signposting.link_header(document, HOST)
    # Of a page that was kept as well.
    assert client.get(resource.get_absolute_url())["Link"] == response["Link"]
    kind = json_ld(shown(client, resource))[0]["@type"]
    assert f'<https://schema.org/{kind}>; rel="type"' in response["Link"]


def test_withdrawn_tells_machines_nothing(client, make_resource):
    resource = make_resource(status=Status.WITHDRAWN, withdrawn_reason="Asked for.")
    response = client.get(resource.get_absolute_url())
    page = html.document_fromstring(response.content)
    assert "Link" not in response
    assert not page.xpath("//meta[@property] | //script | //link[@rel='canonical']")
    names = {name for name, _content in meta(page)}
    assert names == {"viewport", "color-scheme", "robots"}


@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_a_preview_shows_what_the_page_will(admin_client, catalogue, prefix):
    for resource in Resource.objects.published():
        preview = f"{prefix}/admin/resources/resource/{resource.pk}/preview/"
        page = shown(admin_client, resource, prefix)
        before = html.document_fromstring(admin_client.get(preview).content)
        for part in [
            "//nav[@class='breadcrumbs']",
            "//header[contains(@class, 'record__head')]",
            "//div[@class='record__text']",
            "//section[@class='record__facts']",
        ]:
            [here], [there] = page.xpath(part), before.xpath(part)
            assert bare(here) == bare(there)


def bare(element):
    text = html.tostring(element, encoding=str, with_tail=False)
    return re.sub(r">\s+<", "><", text)
