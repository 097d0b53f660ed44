"""A real harvester copies the catalogue."""

import pytest
from oaipmh_scythe import Scythe

from resources.models import Resource, Theme

from .rules import dated, withdraw


@pytest.fixture
def harvester(live_server):
    with Scythe(f"{live_server.url}/oai") as scythe:
        yield scythe


@pytest.mark.django_db(transaction=True)
class TestHarvest:
    def records(self, harvester, **arguments):
        return {
            int(record.header.identifier.rpartition(":")[2]): record
            for record in harvester.list_records(**arguments)
        }

    def test_the_whole_catalogue(self, harvester, make_resource, pages_of_three):
        made = [make_resource(title=f"Title {n}", themes=["Health"]) for n in range(10)]
        withdraw(made[4])
        for prefix in ["oai_dc", "mods"]:
            found = self.records(harvester, metadata_prefix=prefix)
            assert found.keys() == {resource.pk for resource in made}
            assert [pk for pk, one in found.items() if one.deleted] == [made[4].pk]
        found = self.records(harvester, ignore_deleted=True, set_="theme:health")
        assert found[made[0].pk].metadata["title"] == ["Title 0"]
        assert harvester.identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
        specs = {one.setSpec for one in harvester.list_sets()}
        assert specs == {"type", "type:report", "theme", "theme:health"}
        identifier = found[made[0].pk].header.identifier
        record = harvester.get_record(identifier=identifier)
        assert record.metadata["title"] == ["Title 0"]
        prefixes = [one.metadataPrefix for one in harvester.list_metadata_formats()]
        assert prefixes == ["oai_dc", "mods"]

    def test_what_is_new(self, harvester, make_resource, pages_of_three):
        made = [make_resource() for _ in range(8)]
        for resource in made:
            dated(resource, "2020-01-01T00:00:00")
        copy = self.records(harvester)
        since = max(record.header.datestamp for record in copy.values())
        Resource.objects.filter(pk=made[2].pk).update(title="Changed")
        withdraw(made[5])
        new = make_resource()
        since = since.replace("2020", "2021")
        found = self.records(harvester, from_=since)
        assert found.keys() == {made[2].pk, made[5].pk, new.pk}
        assert found[made[5].pk].deleted

    def test_nothing_is_lost_while_records_change(
        self, harvester, make_resource, pages_of_three
    ):
        made = [make_resource(title="Old", themes=["Health"]) for _ in range(20)]
        copy = {}
        coming = iter(harvester.list_records())
        for step, record in enumerate(coming):
            pk = int(record.header.identifier.rpartition(":")[2])
            copy[pk] = None if record.deleted else record.metadata["title"]
            if step == 4:
                Resource.objects.filter(pk__in=[made[1].pk, made[15].pk]).update(
                    title="New"
                )
            elif step == 8:
                withdraw(made[0])
                withdraw(made[18])
                make_resource(title="Old", themes=["Health"])
            elif step == 12:
                Theme.objects.update(name="Renamed")
        expected = {
            pk: [title] if status == "published" else None
            for pk, title, status in Resource.objects.values_list(
                "pk", "title", "status"
            )
        }
        assert copy == expected
        assert len(copy) == 21
