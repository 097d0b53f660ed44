"""The sets that are counted with: that they say what the database says, always."""

import random
from array import array
from collections import Counter
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from resources.facets import FACETS
from resources.models import Country, Resource, Theme
from resources.search import Search, kept, numbers, rows, sets, store

from .. import factories

Status = Resource.Status
THEMES = ["Health", "Policy", "Data"]
AUTHORS = ["Ada", "Grace", "Joan", "Mary", "Rosa"]
WORDS = ["zebra", "maple", "quartz", "violin"]
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["small", "varied", "large"])
def size(request, db, monkeypatch):
    """As the sets are, with many values, and in a catalogue of a million records."""
    if request.param != "small":
        monkeypatch.setattr(kept, "FEW", 3)
    if request.param == "large":
        monkeypatch.setattr(sets, "THICK", 0)
        monkeypatch.setattr(kept, "FREQUENT", 1)
        monkeypatch.setattr(sets, "ROWS", 0)
        monkeypatch.setattr(rows, "FIT", 20)
        monkeypatch.setattr(sets, "LOT", 2)
        monkeypatch.setattr(kept, "RARE", 10)
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
        "author": {str(author.pk) for author in resource.credits},
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


@pytest.mark.parametrize("every", [False, True])
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
def test_the_engine_finds_what_the_sets_do(size, make_resource, text, every):
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
    parsed, _corrections, query = search.read(text, every)
    assert search.matching(parsed, every) == search.sets.found(query)


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


def test_more_fresh_values_than_can_be_told(size, make_resource, monkeypatch):
    make_resource(authors=["Ada"], themes=["Health"])
    store.rebuild()
    monkeypatch.setattr(sets, "MOST_FRESH", 1)
    for authors in [["Ada", "Grace"], ["Grace", "Joan"], ["Ada"]]:
        make_resource(authors=authors, themes=["Health", "Data"])
    search = Search()
    told = search.find().counts
    assert told["theme"] == {"health": 4, "data": 3}
    assert sorted(told["author"].values()) == [1, 2, 3]
    for value, number in told["author"].items():
        assert search.find(filters={"author": [value]}).total == number


def test_the_newest_are_a_part_of_the_set(size, make_resource, monkeypatch):
    """The engine need not be asked for them, unless one was published in the past."""
    made = [make_resource(themes=["Health"]).pk for _ in range(5)]

    def newest(search):
        return search.sets.newest(search.sets.having("theme", "health"), 1, 2)

    assert newest(Search()) == made[::-1][1:3]
    late = make_resource(themes=["Health"], published_at=BEGINNING)
    assert newest(Search()) is None
    assert Search().find(filters={"theme": ["health"]}).ids[-1] == late.pk
    store.rebuild()
    assert newest(Search()) == made[::-1][1:3]


@given(having=st.lists(st.sets(st.integers(0, 40)), max_size=30), data=st.data())
@pytest.mark.parametrize(("fit", "at_a_time"), [(10, 7), (95, 1000)])
def test_rows_tell_what_each_record_has(fit, at_a_time, having, data):
    """`having` are the values of each record."""
    there = [numbers.number_at(place * 5000) for place in range(len(having))]
    every = [numbers.number_at(place) for place in range(len(having) * 5000)]
    values = {"even": [*range(0, 41, 2)], "odd": [*range(1, 41, 2)], "none": []}
    lists = [
        array("I", [n for n, some in zip(there, having, strict=True) if value in some])
        for value in [*values["even"], *values["odd"]]
    ]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "FIT", fit)
        patch.setattr(rows, "AT_A_TIME", at_a_time)
        rows.write_rows(f"{folder}/kept", lists, every)
        told = rows.Rows(f"{folder}/kept", values)
    among = data.draw(st.sets(st.sampled_from(there) if there else st.nothing()))
    wanted = Counter(
        value
        for number, some in zip(there, having, strict=True)
        if number in among
        for value in some
    )
    for name, found in told.counts(sets.BitMap(among)):
        assert found.tolist() == [wanted[value] for value in values[name]]


@pytest.mark.parametrize("place", [0, 1, 60_999, 61_000, 121_999, 122_000, 1_000_000])
def test_numbers_leave_room_for_padding(place):
    number = numbers.number_at(place)
    assert numbers.place_of(number) == place
    assert number & 0xFFFF < numbers.ROOM
    assert number not in numbers.padding(20)


def test_padding_makes_maps_of_bits():
    padded = numbers.padding(3) | sets.BitMap([numbers.number_at(70_000)])
    assert padded.get_statistics()["n_bitset_containers"] == 3


def test_an_index_wears_out_and_is_made_anew(make_resource, monkeypatch):
    make_resource()
    monkeypatch.setattr(sets, "WORN", 2)
    rebuilt = []
    monkeypatch.setattr(store, "in_background", rebuilt.append)
    Search()
    assert not rebuilt
    for _ in range(3):
        make_resource()
        Search()
    assert rebuilt == [store.rebuild]
