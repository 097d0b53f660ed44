"""Lists of OAI-PMH, page by page."""

from datetime import UTC, datetime

import pytest

from resources.models import Change, Resource

from .rules import OAI, code, dated, ids, token, withdraw


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("of_one_moment", [True, False])
def test_pages(ask, make_resource, pages_of_three, verb, count, of_one_moment):
    resources = [make_resource(themes=["Health"]) for _ in range(count)]
    if of_one_moment:
        Change.objects.update(at=datetime(2026, 1, 1, tzinfo=UTC))
    for arguments in [
        {},
        {"set": "theme:health"},
        {"from_": "2020-01-01", "until": "2030-01-01"},
    ]:
        root = ask(verb, metadataPrefix="mods", **arguments)
        found, cursor = ids(root), 0
        while token(root):
            root = ask(verb, resumptionToken=token(root))
            cursor += 3
            where = root.find(f".//{OAI}resumptionToken")
            assert where.get("cursor") == str(cursor)
            found += ids(root)
        assert found == [resource.pk for resource in resources]
        assert (root.find(f".//{OAI}resumptionToken") is None) == (count <= 3)


def test_a_token_is_a_place_not_a_number(ask, make_resource, pages_of_three):
    a, b, c, d, e, f, g = (make_resource() for _ in range(7))
    first = token(ask("ListRecords", metadataPrefix="oai_dc"))
    assert ids(ask("ListRecords", resumptionToken=first)) == [d.pk, e.pk, f.pk]
    # Again, and again after the records before it have moved and gone.
    assert ids(ask("ListRecords", resumptionToken=first)) == [d.pk, e.pk, f.pk]
    Resource.objects.filter(pk=c.pk).update(title="Moves to the end")
    withdraw(a)
    new = make_resource()
    root = ask("ListRecords", resumptionToken=first)
    assert ids(root) == [d.pk, e.pk, f.pk]
    root = ask("ListRecords", resumptionToken=token(root))
    assert ids(root) == [g.pk, c.pk, -a.pk]
    assert ids(ask("ListRecords", resumptionToken=token(root))) == [new.pk]
    # Of one list only, and only as it was given.
    for bad in [first[:-1], first[1:], first.upper(), f"{first} "]:
        root = ask("ListRecords", resumptionToken=bad)
        assert code(root) == "badResumptionToken"
    root = ask("ListIdentifiers", resumptionToken=first)
    assert code(root) == "badResumptionToken"


def test_all_that_was_left_has_moved_beyond_the_end(ask, make_resource, pages_of_three):
    for resource in [make_resource() for _ in range(4)]:
        dated(resource, "2020-01-01T00:00:00")
    first = token(ask("ListRecords", metadataPrefix="oai_dc", until="2020-12-31"))
    Resource.objects.filter(pk=resource.pk).update(title="Changed")
    assert code(ask("ListRecords", resumptionToken=first)) == "noRecordsMatch"
    root = ask("ListRecords", metadataPrefix="oai_dc", from_="2021-01-01")
    assert ids(root) == [resource.pk]


def test_a_token_of_a_database_that_is_gone(ask, make_resource, pages_of_three):
    for _ in range(4):
        make_resource()
    first = token(ask("ListRecords", metadataPrefix="oai_dc"))
    Change.objects.all().delete()
    assert code(ask("ListRecords", resumptionToken=first)) == "badResumptionToken"


@pytest.mark.parametrize("prefix", ["oai_dc", "mods"])
def test_a_page_costs_the_same_at_any_length(
    client, make_resource, django_assert_max_num_queries, prefix
):
    def fill():
        for n in range(20):
            resource = make_resource(
                programme=f"P{n}", themes=["A", f"T{n}"], authors=["Ada", f"B{n}"]
            )
            if n % 5 == 0:
                withdraw(resource)

    counts = []
    for _ in range(2):
        fill()
        client.get("/resources/")  # brings the index up to date
        with django_assert_max_num_queries(30) as queries:
            client.get(f"/oai?verb=ListRecords&metadataPrefix={prefix}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
