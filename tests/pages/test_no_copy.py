"""A record of which no online copy is known says so, and where to look."""

import pytest

from ..factories import make_resource


@pytest.fixture
def page_of(client, db, settings):
    settings.CONTACT_EMAIL = "library@example.org"

    def page_of(**fields):
        return client.get(make_resource(**fields).get_absolute_url()).text

    return page_of


def test_it_offers_libraries_the_publisher_and_a_way_to_tell(page_of):
    page = page_of(title="Out & about", publisher="IOM", source_url="")
    assert "No online copy is known." in page
    assert 'href="https://search.worldcat.org/search?q=Out%20%26%20about"' in page
    assert "More from <bdi>IOM</bdi>" in page and "Tell us where it can be read" in page


def test_libraries_are_asked_by_isbn_where_there_is_one(page_of):
    page = page_of(isbn="978-92-9068-560-9", source_url="")
    assert "search?q=bn%3A9789290685609" in page


def test_a_record_with_a_link_offers_only_that(page_of):
    page = page_of(publisher="IOM", source_url="https://example.org/x.pdf")
    assert "worldcat" not in page and "More from" not in page
    assert "Read on" in page
