"""What `manage.py check` says about the search index."""

import json
import shutil

from django.core.checks import run_checks

from resources.search import Search, store


def problems():
    return {
        problem.id: problem
        for problem in run_checks(databases=["default"])
        if "index" in problem.msg
    }


def test_nothing_about_an_index_in_use(make_resource):
    make_resource()
    Search()
    assert not problems()


def test_no_index(make_resource):
    shutil.rmtree(store.folder, ignore_errors=True)
    store.index = None
    problem = problems()["resources.I001"]
    assert "there is none yet" in problem.msg and "manage.py index" in problem.hint


def test_an_index_of_another_database(make_resource):
    make_resource()
    Search()
    path = store.folder / store.current_name() / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"epoch": "another"}))
    store.index = None
    assert "another database" in problems()["resources.I002"].msg
