"""Suggestions while somebody types, with a slip too."""

import pytest

from resources.models import Contributor

from ..factories import make_resource


@pytest.fixture
def offered(client, vocabularies):
    make_resource(
        title="Measuring remittances",
        authors=["Sonia Plaza"],
        publisher="World Bank",
        themes=["Remittances"],
    )
    Contributor.objects.filter(name="World Bank").update(kind="organisation")

    def ask(text):
        return client.get("/resources/suggest/", {"q": text}).json()[1]

    return ask


@pytest.mark.parametrize(
    "typed",
    ["remit", "remmit", "remitances", "reimttances", "measurng", "measurng remit"],
)
def test_titles_are_offered_in_spite_of_a_slip(offered, typed):
    assert "Measuring remittances" in offered(typed)


@pytest.mark.parametrize("typed", ["remittan", "remmittan", "remitan", "rmittances"])
def test_themes_are_offered_in_spite_of_a_slip(offered, typed):
    assert "Remittances" in offered(typed)


def test_authors_are_offered_in_spite_of_a_slip(offered):
    assert "Measuring remittances" in offered("plazza")


@pytest.mark.parametrize("typed", ["xyzq", "rem", "zz", "mea x"])
def test_nothing_far_away_is_offered(offered, typed):
    found = offered(typed)
    assert all(typed in one.lower() for one in found)
