"""Resources for lists."""

import pytest

from resources.models import Resource


@pytest.fixture
def shelf(make_resource):
    """Thirty-eight resources, the newest of which is number 38."""
    return [make_resource(title=f"Number {n:02}") for n in range(1, 39)]


@pytest.fixture
def varied(make_resource, geography):
    make_resource(
        title="A",
        programme="MIDA",
        themes=["Health", "Policy"],
        type="Report",
        language="en",
        year=2010,
        authors=["Ada", "Grace"],
        regions=[geography["eastern-africa"]],
    )
    make_resource(
        title="B",
        programme="RQA",
        themes=["Policy"],
        type="Toolkit",
        language="fr",
        year=2015,
        authors=["Ada"],
        publisher="IOM",
        countries_of_origin=[geography["SO"]],
        countries_of_residence=[geography["FI"]],
    )
    make_resource(title="C", type="Report", regions=[geography["africa"]])
    make_resource(
        title="D", status=Resource.Status.DRAFT, programme="MIDA", themes=["Secret"]
    )
