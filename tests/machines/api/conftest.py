import pytest

from resources.models import Contributor, Country, Region

from ... import factories


@pytest.fixture
def full(make_resource):
    """A resource of which all is known."""
    Contributor.objects.create(name="Ada Lovelace", sort_name="Lovelace, Ada")
    region = Region.objects.create(code="014", slug="eastern-africa", name="E. Africa")
    kenya = Country.objects.create(code="KE", name="Kenya", name_fr="Le Kenya")
    return make_resource(
        title="Diasporas: “a study”",
        description="*More*",
        authors=["Zoe", "Ada Lovelace"],
        publisher="IOM",
        programme="MIDA",
        themes=["Health"],
        regions=[region],
        countries_of_origin=[kenya],
        countries_of_residence=[kenya],
        year=2019,
        source_url="https://example.org/a?b=c&d=é",
        doi="10.1000/182",
        isbn="9780306406157",
        volume="17",
        issue="3",
        pages="15–27",
        **factories.cover("A cover", "ffffffff"),
    )
