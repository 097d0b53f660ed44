"""Pages make at most two database queries while there is an index."""

import pytest

from resources.search import Search

MOST = 2
PATHS = [
    "/",
    "/resources/",
    "/resources/?page=2",
    "/resources/?theme=theme-1",
    "/resources/?language=en&theme=theme-1",
    "/resources/?q=zebra",
    "/resources/?q=zebra&sort=title&year_from=2001",
    "/themes/",
    "/themes/theme-1/",
    "/authors/",
    "/about/",
]


@pytest.fixture
def library(transactional_db, make_resource, settings):
    settings.PAGE_CACHE = False
    return [
        make_resource(
            title=f"Zebra {n}",
            authors=[f"Author {n}", "Ada"],
            themes=[f"Theme {n % 3}"],
            programme="MIDA",
            publisher="IOM",
            year=2000 + n,
        )
        for n in range(25)
    ]


@pytest.mark.parametrize("path", PATHS)
def test_pages_make_at_most_two_queries(
    client, library, django_assert_max_num_queries, path
):
    # The index is up to date, and the vocabularies have been read at this version.
    Search()
    with django_assert_max_num_queries(MOST):
        assert client.get(path).status_code == 200


def test_the_page_of_a_record(client, library, django_assert_max_num_queries):
    Search()
    for resource in [library[0], library[13]]:
        with django_assert_max_num_queries(MOST):
            assert client.get(resource.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "path", ["/resources.csv", "/resources/feed/", "/api/resources/?size=25"]
)
def test_lists_for_machines(client, library, django_assert_max_num_queries, path):
    Search()
    with django_assert_max_num_queries(MOST):
        response = client.get(path)
        assert response.status_code == 200
        assert response.getvalue()
