"""Names of people, as formats divide them."""

import pytest

from resources.models import Contributor


@pytest.mark.parametrize(
    ("name", "sort_name", "family", "given_names"),
    [
        ("Ada Lovelace", "", "Lovelace", "Ada"),
        ("Dovelyn Rannveig Agunias", "", "Agunias", "Dovelyn Rannveig"),
        (
            "Gabriel García Márquez",
            "García Márquez, Gabriel",
            "García Márquez",
            "Gabriel",
        ),
        ("Suharto", "", "Suharto", ""),
        ("Kaʻiulani Smith", "", "Smith", "Kaʻiulani"),
        ("محمد الخوري", "", "محمد الخوري", ""),
        ("محمد الخوري", "الخوري, محمد", "الخوري", "محمد"),
        ("山田 太郎", "", "山田 太郎", ""),
        ("Пётр Иванов", "", "Пётр Иванов", ""),
        ("Пётр Иванов", "Иванов, Пётр", "Иванов", "Пётр"),
    ],
)
def test_names_of_people_are_split(name, sort_name, family, given_names):
    person = Contributor(name=name, sort_name=sort_name)
    assert (person.family, person.given) == (family, given_names)


def test_names_of_organisations_are_not_split():
    organisation = Contributor(
        name="Ministry of Health, Finland",
        sort_name="Health, Ministry of",
        kind=Contributor.Kind.ORGANISATION,
    )
    assert (organisation.family, organisation.given) == ("", "")
