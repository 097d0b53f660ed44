"""What a list tells machines, and how it can be downloaded."""

import json

import pytest

from resources.models import Resource

from .reading import parsed

Status = Resource.Status


# What machines are told


def json_ld(page):
    return [
        thing
        for text in page.xpath("//script[@type='application/ld+json']/text()")
        for thing in json.loads(text)
    ]


def test_crawlers_are_told_what_is_on_the_page(client, shelf):
    for prefix, number, first in [("", 1, 38), ("", 4, 8), ("/ar", 2, 28)]:
        path = f"{prefix}/resources/" + (f"?page={number}" if number > 1 else "")
        page = parsed(client.get(path))
        [told] = json_ld(page)
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        assert told["@type"] == "CollectionPage"
        assert told["url"] == canonical == f"http://testserver{path}"
        listed = told["mainEntity"]
        assert listed["numberOfItems"] == 38
        items = listed["itemListElement"]
        assert items[0]["position"] == number * 10 - 9
        assert items[0]["name"] == f"Number {first:02}"
        links = page.xpath("//*[contains(@class, 'card__title')]/a/@href")
        assert [item["url"] for item in items] == [
            f"http://testserver{link}" for link in links
        ]


def test_crawlers_are_told_nothing_of_narrowed_lists(client, varied):
    for query in ["theme=policy", "sort=title", "q=a", "year_from=2010"]:
        assert not json_ld(parsed(client.get(f"/resources/?{query}")))


def test_hostile_titles_stay_in_their_element(client, hostile):
    for path in ["/resources/", "/resources/?page=2"]:
        page = parsed(client.get(path))
        [told] = json_ld(page)
        assert told["mainEntity"]["numberOfItems"] == 14
        assert len(page.xpath("//script[not(@src)]")) == 1


@pytest.mark.parametrize(
    ("path", "query", "feed_query"),
    [
        ("/resources/", "", ""),
        ("/resources/?page=2", "", ""),
        ("/resources/?programme=mida", "programme=mida", "programme=mida"),
        (
            "/resources/?page=2&programme=mida&sort=title&theme=health",
            "programme=mida&sort=title&theme=health",
            "programme=mida&theme=health",
        ),
        ("/resources/?q=maroc+%26+x", "q=maroc+%26+x", "q=maroc+%26+x"),
        ("/resources/?q=a&sort=newest", "q=a&sort=newest", "q=a"),
        ("/programmes/mida/?page=2", "programme=mida", "programme=mida"),
        ("/ar/programmes/mida/", "programme=mida", "programme=mida"),
    ],
)
def test_lists_to_take_along(client, make_resource, path, query, feed_query):
    for n in range(11):
        make_resource(title=f"A maroc x {n}", programme="MIDA", themes=["Health"])
    response = client.get(path)
    assert response.status_code == 200
    page = parsed(response)
    links = page.xpath("//*[@class='downloads']//a")
    assert all(link.get("rel") == "nofollow" for link in links)
    *files, feed = [link.get("href") for link in links]
    prefix = "/ar" if path.startswith("/ar") else ""
    for address, start, expected in [
        (feed, f"{prefix}/resources/feed/", feed_query),
        *[
            (address, f"/resources.{extension}", query)
            for address, extension in zip(
                files, ["excel.csv", "csv", "json", "ris", "bib"], strict=True
            )
        ],
    ]:
        assert address == (f"{start}?{expected}" if expected else start)
        # There at once, without being sent elsewhere.
        assert client.get(address).status_code == 200
    assert page.xpath("//link[@type='application/atom+xml']/@href") == [feed]


def test_nothing_to_take_along_when_nothing_is_found(client, varied):
    page = parsed(client.get("/resources/?programme=rqa&theme=health"))
    assert not page.xpath("//*[@class='downloads']")
