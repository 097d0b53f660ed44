"""Programs on other sites, caches, and the page about the API."""

import pytest
from django.utils import translation
from lxml import html

from resources.machines.api.parameters import PARAMETERS
from resources.models import Theme

from .client import DUMP, LIST, PATHS


def test_every_site_may_read_it(client, full):
    paths = [*PATHS, f"{LIST}{full.pk}/", "/api/nowhere", f"{LIST}?size=x"]
    exposed = "Link, ETag, Retry-After, RateLimit, RateLimit-Policy"
    for path in paths:
        for _ in range(2):  # the second time perhaps a kept one
            response = client.get(path, headers={"origin": "https://a.example"})
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["Access-Control-Expose-Headers"] == exposed
            assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "Access-Control-Allow-Credentials" not in response
            assert not response.cookies


def test_browsers_may_ask_first(client, db):
    for path in [*PATHS, f"{LIST}1/", "/api/nowhere"]:
        response = client.options(path)
        assert response.status_code == 204 and not response.content
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Content-Type" not in response


def test_an_answer_is_kept_until_something_changes(
    client, full, django_assert_num_queries
):
    response = client.get(LIST)
    with django_assert_num_queries(1):  # the version
        again = client.get(LIST, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    Theme.objects.update(name="Wellbeing")
    again = client.get(LIST, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 200 and "Wellbeing" in again.text


def test_head_tells_the_same_without_the_body(client, full):
    for path in [LIST, f"{LIST}{full.pk}/", "/api/openapi.json", DUMP]:
        response = client.head(path)
        assert response.status_code == 200
        assert not (response.getvalue() if response.streaming else response.content)
        assert response["Content-Type"] == client.get(path)["Content-Type"]


# The page about it


def examples(page):
    return html.fromstring(page.text).xpath("//dl[@class='api-calls']//dt/a/@href")


def test_the_page_has_examples_that_work(client, sample):
    page = client.get("/api/")
    assert page.status_code == 200 and "application/problem+json" in page.text
    urls = examples(page)
    assert len(urls) == 7
    for url in urls:
        assert url.startswith(
            ("http://testserver/api/resources/", "http://testserver/oai")
        )
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_page_is_there_in_each_language(client, sample, settings, language):
    settings.RATE_LIMIT = 5
    path = "/api/" if language == "en" else f"/{language}/api/"
    page = html.fromstring(client.get(path).text)
    assert page.get("lang") == language
    links = page.xpath("//nav[@class='language-switcher']//a/@href")
    assert links == ["/api/", "/fr/api/", "/es/api/", "/ar/api/"]
    for link in links:
        assert client.get(link).status_code == 200
    terms = page.xpath("//dl[@class='api-calls']//dt/code/text()")
    assert terms == [*PARAMETERS]
    described = page.xpath("//dl[@class='api-calls']//dt[code]/../dd/text()")
    assert len(described) == len(terms)
    with translation.override(language):
        assert described == [str(one["description"]) for one in PARAMETERS.values()]
    text = page.text_content()
    for word in ["OAI-PMH", "429", "Retry-After", "RateLimit", "changed_until"]:
        assert word in text
    if language != "en":
        english = [str(one["description"]) for one in PARAMETERS.values()]
        assert not set(described) & set(english)
    for name in ["theme", "language"]:
        [link] = page.xpath(f"//a[code='{name}']/@href")
        assert client.get(link).status_code == 200


def test_the_page_has_no_examples_of_an_empty_library(client, db):
    for url in examples(client.get("/api/")):
        assert client.get(url).status_code == 200
