"""What the tests of filters are made of."""

from datetime import UTC, datetime

from django.http import QueryDict

from resources.filters import ResourceFilter
from resources.models import Resource
from resources.search import Search

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


Status = Resource.Status


THEMES = ["Health", "Policy", "Data"]


AUTHORS = ["Ada", "Grace", "Joan", "Mary"]


PUBLISHERS = ["IOM", "UNDP"]


WORDS = ["zebra", "Maple", "QUARTZ", "violin"]


def filterset_of(query="", **options):
    return ResourceFilter(QueryDict(query), **options)


def of_both(query):
    """The filterset of a query, answered by the index and by the database."""
    return filterset_of(query, search=Search()), filterset_of(query)


def some(rnd, values):
    return rnd.sample(values, rnd.randint(0, len(values)))
