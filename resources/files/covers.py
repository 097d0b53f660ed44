"""
Covers: from an upload to clean WebP files in three widths.

An upload is checked and encoded again in memory before anything is written: what is
stored holds pixels and nothing else. Files are written before the transaction ends
and removed again when it fails; replaced ones stay for the history.
"""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import PurePosixPath
from secrets import token_hex
from threading import Lock
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopFutureHandlers
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageCms

logger = logging.getLogger(__name__)

FOLDER = "covers"
# Covers that came with the repository; they are never removed.
DEMONSTRATION = "covers/demo/"
WIDTHS = (240, 480, 960)
# What a file of each width may weigh, so that a list of ten stays light.
WEIGHTS = {240: 15_000, 480: 45_000, 960: 140_000}
QUALITIES = (82, 72, 60, 48, 36, 24, 12, 4)
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_WIDTH = WIDTHS[0]
# A cover is upright or lying, not a ribbon.
MAX_RATIO = 4
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# How to put a picture upright, by the orientation that its EXIF data give.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Rendition(NamedTuple):
    """One file of a cover: its name in the storage and its size in pixels."""

    name: str
    width: int
    height: int


class CleanCover(NamedTuple):
    """What is left of an upload: width, height and bytes of each file."""

    files: list


def sizes(width, height):
    """The sizes of the files of a cover that is this large, narrowest first."""
    return [
        (w, max(round(height * w / width), 1))
        for w in sorted({*(w for w in WIDTHS if w < width), width})
    ]


def renditions(name, width, height):
    """The files of a cover, narrowest first; none for an empty name."""
    if not name:
        return []
    stem = name.rpartition("-")[0]
    return [Rendition(f"{stem}-{w}.webp", w, h) for w, h in sizes(width, height)]


# Checking


class UploadHandler(MemoryFileUploadHandler):
    """
    Keeps uploads in memory, up to MAX_BYTES each; nothing touches the disk.

    What is larger is read to its end and forgotten: its size is all that the
    message needs, and the rest of the form is not lost.
    """

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True

    def new_file(self, *args, **kwargs):
        self.seen = 0
        try:
            super().new_file(*args, **kwargs)
        except StopFutureHandlers:
            pass

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen <= MAX_BYTES:
            self.file.write(raw_data)
        else:
            self.file.truncate(0)

    def file_complete(self, file_size):
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def clean(upload):
    """
    The cover that an upload gives, without anything but its pixels.

    Size, format and number of pixels are checked before it is decoded. Raises
    ValidationError that says what to do.
    """
    if not upload.size:
        raise ValidationError(_("This file is empty. Choose another one."))
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s. Choose one of at most %(most)s."),
            params={
                "size": filesizeformat(upload.size),
                "most": filesizeformat(MAX_BYTES),
            },
        )
    image = read(upload)
    width = min(image.width, WIDTHS[-1])
    height = round(image.height * width / image.width)
    return CleanCover([encoded(image, *size) for size in sizes(width, height)])


# One picture at a time: a large one takes some hundred megabytes while it is read.
reading = Lock()


def read(file):
    """The pixels of a picture and nothing else: upright, in sRGB, on white."""
    try:
        with reading:
            file.seek(0)
            image = Image.open(file, formats=FORMATS)
            check_size(*image.size)
            # Only now are the pixels read; of an animation the first picture.
            image.seek(0)
            # A JPEG file can be read at a half, a quarter or an eighth of its size.
            image.draft(None, (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            image.load()
            return plain(image)
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise ValidationError(TOO_MANY_PIXELS, params=ENOUGH) from None
    except Exception:  # Pillow's decoders raise nearly anything on broken files.
        raise ValidationError(
            _(
                "This file cannot be read as a picture. Choose a JPEG, PNG, WebP or "
                "GIF file, or save it anew as JPEG."
            )
        ) from None


TOO_MANY_PIXELS = _(
    "This picture has too many pixels. Make it smaller: a width of %(enough)s pixels "
    "is enough."
)
ENOUGH = {"enough": WIDTHS[-1]}


def check_size(width, height):
    if width * height > MAX_PIXELS:
        raise ValidationError(TOO_MANY_PIXELS, params=ENOUGH)
    if min(width, height) < MIN_WIDTH:
        raise ValidationError(
            _(
                "This picture has only %(width)s × %(height)s pixels. Choose one that "
                "is at least %(least)s pixels wide and high."
            ),
            params={"width": width, "height": height, "least": MIN_WIDTH},
        )
    if max(width, height) > MAX_RATIO * min(width, height):
        raise ValidationError(
            _("This picture is too long and narrow for a cover. Cut it to fit.")
        )


def plain(image):
    turn = UPRIGHT.get(orientation(image))
    profile = image.info.get("icc_profile")
    if image.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in {"RGB", "RGBA", "CMYK", "L"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Made smaller first: all that follows copies the picture.
    factor = min(image.size) // (2 * WIDTHS[-1])
    if factor > 1:
        image = image.reduce(factor)
    if turn is not None:
        image = image.transpose(turn)
    if profile:
        image = in_srgb(image, profile)
    bare = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        bare.paste(image, mask=image.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def orientation(image):
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # Broken EXIF data do not make the picture worse.
        return None


def in_srgb(image, profile):
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image  # A broken profile: the colours as they are.


def encoded(image, width, height):
    """Width, height and bytes of a WebP file that is as good as its weight allows."""
    small = image
    if image.size != (width, height):
        small = image.resize((width, height), Image.Resampling.LANCZOS)
    most = min((m for w, m in WEIGHTS.items() if width <= w), default=WEIGHTS[960])
    for quality in QUALITIES:
        out = BytesIO()
        small.save(out, "WEBP", quality=quality, method=5)
        if out.tell() <= most:
            break
    return width, height, out.getvalue()


# Keeping

# The files written since safely() was entered.
written = ContextVar("written", default=None)


def store(cover):
    """
    Write all files of a cover, or none; returns the widest.

    Raises ValidationError when they cannot be stored, on a full disk for example.
    """
    stem = f"{FOLDER}/{token_hex(8)}"
    stored = []
    try:
        for width, height, content in cover.files:
            # The name is noted first: a full disk may leave half a file.
            stored.append(Rendition(f"{stem}-{width}.webp", width, height))
            default_storage.save(stored[-1].name, ContentFile(content))
    except BaseException as error:
        delete(rendition.name for rendition in stored)
        if not isinstance(error, Exception):
            raise
        # Each kind of storage has errors of its own.
        logger.exception("A cover could not be kept.")
        raise ValidationError(
            _(
                "The cover could not be kept: the disk may be full. Save without the "
                "cover for now, and tell the administrator."
            )
        ) from None
    names = written.get()
    if names is not None:
        names.extend(rendition.name for rendition in stored)
        if not transaction.get_autocommit():
            # What is committed stays, even when another hook fails afterwards.
            transaction.on_commit(names.clear)
    return stored[-1]


def remake(name, width, height):
    """
    Make the narrower files of a cover again from the widest, which stays.

    Of a cover that came with the repository only what is missing is made. Raises
    OSError or ValidationError when the widest cannot be read.
    """
    with default_storage.open(name) as file:
        image = read(file)
    for rendition in renditions(name, width, height)[:-1]:
        is_there = default_storage.exists(rendition.name)
        if is_there and name.startswith(DEMONSTRATION):
            continue
        content = encoded(image, rendition.width, rendition.height)[2]
        if is_there:
            default_storage.delete(rendition.name)
        default_storage.save(rendition.name, ContentFile(content))


def delete(names):
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # The sweep of `manage.py covers` finds it later.
            logger.warning("%s could not be removed.", name, exc_info=True)


@contextmanager
def safely():
    """Around a transaction: when it fails, what was written for it goes again."""
    token = written.set([])
    try:
        yield
    except BaseException:
        delete(written.get())
        raise
    finally:
        written.reset(token)


def replace(resource, cover):
    """
    Give a resource another cover, or with None no cover; the caller saves it.

    The files of the old one stay as long as a version of the resource needs them;
    `manage.py covers --sweep` removes them afterwards.
    """
    if cover is None:
        resource.cover, resource.cover_alt = "", ""
        resource.cover_width = resource.cover_height = None
    else:
        widest = store(cover)
        resource.cover = widest.name
        resource.cover_width, resource.cover_height = widest.width, widest.height


def file_of(resource, name):
    """The open file with this bare name among those of the cover, or None."""
    for rendition in resource.covers:
        if PurePosixPath(rendition.name).name == name:
            try:
                return default_storage.open(rendition.name)
            except OSError:
                return None
    return None
