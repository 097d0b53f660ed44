"""
Draws static/icon.svg as PNG files, for systems that take no SVG.

    python tools/icons.py

The files are kept in the repository: draw them again when the icon changes.
"""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "static"
# The icon on its grid of 32: colours, corner, strokes as x, y to x, y.
GRID = 32
BLUE, WHITE = "#00528f", "#ffffff"
CORNER = 5
STROKES = [(9, 7, 9, 25), (14, 7, 14, 25), (19, 7, 24, 24.4)]
WIDTH = 3
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
    pen.rounded_rectangle([0, 0, image.width - 1, image.height - 1], radius, BLUE)

    def place(number):
        return ((number - GRID / 2) * scale + GRID / 2) * unit

    end = WIDTH * scale * unit / 2
    for stroke in STROKES:
        points = [place(number) for number in stroke]
        pen.line(points, WHITE, round(2 * end))
        for x, y in [points[:2], points[2:]]:
            pen.ellipse([x - end, y - end, x + end, y + end], WHITE)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    # Few colours, so a small palette shows no difference.
    return small.convert("RGB").quantize(32) if is_square else small.quantize(64)


if __name__ == "__main__":
    for name, options in ICONS.items():
        draw(**options).save(STATIC / name, optimize=True)
