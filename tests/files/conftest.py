"""A clean cover, and a disk that is full."""

import pytest
from django.core.files.storage import FileSystemStorage

from resources.files import covers

from .pictures import photo, upload


@pytest.fixture
def clean_cover():
    return covers.clean(upload(photo(500, 700)))


@pytest.fixture
def fail_at_480(monkeypatch):
    """Writing the second file fails, with half of it written."""
    save = FileSystemStorage._save

    def fail_with(error):
        def fill_up(self, name, content):
            save(self, name, content)
            if "-480" in name:
                raise error
            return name

        monkeypatch.setattr(FileSystemStorage, "_save", fill_up)

    return fail_with
