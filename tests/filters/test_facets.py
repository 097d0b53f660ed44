"""The names of facet values, and what they cost."""

import pytest

from resources import facets
from resources.facets import choices
from resources.models import Contributor
from resources.search import Search

from .examples import filterset_of, of_both

# Names of values


def test_names_of_selected_values(catalogue):
    ada = Contributor.objects.get(name="Ada")
    query = f"author={ada.pk}&country=so&language=fr&region=eastern-africa&year_to=2010"
    for filterset in of_both(query):
        selected = [(str(a), str(b)) for a, b, _rest in filterset.selected_filters()]
        assert selected == [
            ("Region", "Eastern Africa"),
            ("Country", "Somalia"),
            ("Language", "French · français"),
            ("Author", "Ada"),
            ("To year", "2010"),
        ]
        queries = [query for _label, _name, query in filterset.selected_filters()]
        assert filterset.query_string(region=None) == queries[0]


def test_without_an_index_selected_values_stay_in_the_form(catalogue, no_index):
    filterset = filterset_of("theme=health&region=africa", search=Search())
    found = choices(filterset.find().counts, filterset.search.version, "en")
    groups = {group.name: group.rows for group in filterset.facet_groups(found)}
    assert groups.keys() == {"theme", "region"}
    [(choice, depth, is_selected)] = groups["theme"]
    assert (choice.label, choice.number, depth, is_selected) == (
        "Health",
        None,
        0,
        True,
    )


def test_regions_stand_below_those_that_contain_them(catalogue):
    filterset = filterset_of("region=eastern-africa", search=Search())
    found = choices(filterset.find().counts, filterset.search.version, "en")
    [group] = [one for one in filterset.facet_groups(found) if one.name == "region"]
    assert [(row.choice.value, row.depth, row.is_selected) for row in group.rows] == [
        ("africa", 0, False),
        ("eastern-africa", 1, True),
        ("europe", 0, False),
    ]


def test_a_facet_shows_the_selected_and_the_most_frequent(make_resource):
    for n in range(facets.MOST_SHOWN + 3):
        make_resource(themes=[f"Theme {n:02}"])
        make_resource(themes=[f"Theme {n:02}"] if n else [])
    filterset = filterset_of("theme=theme-00", search=Search())
    found = choices(filterset.find(most=100).counts, filterset.search.version, "en")
    [group] = [one for one in filterset.facet_groups(found) if one.name == "theme"]
    assert group.has_more and len(group.rows) == facets.MOST_SHOWN
    assert group.rows[0].choice.value == "theme-00" and group.rows[0].is_selected


def test_names_follow_the_language(make_resource):
    resource = make_resource(themes=["Health"])
    resource.themes.update(name_fr="Santé")
    for language, name in [("fr", "Santé"), ("es", "Health")]:
        found = choices({"theme": {"health": 1}}, Search().version, language)
        [choice] = found["theme"]
        assert choice.label == name
        assert choice.get_absolute_url() == f"/{language}/themes/health/"


# What it costs


@pytest.mark.django_db(transaction=True)
def test_names_cost_no_query_per_facet(make_resource, django_assert_num_queries):
    for n in range(5):
        make_resource(
            themes=[f"Theme {n}"],
            programme=f"Programme {n}",
            authors=[f"Author {n}"],
            publisher=f"Publisher {n}",
        )
    search = Search()
    filterset = filterset_of("theme=theme-1&type=report", search=search)
    counts = filterset.find().counts
    with django_assert_num_queries(1):  # the names of contributors
        choices(counts, search.version, "en")
    with django_assert_num_queries(0):
        assert len(choices(counts, search.version, "fr")["author"]) == 1
        assert filterset_of("theme=theme-1&language=en", search=search).is_valid()
        list(filterset.selected_filters("ar"))


def test_without_an_index_a_page_costs_a_few_queries(
    catalogue, django_assert_max_num_queries
):
    # Whether there is each value, the vocabularies and equivalents, a page, the total.
    with django_assert_max_num_queries(3 + 1 + 6 + 2):
        filterset_of("q=zebra&theme=data&type=report&region=africa").find()
