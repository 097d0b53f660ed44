"""Covers: what is accepted, what is kept of it, and what is left behind: nothing."""

import random
import warnings
from contextlib import suppress
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from resources.files import covers

from .pictures import files, opened, photo, upload


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
