"""The page of one resource, and what is left of it when it goes."""

import json
import re
from collections import defaultdict
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from resources import records
from resources.citations import citations
from resources.exports import FORMATS
from resources.models import Country, Resource

Status = Resource.Status


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
    main = text[text.index("<main") : text.index("</main>")]
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


def test_costs_at_most_eight_queries(
    client, make_resource, django_assert_max_num_queries
):
    for _ in range(5):
        resource = make_resource(
            programme="MIDA",
            authors=["Ada", "Grace"],
            themes=["Health"],
            publisher="IOM",
        )
    client.get("/")  # brings the index up to date
    with django_assert_max_num_queries(8):
        client.get(resource.get_absolute_url())


# For those who cite it, and for machines


def head_of(text):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    return [json.loads(block) for block in blocks]


def metas(text):
    found = defaultdict(list)
    for name, content in re.findall(
        r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text
    ):
        found[name].append(unescape(content))
    return found


def test_it_can_be_cited(client, make_resource):
    resource = make_resource(title="Health & care", authors=["Ada Lovelace"], year=2009)
    text = client.get(resource.get_absolute_url()).text
    for style in ["APA", "MLA", "Chicago", "Harvard", "Vancouver"]:
        assert f"<h3>{style}</h3>" in text
    permanent = f"http://testserver/resources/{resource.pk}/"
    assert "Lovelace, A. (2009). <i>Health &amp; care</i>" in text
    assert text.count(permanent) > 5
    for extension in FORMATS:
        path = f"/resources/{resource.pk}.{extension}"
        assert f'href="{path}"' in text and client.get(path).status_code == 200


def test_citations_cost_no_query(client, make_resource, django_assert_num_queries):
    resource = make_resource(authors=["Ada", "Grace"], publisher="IOM")
    client.get("/")
    found = records.whole([resource.pk], 0)[resource.pk]
    with django_assert_num_queries(0):
        assert len(citations(found, "https://example.org/resources/1/")) == 5


def test_scholar_finds_what_it_needs(client, sample):
    for resource in Resource.objects.published():
        found = metas(client.get(resource.get_absolute_url()).text)
        assert found["citation_title"] == [" ".join(resource.title.split())]
        assert len(found["citation_author"]) == len(resource.credits)
        if resource.year:
            assert found["citation_publication_date"] == [str(resource.year)]
        assert all(content for contents in found.values() for content in contents)
        assert found["og:title"] == found["citation_title"]


@pytest.mark.parametrize("language", ["", "/fr", "/ar"])
def test_linked_data_is_that_of_the_page(client, sample, language):
    for resource in Resource.objects.published()[:10]:
        text = client.get(language + resource.get_absolute_url()).text
        [[work, way]] = head_of(text)
        [canonical] = re.findall(r'rel="canonical" href="([^"]+)"', text)
        assert work["url"] == unescape(canonical)
        assert work["@id"] == f"http://testserver/resources/{resource.pk}/"
        assert way["itemListElement"][-1]["item"] == work["url"]
        assert all(work.values())


def test_nothing_in_a_title_ends_the_linked_data(client, make_resource):
    title = "</script><script>alert(1)</script><!-- \u2028 \"'&"
    resource = make_resource(title=title, authors=[title], summary=title)
    text = client.get(resource.get_absolute_url()).text
    [[work, _way]] = head_of(text)
    assert work["name"] == " ".join(title.split())
    assert "<script>alert" not in text


def test_lists_that_may_be_kept_describe_themselves(client, sample):
    for path in ["/resources/", "/resources/?page=2", "/themes/policy/", "/"]:
        [block] = head_of(client.get(path).text)
        assert block["url"] == f"http://testserver{path}"
    items = head_of(client.get("/resources/?page=4").text)[0]["mainEntity"]
    assert items["numberOfItems"] == 38
    assert [one["position"] for one in items["itemListElement"]] == [*range(31, 39)]
    assert not head_of(client.get("/resources/?theme=policy").text)


def test_signposts(client, make_resource):
    resource = make_resource(type="Report")
    link = client.get(resource.get_absolute_url())["Link"]
    permanent = f"http://testserver/resources/{resource.pk}"
    assert link.count('rel="cite-as"') == 1
    assert f'<{permanent}/>; rel="cite-as"' in link
    for address in re.findall(r'<([^>]+)>; rel="(?:describedby|linkset)"', link):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200
    assert '<https://schema.org/Report>; rel="type"' in link


def test_what_is_withdrawn_is_not_cited(client, make_resource):
    resource = make_resource(status=Status.WITHDRAWN, withdrawn_reason="Old")
    response = client.get(resource.get_absolute_url())
    assert response.status_code == 410 and "citation_title" not in response.text
    assert "Link" not in response
