"""The page for errors where what every page needs is missing."""

import pytest
from django.db import OperationalError


@pytest.fixture
def nothing_there(settings, monkeypatch, tmp_path):
    """As where nobody ran `manage.py collectstatic`, and the database is away."""
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}
    # Templates are compiled anew.
    settings.TEMPLATES = [*settings.TEMPLATES]

    def down(*args, **options):
        raise OperationalError("The server has gone away.")

    monkeypatch.setattr("resources.changes.last", down)


@pytest.mark.parametrize(
    "path", ["/", "/ar/", "/nowhere/", "/ar/nowhere/", "/admin/login/"]
)
def test_errors_need_no_static_files_and_no_database(client, nothing_there, path):
    client.raise_request_exception = False
    response = client.get(path)
    assert response.status_code == 500
    assert "<h1>" in response.text and "/static/" not in response.text
    assert ('lang="ar" dir="rtl"' in response.text) == path.startswith("/ar")
