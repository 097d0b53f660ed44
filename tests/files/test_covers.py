"""Covers: what is accepted, what is kept of it, and what is left behind: nothing."""

import errno
import os
import random
import time
import warnings
from contextlib import suppress
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import RequestFactory
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from resources.files import covers
from resources.models import Resource


@cache
def photo(width=1200, height=1600, mode="RGB"):
    """A picture with the detail of a photograph: less of it, the finer it is."""
    source = random.Random(7)
    picture = Image.new("RGB", (width, height), "gray")
    for step, weight in [(1, 0.06), (3, 0.1), (10, 0.3), (40, 0.5)]:
        size = max(width // step, 1), max(height // step, 1)
        noise = Image.frombytes("RGB", size, source.randbytes(3 * size[0] * size[1]))
        noise = noise.resize((width, height), Image.Resampling.BICUBIC)
        picture = Image.blend(picture, noise, weight)
    return picture.convert(mode)


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


@pytest.mark.parametrize("height", [1340, 1353, 1501, 2999])
def test_files_are_as_large_as_the_page_says(height):
    cover = covers.clean(upload(Image.new("RGB", (1001, height))))
    widest = covers.Rendition("covers/x-960.webp", *cover.files[-1][:2])
    assert [r[1:] for r in covers.renditions(*widest)] == [f[:2] for f in cover.files]
    assert opened(cover, 0).size == cover.files[0][:2]


def test_the_named_file_is_always_one_of_them(monkeypatch):
    monkeypatch.setattr(covers, "WIDTHS", (320, 640))
    names = [r.name for r in covers.renditions("covers/x-960.webp", 960, 1280)]
    assert names == [f"covers/x-{w}.webp" for w in (320, 640, 960)]
    assert covers.renditions("", None, None) == []


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


@pytest.mark.parametrize("mode", ["P", "LA", "RGB"])
def test_transparency_of_other_kinds_becomes_white(mode):
    if mode == "LA":
        image, options = Image.new("LA", (300, 300), (0, 0)), {}
    else:
        image = Image.new("RGB", (300, 300), "black").convert(mode)
        clear = image.getpixel((0, 0))
        options = {"transparency": clear, "icc_profile": GREEN_FOR_RED}
    cover = covers.clean(upload(image, "PNG", **options))
    assert min(opened(cover).getpixel((150, 150))) > 250


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "MPO"])
def test_of_an_animation_the_first_picture(format):
    frames = [Image.new("RGB", (300, 300), color) for color in ["red", "blue"]]
    cover = covers.clean(
        upload(frames[0], format, save_all=True, append_images=frames[1:])
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


@pytest.mark.parametrize("orientation", range(1, 9))
def test_put_upright(orientation):
    upright = Image.new("RGB", (300, 400), "blue")
    upright.paste("red", (0, 0, 150, 200))  # in the first corner
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = covers.UPRIGHT.get(orientation)
    back = {
        Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
        Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
    }.get(turn, turn)
    lying = upright if back is None else upright.transpose(back)
    cover = covers.clean(upload(lying, exif=exif))
    assert opened(cover).size == (300, 400)
    red, _green, blue = opened(cover).getpixel((50, 50))
    assert red > 200 and blue < 60
    assert opened(cover).getpixel((250, 350))[2] > 200


def test_broken_exif_data_do_no_harm():
    broken = b"Exif\0\0MM\0*\xff\xff\xff\xff"
    with warnings.catch_warnings(action="ignore"):
        assert covers.clean(upload(photo(300, 400), exif=broken)).files


def swapped(profile, one, other):
    """A colour profile with the places of two of its entries exchanged."""
    profile = bytearray(profile)
    at = [profile.index(tag, 128) + 4 for tag in (one, other)]
    first, second = (bytes(profile[i : i + 8]) for i in at)
    profile[at[0] : at[0] + 8], profile[at[1] : at[1] + 8] = second, first
    return bytes(profile)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREEN_FOR_RED = swapped(SRGB, b"rXYZ", b"gXYZ")


@pytest.mark.parametrize(
    ("mode", "format"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("P", "PNG")]
)
def test_colours_are_those_of_the_profile(mode, format):
    image = Image.new("RGB", (300, 300), "red").convert(mode)
    cover = covers.clean(upload(image, format, icc_profile=GREEN_FOR_RED))
    red, green, _blue = opened(cover).getpixel((150, 150))
    assert green > 200 and red < 60
    assert "icc_profile" not in opened(cover).info


def test_a_broken_profile_does_no_harm():
    cover = covers.clean(
        upload(Image.new("RGB", (300, 300), "red"), icc_profile=b"junk" * 99)
    )
    assert opened(cover).getpixel((150, 150))[0] > 200


def test_of_16_bits_the_upper_ones_count():
    cover = covers.clean(upload(Image.new("I;16", (300, 300), 200 * 256), "PNG"))
    assert opened(cover).getpixel((150, 150)) == pytest.approx((200,) * 3, abs=3)


def test_nothing_of_a_second_format_is_kept():
    page = b"<!doctype html><script>alert(1)</script>PK\x03\x04"
    notes = PngInfo()
    notes.add_text("Comment", page.decode())
    for file in [
        SimpleUploadedFile("a.jpg", upload().read() + page),
        SimpleUploadedFile("a.gif", upload(format="GIF").read() + page),
        upload(format="PNG", pnginfo=notes),
    ]:
        for _width, _height, content in covers.clean(file).files:
            assert b"script" not in content and b"PK\x03\x04" not in content


def test_broken_in_any_way_it_is_read_or_refused():
    source = random.Random(3)
    whole = [
        upload(photo(300, 300, "P" if format == "GIF" else "RGB"), format).read()
        for format in ["JPEG", "PNG", "WEBP", "GIF"]
    ]
    for _ in range(80):
        broken = bytearray(source.choice(whole))
        for _ in range(source.choice([1, 20])):
            end = source.choice([30, 600, len(broken)])
            broken[source.randrange(min(end, len(broken)))] = source.randrange(256)
        with warnings.catch_warnings(action="ignore"), suppress(ValidationError):
            covers.clean(SimpleUploadedFile("a", bytes(broken)))


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


def give(resource, cover):
    """What the admin does inside its transaction."""
    covers.replace(resource, cover)
    resource.cover_alt = "A cover" if cover else ""
    resource.save()


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


class Outage(Exception):
    """What an object storage raises is no OSError."""


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


def run(*arguments, out=None):
    out, errors = out or StringIO(), StringIO()
    call_command("covers", *arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def make_old(*names):
    for name in names:
        then = time.time() - 4000
        os.utime(default_storage.path(name), (then, then))


@pytest.mark.parametrize("status", ["published", "draft"])
def test_covers_are_made_again(make_resource, clean_cover, settings, status):
    resource = make_resource(status=status)
    give(resource, clean_cover)
    default_storage.delete(resource.covers[0].name)
    lost = make_resource(
        cover="covers/gone-240.webp", cover_width=240, cover_height=320, cover_alt="x"
    )
    out, errors = run()
    assert "1 covers made again, 1 could not be" in out
    assert errors.startswith(f"{lost.pk} {lost}: ")
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))


def test_covers_are_made_in_other_widths(
    make_resource, clean_cover, settings, monkeypatch
):
    resource = make_resource()
    give(resource, clean_cover)
    monkeypatch.setattr(covers, "WIDTHS", (120, 360))
    run()
    assert [r.width for r in resource.covers] == [120, 360, 500]
    for rendition in resource.covers:
        with default_storage.open(rendition.name) as file:
            assert Image.open(file).size == rendition[1:]
    make_old(*(f"covers/{name}" for name in files(settings)))
    assert "2 files removed, 3 are in use, 0 are missing" in run("--sweep")[0]


def test_demonstration_covers_stay_as_they_were_drawn(make_resource, clean_cover):
    for width, _height, content in clean_cover.files[1:]:
        file = SimpleUploadedFile("x", content)
        default_storage.save(f"covers/demo/x-{width}.webp", file)
    make_resource(
        cover="covers/demo/x-500.webp",
        cover_width=500,
        cover_height=700,
        cover_alt="x",
    )
    drawn = Path(default_storage.path("covers/demo/x-480.webp"))
    before = drawn.stat().st_mtime_ns
    run()
    assert drawn.stat().st_mtime_ns == before
    assert default_storage.exists("covers/demo/x-240.webp")


def test_a_full_disk_is_reported(make_resource, clean_cover, fail_at_480):
    give(make_resource(), clean_cover)
    fail_at_480(OSError(errno.ENOSPC, "No space left on device"))
    out, errors = run()
    assert "0 covers made again, 1 could not be" in out
    assert "No space left" in errors


def test_it_can_be_stopped(make_resource, clean_cover, settings, monkeypatch):
    resource = make_resource()
    give(resource, clean_cover)

    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(covers, "encoded", stop)
    with pytest.raises(CommandError, match="Run it again"):
        run()
    assert {Path(r.name).name for r in resource.covers} == set(files(settings))


def test_it_says_how_far_it_is(make_resource, clean_cover, monkeypatch):
    monkeypatch.setattr("resources.management.commands.covers.STEP", 2)
    for _ in range(3):
        give(make_resource(), clean_cover)
    assert "2 of 3\n" in run()[0]

    class Terminal(StringIO):
        def isatty(self):
            return True

    moments = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    text = run(out=Terminal())[0]
    assert "█" in text and "2 of 3\n" not in text


def test_sweeping_takes_only_old_strangers(make_resource, clean_cover, settings):
    resource = make_resource(status="draft")
    give(resource, clean_cover)
    stranger = covers.store(clean_cover)
    covers.store(clean_cover)  # young: of a form that is being saved
    demo = "covers/demo/x-240.webp"
    default_storage.save(demo, SimpleUploadedFile("x", b"x"))
    strangers = [rendition.name for rendition in covers.renditions(*stranger)]
    make_old(demo, *strangers, *(rendition.name for rendition in resource.covers))
    out, _errors = run("--sweep")
    assert "3 files removed, 3 are in use, 0 are missing" in out
    assert len(files(settings)) == 7
    assert not any(default_storage.exists(name) for name in strangers)


def test_sweeping_tells_what_is_missing(make_resource, clean_cover):
    resource = make_resource()
    give(resource, clean_cover)
    default_storage.delete(resource.covers[0].name)
    out, errors = run("--sweep")
    assert "0 files removed, 2 are in use, 1 are missing" in out
    assert f"{resource.covers[0].name} is missing" in errors


def test_sweeping_an_empty_library(db):
    assert "0 files removed" in run("--sweep")[0]
