"""Pictures, and where their files go."""

import random
from functools import cache
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
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


def give(resource, cover):
    """What the admin does inside its transaction."""
    covers.replace(resource, cover)
    resource.cover_alt = "A cover" if cover else ""
    resource.save()


class Outage(Exception):
    """What an object storage raises is no OSError."""
