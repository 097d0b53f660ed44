"""Bitmaps and counts: whatever happens, they agree with the database."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from resources import documents
from resources.models import Country, Resource, Theme
from resources.search import FACETS, Search, bitmaps, facets, store

from .. import factories

Status = Resource.Status
THEMES = ["Health", "Policy", "Data"]
AUTHORS = ["Ada", "Grace", "Joan", "Mary", "Rosa"]
WORDS = ["zebra", "maple", "quartz", "violin"]
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["small", "large"])
def size(request, db, monkeypatch):
    """As in a small catalogue, and as in one of a million records."""
    if request.param == "large":
        monkeypatch.setattr(facets, "FEW", 0)
        monkeypatch.setattr(bitmaps, "FREQUENT", 1)
        monkeypatch.setattr(bitmaps, "RARE", 10)
    store.rebuild()


def some(rnd, values):
    return rnd.sample(values, rnd.randint(0, len(values)))


def invented(rnd, make_resource):
    return make_resource(
        title=" ".join(rnd.choices(WORDS, k=3)),
        themes=some(rnd, THEMES),
        type=rnd.choice(["Report", "Toolkit"]),
        language=rnd.choice(["en", "fr"]),
        year=rnd.choice([None, 2001, 2010, 2020]),
        programme=rnd.choice([None, "MIDA", "RQA"]),
        publisher=rnd.choice([None, "IOM", "UNDP"]),
        authors=some(rnd, AUTHORS),
        countries_of_origin=Country.objects.filter(
            pk__in=some(rnd, list(factories.COUNTRIES))
        ),
        published_at=BEGINNING + timedelta(days=rnd.randint(0, 30)),
    )


def disturb(rnd, make_resource):
    """One of the many things that can happen to a catalogue."""
    one = Resource.objects.order_by("?").first()
    what = rnd.randint(0, 6)
    if what == 0:
        invented(rnd, make_resource)
    elif what == 1:
        make_resource(title="zebra today", published_at=timezone.now())
    elif what == 2:
        one.status, one.withdrawn_reason = Status.WITHDRAWN, "Gone"
        one.save()
    elif what == 3:
        Resource.objects.filter(pk=one.pk).update(status=Status.PUBLISHED)
    elif what == 4:
        one.themes.set(Theme.objects.filter(name__in=some(rnd, THEMES)))
    elif what == 5:
        Resource.objects.filter(pk=one.pk).update(
            published_at=BEGINNING + timedelta(days=rnd.randint(0, 30))
        )
    else:
        one.title = " ".join(rnd.choices(WORDS, k=2))
        one.save()


def values_of(resource):
    """By facet, what the database says of a resource."""
    countries = resource.countries
    regions = set()
    for country in countries:
        region = country.region
        while region:
            regions.add(region.slug)
            region = region.parent
    return {
        "programme": {resource.programme.slug} if resource.programme else set(),
        "region": regions,
        "country": {country.code.lower() for country in countries},
        "theme": {theme.slug for theme in resource.themes.all()},
        "type": {resource.type.slug},
        "language": {resource.language},
        "author": {str(author.pk) for author in factories.credited(resource)},
        "publisher": {str(resource.publisher_id)} if resource.publisher else set(),
        "year": {resource.year} if resource.year else set(),
    }


def check(search, text, filters):
    """That all that is told of a search is what the database says."""
    told = {pk: values_of(one) for pk, one in Resource.objects.in_bulk().items()}
    rows = [
        one
        for one in Resource.objects.published().order_by("-published_at", "-pk")
        if not text or set(text.split()) & set(one.title.split())
    ]

    def allowed(one, but=None):
        return all(
            name == but or told[one.pk][name] & set(values)
            for name, values in filters.items()
        )

    wanted = [one.pk for one in rows if allowed(one)]
    found = search.find(text, filters, sort="newest", size=len(rows) + 1)
    assert (found.ids, found.total) == (wanted, len(wanted))
    for start in [0, 1, len(wanted) // 2, max(len(wanted) - 2, 0)]:
        page = search.find(text, filters, "newest", start, 3, counted=False)
        assert page.ids == wanted[start : start + 3]
    mark, seen = 0, []
    while mark is not None:
        ids, mark, total = search.after(mark, 4, text, filters, "newest")
        assert total == len(wanted)
        seen += ids
    assert seen == wanted
    for name in [*FACETS, "year"]:
        numbers = Counter(
            value for one in rows if allowed(one, name) for value in told[one.pk][name]
        )
        shown = found.years if name == "year" else found.counts[name]
        for value in filters.get(name, ()):
            numbers.setdefault(value, 0)
        assert shown == numbers, (name, text, filters)
    if len(text.split()) == 2:
        every = sum(
            set(text.split()) <= set(one.title.split()) for one in rows if allowed(one)
        )
        assert found.total_with_all_words == every
    ranked = search.find(text, filters, size=len(rows) + 1)
    assert sorted(ranked.ids) == sorted(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_counted_is_what_there_is(size, geography, make_resource, seed):
    rnd = random.Random(seed)
    for _ in range(20):
        invented(rnd, make_resource)
    store.rebuild()
    for _ in range(12):
        filters = {}
        search = Search()
        counts = search.find().counts
        for name in rnd.sample(["theme", "type", "region", "author", "country"], 2):
            if counts[name]:
                filters[name] = sorted(rnd.sample(sorted(counts[name]), 1))
        text = rnd.choice(["", "zebra", "zebra maple"])
        check(search, text, filters)
        for _ in range(rnd.randint(1, 3)):
            disturb(rnd, make_resource)
    check(Search(), "", {})


@pytest.mark.parametrize("all_words", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "home town",
        "home-town zebra",
        "hometown",
        "co-operation zebra",
        'cooperation "zebra"',
        "zebra -co-operation",
        "الطبيب",
        "وأطباء zebra",
    ],
)
def test_the_engine_finds_what_the_bitmaps_do(size, make_resource, text, all_words):
    for title in [
        "A home in a town",
        "Hometown zebra",
        "A town",
        "Co-operation",
        "Cooperation zebra",
        "An operation",
    ]:
        make_resource(title=title)
    make_resource(title="أطباء في المهجر", language="ar")
    store.rebuild()
    search = Search()
    parsed, _corrections, query = search.read(text, all_words)
    matching = search.matcher.matching(parsed, all_words)
    assert matching == bitmaps.matches(search.searcher, query)


def test_only_the_most_frequent_values_and_always_the_same_of_those(
    size, make_resource
):
    for number in range(12):
        make_resource(themes=[f"Theme {n}" for n in range(number)])
    store.rebuild()
    counts = Search().find(most=3).counts
    assert counts["theme"] == {"theme-0": 11, "theme-1": 10, "theme-2": 9}
    make_resource(themes=["Theme 3", "Theme 4"])
    make_resource(themes=["Theme 3", "Theme 4"])
    counts = Search().find(most=4).counts
    assert counts["theme"] == {
        "theme-0": 11,
        "theme-1": 10,
        "theme-3": 10,
        "theme-2": 9,
    }


def test_the_newest_are_a_part_of_a_bitmap(size, make_resource):
    """The engine need not be asked for them, unless one was published in the past."""
    ids = [make_resource(themes=["Health"]).pk for _ in range(5)]

    def newest(search):
        having = search.bitmaps.value("theme", "health")
        return search.bitmaps.newest(having, 1, 2)

    assert newest(Search()) == ids[::-1][1:3]
    late = make_resource(themes=["Health"], published_at=BEGINNING)
    assert newest(Search()) is None
    assert Search().find(filters={"theme": ["health"]}).ids[-1] == late.pk
    store.rebuild()
    assert newest(Search()) == ids[::-1][1:3]


def test_unchanged_bitmaps_are_shared(make_resource):
    make_resource(themes=["Health"])
    make_resource(themes=["Policy"])
    store.rebuild()
    before = Search().bitmaps
    make_resource(themes=["Policy"])
    after = Search().bitmaps
    assert after.values["theme"]["health"] is before.values["theme"]["health"]
    assert len(before.values["theme"]["policy"]) == 1
    assert len(after.values["theme"]["policy"]) == 2


def test_numbers_last_while_a_record_changes(make_resource):
    first, second = make_resource(), make_resource()
    store.rebuild()
    numbers = [Search().bitmaps.number(one.pk) for one in [first, second]]
    first.title = "Changed"
    first.save()
    assert [Search().bitmaps.number(one.pk) for one in [first, second]] == numbers
    Resource.objects.filter(pk=first.pk).update(published_at=timezone.now())
    search = Search()
    assert search.bitmaps.number(first.pk) > numbers[1]
    assert search.find().ids == [first.pk, second.pk]


def test_a_worn_index_is_built_anew(make_resource, monkeypatch):
    make_resource()
    monkeypatch.setattr(bitmaps, "WORN", 2)
    store.rebuild()
    rebuilt = []
    monkeypatch.setattr(store, "in_background", rebuilt.append)
    monkeypatch.setattr(store, "worn_until", 0)
    Search()
    assert not rebuilt
    for _ in range(3):
        make_resource()
        Search()
    assert rebuilt == [store.rebuild]


def test_a_record_that_goes_while_the_index_is_built(make_resource, monkeypatch):
    ids = [make_resource(themes=["Health"]).pk for _ in range(3)]
    published = documents.published

    def without_one(batch, vocabularies=None):
        return published([pk for pk in batch if pk != ids[1]], vocabularies)

    monkeypatch.setattr(documents, "published", without_one)
    store.rebuild()
    results = Search().find()
    assert (results.ids, results.total) == ([ids[2], ids[0]], 2)
    assert results.counts["theme"] == {"health": 2}
