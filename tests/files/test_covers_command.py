"""The command that makes the files of covers again."""

import errno
import os
import random
import time
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from resources.files import covers


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


@pytest.fixture
def clean_cover():
    return covers.clean(upload(photo(500, 700)))


def give(resource, cover):
    """What the admin does inside its transaction."""
    covers.replace(resource, cover)
    resource.cover_alt = "A cover" if cover else ""
    resource.save()


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
