"""The page of one resource, and what is left of it when it goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

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
