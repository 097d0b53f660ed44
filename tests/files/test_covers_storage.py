"""How the files of covers are stored, replaced and served."""

import errno
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import RequestFactory
from PIL import Image

from resources.files import covers
from resources.models import Resource

from .pictures import Outage, files, give, upload

# Keeping


def test_stored_under_a_name_of_our_own(clean_cover, settings):
    widest = covers.store(clean_cover)
    assert widest[1:] == (500, 700)
    assert {Path(r.name).name for r in covers.renditions(*widest)} == set(
        files(settings)
    )
    assert covers.store(clean_cover).name != widest.name


def test_replaced_ones_go_after_the_commit(
    make_resource, clean_cover, settings, django_capture_on_commit_callbacks
):
    resource = make_resource()
    give(resource, clean_cover)
    with django_capture_on_commit_callbacks(execute=True):
        give(resource, clean_cover)
        assert len(files(settings)) == 6
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))


@pytest.mark.django_db(transaction=True)
def test_replacing_leaves_only_the_new_one(make_resource, clean_cover, settings):
    resource = make_resource()
    for _ in range(2):
        with covers.safely(), transaction.atomic():
            give(resource, clean_cover)
    assert len(files(settings)) == 3
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))
    with covers.safely(), transaction.atomic():
        give(resource, None)
    assert files(settings) == []
    assert resource.cover_width is resource.cover_height is None


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_leaves_the_old_one(make_resource, clean_cover, settings):
    resource = make_resource()
    with covers.safely(), transaction.atomic():
        give(resource, clean_cover)
    before = files(settings)
    with pytest.raises(RuntimeError), covers.safely(), transaction.atomic():
        covers.replace(resource, clean_cover)
        resource.save()
        raise RuntimeError
    assert files(settings) == before
    assert Path(Resource.objects.get().cover.name).name in before


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_stays_whatever_follows(make_resource, clean_cover, settings):
    def fail():
        raise RuntimeError

    resource = make_resource()
    with pytest.raises(RuntimeError), covers.safely(), transaction.atomic():
        give(resource, clean_cover)
        transaction.on_commit(fail)
    resource.refresh_from_db()
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))


def test_without_a_transaction_too_a_failure_leaves_nothing(clean_cover, settings):
    with pytest.raises(RuntimeError), covers.safely():
        covers.store(clean_cover)
        raise RuntimeError
    assert files(settings) == []


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), Outage()]
)
def test_a_full_disk_leaves_nothing(clean_cover, settings, fail_at_480, error, caplog):
    fail_at_480(error)
    with pytest.raises(ValidationError, match="disk may be full"):
        covers.store(clean_cover)
    assert files(settings) == []
    assert "could not be kept" in caplog.text


def test_stopped_half_way_it_leaves_nothing(clean_cover, settings, fail_at_480):
    fail_at_480(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        covers.store(clean_cover)
    assert files(settings) == []


def test_what_cannot_be_removed_stops_nobody(clean_cover, monkeypatch):
    widest = covers.store(clean_cover)

    def fail(self, name):
        raise Outage

    monkeypatch.setattr(FileSystemStorage, "delete", fail)
    covers.remove(*widest)


def test_demonstration_covers_are_never_removed(settings):
    name = default_storage.save("covers/demo/x-240.webp", SimpleUploadedFile("x", b"x"))
    covers.remove(name, 240, 320)
    assert files(settings) == ["x-240.webp"]


# Uploading


def test_uploads_stay_in_memory(settings):
    rf = RequestFactory()
    settings.FILE_UPLOAD_TEMP_DIR = "/nonexistent"
    big = SimpleUploadedFile("big.jpg", b"\xff\xd8" + b"x" * covers.MAX_BYTES)
    request = rf.post("/", {"cover": big, "other": upload(), "title": "Kept"})
    assert request.POST["title"] == "Kept"
    assert request.FILES["cover"].size == covers.MAX_BYTES + 2
    assert request.FILES["other"].read() == upload().read()
    with pytest.raises(ValidationError, match="at most"):
        covers.clean(request.FILES["cover"])


# Serving


def test_only_published_covers_are_served(client, make_resource, clean_cover, settings):
    resource = make_resource()
    give(resource, clean_cover)
    text = client.get(resource.get_absolute_url()).text
    for rendition in resource.covers:
        address = f"/covers/{resource.pk}/{Path(rendition.name).name}"
        assert address in text
        response = client.get(address)
        assert response["Content-Type"] == "image/webp"
        policy = response["Content-Security-Policy"]
        assert policy == "default-src 'none'; sandbox"
        assert Image.open(BytesIO(b"".join(response))).size == rendition[1:]
    other = make_resource()
    assert (
        client.get(address.replace(f"/{resource.pk}/", f"/{other.pk}/")).status_code
        == 404
    )
    for status in ["draft", "withdrawn"]:
        Resource.objects.filter(pk=resource.pk).update(
            status=status, withdrawn_reason="Gone"
        )
        assert client.get(address).status_code == 404


def test_a_missing_file_is_not_found(client, make_resource):
    make_resource(
        cover="covers/gone-240.webp", cover_width=240, cover_height=320, cover_alt="x"
    )
    resource = Resource.objects.get()
    assert client.get(f"/covers/{resource.pk}/gone-240.webp").status_code == 404
    assert client.get(resource.get_absolute_url()).status_code == 200
