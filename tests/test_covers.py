"""Covers: what is accepted, what is kept of it, and what is left behind: nothing."""

import errno
import random
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory
from PIL import Image

from resources import covers
from resources.models import Resource


def photo(width=1200, height=1600, mode="RGB"):
    """A picture as hard to compress as a photograph."""
    source = random.Random(7)
    small = Image.new("RGB", (width // 40 or 1, height // 40 or 1))
    small.putdata(
        [
            tuple(source.randrange(256) for _ in range(3))
            for _ in range(small.width * small.height)
        ]
    )
    return small.resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def upload(image=None, format="JPEG", name="cover.jpg", **options):
    out = BytesIO()
    (image or photo()).save(out, format, **options)
    return SimpleUploadedFile(name, out.getvalue())


def opened(cover, index=-1):
    return Image.open(BytesIO(cover.files[index][2]))


def files(settings):
    return sorted(p.name for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file())


def test_three_widths_in_webp():
    cover = covers.clean(upload())
    assert [file[:2] for file in cover.files] == [(240, 320), (480, 640), (960, 1280)]
    for width, height, content in cover.files:
        image = Image.open(BytesIO(content))
        assert (image.format, image.size) == ("WEBP", (width, height))
        assert len(content) <= covers.WEIGHTS[width]


def test_never_wider_than_the_upload():
    cover = covers.clean(upload(photo(500, 700)))
    assert [file[:2] for file in cover.files] == [(240, 336), (480, 672), (500, 700)]
    names = [r.name for r in covers.renditions("covers/x-500.webp", 500, 700)]
    assert names == [f"covers/x-{w}.webp" for w in (240, 480, 500)]
    assert [f[:2] for f in cover.files] == [
        r[1:] for r in covers.renditions("covers/x-500.webp", 500, 700)
    ]


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("L", "PNG"),
        ("1", "PNG"),
        ("LA", "PNG"),
        ("I;16", "PNG"),
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("P", "GIF"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_kind_of_picture(mode, format):
    if mode == "I;16":
        image = Image.new("I;16", (300, 400), 40_000)
    else:
        image = photo(300, 400).convert(mode)
    cover = covers.clean(upload(image, format))
    assert opened(cover).mode == "RGB"


def test_transparency_becomes_white():
    cover = covers.clean(upload(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG"))
    assert min(opened(cover).getpixel((150, 150))) > 250


def test_of_an_animation_the_first_picture():
    frames = [Image.new("RGB", (300, 300), color) for color in ["red", "blue"]]
    cover = covers.clean(
        upload(frames[0], "GIF", save_all=True, append_images=frames[1:])
    )
    assert getattr(opened(cover), "n_frames", 1) == 1
    red, _green, blue = opened(cover).getpixel((150, 150))
    assert red > 200 and blue < 60


def test_nothing_but_pixels_is_kept():
    image = photo(400, 300)
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "SECRET PLACE"
    exif.get_ifd(0x8825)[2] = (50.0, 30.0, 10.0)
    cover = covers.clean(upload(image, exif=exif, comment=b"SECRET COMMENT"))
    assert opened(cover).size == (300, 400)  # put upright
    for index in range(len(cover.files)):
        assert not opened(cover, index).getexif()
        assert b"SECRET" not in cover.files[index][2]
        assert b"EXIF" not in cover.files[index][2]


REFUSED = {
    "empty": lambda: SimpleUploadedFile("a.jpg", b""),
    "text": lambda: SimpleUploadedFile("a.jpg", b"hello" * 100),
    "svg": lambda: SimpleUploadedFile(
        "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
    ),
    "page": lambda: SimpleUploadedFile("a.png", b"<!doctype html><script>1</script>"),
    "bmp": lambda: upload(photo(300, 400), "BMP"),
    "tiff": lambda: upload(photo(300, 400), "TIFF"),
    "cut short": lambda: SimpleUploadedFile("a.jpg", upload().read()[:5000]),
    "cut png": lambda: SimpleUploadedFile("a.png", upload(format="PNG").read()[:9000]),
    "tiny": lambda: upload(photo(100, 400)),
    "one pixel": lambda: upload(Image.new("RGB", (1, 1)), "PNG"),
    "ribbon": lambda: upload(photo(3000, 300)),
    "too many pixels": lambda: upload(Image.new("1", (20_000, 20_000)), "PNG"),
    "too heavy": lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"x" * (11 << 20)),
    "header only": lambda: SimpleUploadedFile(
        "a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_with_words(kind, settings):
    with pytest.raises(ValidationError) as refusal:
        covers.clean(REFUSED[kind]())
    [message] = refusal.value.messages
    assert message.endswith(".") and len(message.split()) > 5
    assert files(settings) == []


def test_a_bomb_is_not_decoded(monkeypatch):
    bomb = REFUSED["too many pixels"]()

    def decode(self):
        raise AssertionError("the pixels were read")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(ValidationError, match="too many"):
        covers.clean(bomb)


# Keeping


@pytest.fixture
def clean_cover():
    return covers.clean(upload(photo(500, 700)))


def test_stored_under_a_name_of_our_own(clean_cover, settings):
    widest = covers.store(clean_cover)
    assert widest[1:] == (500, 700)
    assert len(files(settings)) == 3
    assert [r.name for r in covers.renditions(*widest)] == [
        f"covers/{name}" for name in sorted(files(settings), key=lambda n: len(n) * 0)
    ]


def test_replaced_ones_go_after_the_commit(make_resource, clean_cover, settings):
    resource = make_resource()
    for _ in range(2):
        covers.replace(resource, clean_cover)
        resource.cover_alt = "A cover"
        resource.save()


@pytest.mark.django_db(transaction=True)
def test_replacing_leaves_only_the_new_one(make_resource, clean_cover, settings):
    resource = make_resource()
    for _ in range(2):
        with covers.safely(), transaction.atomic():
            covers.replace(resource, clean_cover)
            resource.cover_alt = "A cover"
            resource.save()
    assert len(files(settings)) == 3
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))
    with covers.safely(), transaction.atomic():
        covers.replace(resource, None)
        resource.save()
    assert files(settings) == []


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_leaves_the_old_one(make_resource, clean_cover, settings):
    resource = make_resource()
    with covers.safely(), transaction.atomic():
        covers.replace(resource, clean_cover)
        resource.cover_alt = "A cover"
        resource.save()
    before = files(settings)
    with pytest.raises(RuntimeError), covers.safely(), transaction.atomic():
        covers.replace(resource, clean_cover)
        resource.save()
        raise RuntimeError
    assert files(settings) == before
    assert Path(Resource.objects.get().cover.name).name in before


def test_a_full_disk_leaves_nothing(clean_cover, settings, monkeypatch):
    save = FileSystemStorage._save

    def fill_up(self, name, content):
        if "480" in name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", fill_up)
    with pytest.raises(ValidationError, match="disk may be full"):
        covers.store(clean_cover)
    assert files(settings) == []


def test_demonstration_covers_are_never_removed(settings):
    name = default_storage.save("covers/demo/x-240.webp", SimpleUploadedFile("x", b"x"))
    covers.remove(name, 240, 320)
    assert files(settings) == ["x-240.webp"]


# Uploading


def posted(rf, *names, **fields):
    request = rf.post("/", fields | {name: upload(name=name) for name in names})
    return request


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
    covers.replace(resource, clean_cover)
    resource.cover_alt = "A cover"
    resource.save()
    text = client.get(resource.get_absolute_url()).text
    for rendition in resource.covers:
        address = f"/covers/{resource.pk}/{Path(rendition.name).name}"
        assert address in text
        response = client.get(address)
        assert response["Content-Type"] == "image/webp"
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


# The command


def test_covers_are_made_again(make_resource, clean_cover, settings):
    resource = make_resource()
    covers.replace(resource, clean_cover)
    resource.cover_alt = "A cover"
    resource.save()
    default_storage.delete(resource.covers[0].name)
    make_resource(
        cover="covers/gone-240.webp", cover_width=240, cover_height=320, cover_alt="x"
    )
    out, errors = StringIO(), StringIO()
    call_command("covers", stdout=out, stderr=errors)
    assert "1 covers made again, 1 could not be read" in out.getvalue()
    assert len(files(settings)) == 3


def test_sweeping_takes_only_old_strangers(make_resource, clean_cover, settings):
    import os
    import time

    resource = make_resource()
    covers.replace(resource, clean_cover)
    resource.cover_alt = "A cover"
    resource.save()
    stranger = covers.store(clean_cover)
    covers.store(clean_cover)  # young: of a form that is being saved
    for rendition in covers.renditions(*stranger):
        hour = time.time() - 4000
        os.utime(default_storage.path(rendition.name), (hour, hour))
    out = StringIO()
    call_command("covers", "--sweep", stdout=out)
    assert "3 files removed" in out.getvalue()
    assert len(files(settings)) == 6
