"""
Draws static/icon.svg as PNG files, for systems that take no SVG.

    python tools/icons.py

The files are kept in the repository: draw them again when the icon changes.
"""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "static"
# The icon on its grid of 32: colours, corner, and rings around two centres.
GRID = 32
NAVY, OCHRE, AQUA = "#1c2b3f", "#dba43f", "#5fa3a0"
CORNER = 5
CENTRES = [(12, 16, OCHRE), (20, 16, AQUA)]
RADII = [8.5, 5.2, 1.9]
WIDTH = 1.9
# Drawn larger and made smaller, which smooths the edges.
FINER = 8

# Systems cut icons into their own shapes. Theirs fill the square, and a maskable one
# keeps to the inner 80 %: https://www.w3.org/TR/appmanifest/#icon-masks
ICONS = {
    "icon-192.png": {"size": 192},
    "icon-512.png": {"size": 512},
    "icon-maskable-512.png": {"size": 512, "is_square": True, "scale": 0.8},
    "apple-touch-icon.png": {"size": 180, "is_square": True},
}


def draw(size, is_square=False, scale=1.0):
    unit = size * FINER / GRID
    image = Image.new("RGBA", (size * FINER, size * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    radius = 0 if is_square else CORNER * unit
    pen.rounded_rectangle([0, 0, image.width - 1, image.height - 1], radius, NAVY)
    for x, y, colour in CENTRES:
        x, y = (((number - GRID / 2) * scale + GRID / 2) * unit for number in (x, y))
        for radius in RADII:
            # Pillow draws the stroke inside the box, SVG on both sides of the line.
            outer = (radius + WIDTH / 2) * scale * unit
            box = [x - outer, y - outer, x + outer, y + outer]
            pen.ellipse(box, None, colour, round(WIDTH * scale * unit))
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    # Few colours, so a small palette shows no difference.
    return small.convert("RGB").quantize(32) if is_square else small.quantize(64)


if __name__ == "__main__":
    for name, options in ICONS.items():
        draw(**options).save(STATIC / name, optimize=True)
