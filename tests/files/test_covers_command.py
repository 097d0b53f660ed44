"""The command that makes the files of covers again."""

import errno
import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from resources.files import covers

from .pictures import files, give

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
