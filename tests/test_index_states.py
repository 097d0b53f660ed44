"""Every public address in each state of the search index."""

import json
import random

import pytest

from resources.models import Resource, Theme
from resources.search import Search, Unusable, store
from resources.search.index import Index
from resources.search.index_store import Store

from .factories import MARK
from .public_addresses import addresses, prefixed

Status = Resource.Status
# The API answers so without an index, and says when to try again.
BUSY = 503
# Of the bytes that damage the index.
SEED = 7


def absent(monkeypatch, tmp_path):
    place = tmp_path / "file"
    place.write_text("not a folder")
    other = Store(place)
    for module in ["resources.search.store", "resources.checks.store"]:
        monkeypatch.setattr(module, other)


def building(monkeypatch, tmp_path):
    absent_for_now = Store(tmp_path / "index")
    monkeypatch.setattr(absent_for_now, "rebuild", lambda *args: False)
    monkeypatch.setattr("resources.search.store", absent_for_now)


def lagging(monkeypatch, tmp_path):
    Search()
    monkeypatch.setattr(store, "refresh", lambda index, version: None)
    Theme.objects.filter(slug="health").update(name="Well-being")
    resource = Resource.objects.published().first()
    resource.title = "Changed meanwhile"
    resource.save()


def read_only(monkeypatch, tmp_path):
    Search()

    def refused(*args, **options):
        raise Unusable("it cannot be written (read-only file system)")

    monkeypatch.setattr(Index, "writer", refused)
    monkeypatch.setattr(store, "rebuild", lambda *args: False)
    Resource.objects.published().first().save()
    Resource.objects.published().update(summary="Changed meanwhile.")


def of_another_database(monkeypatch, tmp_path):
    Search()
    path = store.folder / store.current_name() / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"epoch": "another"}))
    store.index = None
    monkeypatch.setattr(store, "rebuild", lambda *args: False)
    monkeypatch.setattr(store, "pause_until", 0)


def damaged(monkeypatch, tmp_path):
    Search()
    rnd, folder = random.Random(SEED), store.folder / store.current_name()
    for path in sorted(folder.iterdir()):
        if path.suffix in {".store", ".idx", ".term", ".fast", ".pos"}:
            content = bytearray(path.read_bytes())
            middle = len(content) // 3
            content[middle : 2 * middle] = rnd.randbytes(middle)
            # A new file: this process has the old one mapped into its memory.
            path.unlink()
            path.write_bytes(content)
    store.index = None


STATES = [absent, building, lagging, read_only, of_another_database, damaged]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_public_address_answers(client, planted, monkeypatch, tmp_path, state):
    everything = [path for path, _resource in addresses()]
    state(monkeypatch, tmp_path)
    for path in random.Random(1).sample(everything, len(everything)):
        response = client.get(prefixed(path), follow=True)
        body = b"".join(response) if response.streaming else response.content
        if response.status_code == BUSY:
            assert path.startswith("api/") and response["Retry-After"], path
        else:
            assert response.status_code < 500, path
        text = body.decode()
        if f"q={MARK}" not in path and "find=" not in path:
            assert MARK not in text.replace(path, "") or response.status_code == 410


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_filter_is_ignored(
    client, planted, make_resource, monkeypatch, tmp_path, state
):
    make_resource(title="Elsewhere", themes=["Policy"], programme="RQA")
    state(monkeypatch, tmp_path)
    for path in ["/resources/?theme=policy", "/themes/policy/"]:
        page = client.get(path)
        assert page.status_code == 200, path
        assert page.text.count('class="card"') == 1 and "Elsewhere" in page.text
    page = client.get("/resources/?q=elsewhere&theme=policy")
    assert page.text.count('class="card"') == 1
    hidden = f"{MARK.lower()}-theme"
    assert client.get(f"/themes/{hidden}/").status_code == 404
    index = Search()
    if not index.is_current:
        assert client.get("/resources/")["Cache-Control"] == "no-store"
