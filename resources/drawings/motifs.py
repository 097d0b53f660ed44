"""
The seven motifs, drawn as SVG shapes in a palette of three colours.

A motif fills a rectangle. It is drawn from a seed: the same seed gives the same
drawing on every machine, and another one a drawing that looks different.
"""

from math import dist
from random import Random
from typing import NamedTuple
from zlib import crc32

# Ground, and the two colours drawn on it; see docs/look.md.
PALETTES = {
    "navy": ("#1c2b3f", "#dba43f", "#5fa3a0"),
    "blue": ("#12406b", "#dba43f", "#f5f0e2"),
    "teal": ("#3f7d8a", "#f5f0e2", "#1c2b3f"),
    "green": ("#2d5c4b", "#f5f0e2", "#dba43f"),
    "rust": ("#9b3c27", "#f2c9a0", "#16202e"),
    "plum": ("#543e69", "#e8b7a5", "#f5f0e2"),
    "ochre": ("#dba43f", "#1c2b3f", "#f5f0e2"),
    "sand": ("#cbc3b0", "#12406b", "#9b3c27"),
    "aqua": ("#5fa3a0", "#f5f0e2", "#543e69"),
}


class Shape(NamedTuple):
    """An element of SVG and its attributes."""

    tag: str
    attributes: dict


def draw(motif, palette, width, height, seed=""):
    """
    Return the shapes of a motif that fill a rectangle, the ground first.

    Shapes may reach over the edge; the SVG that shows them clips them. `width` and
    `height` are in the units of its view box.
    """
    ground, *colours = PALETTES[palette]
    random = Random(f"{motif} {palette} {seed}")
    if seed and random.random() < 0.5:
        colours.reverse()
    fill = Shape("rect", {"width": width, "height": height, "fill": ground})
    return [fill, *MOTIFS[motif](random, width, height, ground, *colours)]


def default_motif(slug):
    """Return the motif of a term for which nobody chose one."""
    return pick(list(MOTIFS), slug)


def default_palette(slug):
    """Return the palette of a term for which nobody chose one."""
    return pick(list(PALETTES), f"palette of {slug}")


def pick(names, key):
    return names[crc32(key.encode()) % len(names)]


def rings(random, width, height, ground, first, second):
    """Draw two sets of rings that share a field: two countries."""
    number, apart = random.choice([4, 5, 6]), random.uniform(0.24, 0.34)
    radius = height * random.uniform(0.4, 0.5)
    stroke = radius / number * 0.42
    for colour, side in [(first, -1), (second, 1)]:
        x = width / 2 + side * apart * height
        for step in range(number, 0, -1):
            yield circle(x, height / 2, radius * step / number, stroke, colour)


def hills(random, width, height, ground, first, second):
    """Draw two hills with terraces, one filled and one in lines."""
    x = width * random.uniform(0.22, 0.38)
    for share, colour in [(0.95, first), (0.68, ground), (0.42, first), (0.18, ground)]:
        yield disc(x, height, height * share, colour)
    x = width * random.uniform(0.64, 0.8)
    top = height * random.uniform(0.65, 0.85)
    for step in range(5, 0, -1):
        yield circle(x, height, top * step / 5, height * 0.03, second)


def leaves(random, width, height, ground, first, second):
    """Draw quarters of circles on a grid, each turned its own way."""
    side = height / 4
    corners = {
        (0, 0): "h{0}a{0} {0} 0 0 1 -{0} {0}z",
        (1, 0): "v{0}a{0} {0} 0 0 1 -{0} -{0}z",
        (1, 1): "h-{0}a{0} {0} 0 0 1 {0} -{0}z",
        (0, 1): "v-{0}a{0} {0} 0 0 1 {0} {0}z",
    }
    yield from tiles(random, width, height, side, corners, [first, second])


def flags(random, width, height, ground, first, second):
    """Draw halves of squares on a grid, each turned its own way."""
    side = height / 4
    corners = {
        (0, 0): "h{0}l-{0} {0}z",
        (1, 0): "v{0}l-{0} -{0}z",
        (1, 1): "h-{0}l{0} -{0}z",
        (0, 1): "v-{0}l{0} {0}z",
    }
    yield from tiles(random, width, height, side, corners, [first, second])


def tiles(random, width, height, side, corners, colours):
    """Draw one path in each colour, of tiles that start in one of four corners."""
    paths = dict.fromkeys(colours, "")
    columns, rows = -(-int(width) // int(side)), round(height / side)
    for column in range(columns):
        for row in range(rows):
            # One field in five stays empty.
            if random.random() < 0.2:
                continue
            (right, below), path = random.choice(list(corners.items()))
            start = f"M{short((column + right) * side)} {short((row + below) * side)}"
            paths[random.choice(colours)] += start + path.format(short(side))
    for colour, path in paths.items():
        yield Shape("path", {"d": path, "fill": colour})


def bars(random, width, height, ground, first, second):
    """Draw a row of bars, most of them in the first colour."""
    number = round(width / height * 8)
    step = width / (number + 1)
    for index in range(number):
        length = height * random.uniform(0.28, 0.85)
        colour = second if random.random() < 0.3 else first
        yield block((index + 0.7) * step, height - length, step * 0.6, length, colour)


def sun(random, width, height, ground, first, second):
    """Draw a sun above the stripes of a sea."""
    x, radius = width * random.uniform(0.3, 0.7), height * random.uniform(0.32, 0.4)
    horizon = height * random.uniform(0.48, 0.6)
    yield disc(x, horizon, radius, first)
    step = (height - horizon) / 4
    for index in range(4):
        y = horizon + index * step
        yield block(0, y, width, step * 0.42, second)
        yield block(0, y + step * 0.42, width, step * 0.58, ground)


def network(random, width, height, ground, first, second):
    """Draw places and the lines between those that are near each other."""
    columns = round(width / height * 4)
    across, down = width / columns, height / 4
    places = [
        ((column + random.uniform(0.2, 0.8)) * across, (row + random.random()) * down)
        for column in range(columns)
        for row in range(4)
    ]
    lines = "".join(
        f"M{short(one[0])} {short(one[1])}L{short(other[0])} {short(other[1])}"
        for index, one in enumerate(places)
        for other in places[index + 1 :]
        if dist(one, other) < down * 1.6
    )
    yield Shape(
        "path",
        {"d": lines, "stroke": first, "stroke-width": short(height / 90)},
    )
    for index, (x, y) in enumerate(places):
        size = height * random.choice([0.025, 0.035, 0.06])
        yield disc(x, y, size, second if index % 3 == 0 else first)


MOTIFS = {
    "rings": rings,
    "hills": hills,
    "leaves": leaves,
    "flags": flags,
    "bars": bars,
    "sun": sun,
    "network": network,
}


def circle(x, y, radius, stroke, colour):
    attributes = {"fill": "none", "stroke": colour, "stroke-width": short(stroke)}
    return Shape("circle", place(x, y, radius) | attributes)


def disc(x, y, radius, colour):
    return Shape("circle", place(x, y, radius) | {"fill": colour})


def place(x, y, radius):
    return {"cx": short(x), "cy": short(y), "r": short(radius)}


def block(x, y, width, height, colour):
    corner = {"x": short(x), "y": short(y)}
    size = {"width": short(width), "height": short(height)}
    return Shape("rect", corner | size | {"fill": colour})


def short(number):
    """Return a number with one decimal at most, as SVG writes it."""
    return f"{round(number, 1):g}"
