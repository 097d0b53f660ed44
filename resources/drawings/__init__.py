"""The drawings of the site: motifs of themes, and covers of records without one."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from ..languages import direction
from .motifs import MOTIFS, PALETTES, default_motif, default_palette, draw

__all__ = [
    "MOTIFS",
    "PALETTES",
    "DrawnCover",
    "default_motif",
    "default_palette",
    "draw",
]

# The grid that a cover is drawn on: three to four, the motif above the title.
WIDTH, HEIGHT, MOTIF_HEIGHT = 240, 320, 150
MARGIN = 16
# Sizes that a title may have, and how many lines of it fit under the motif.
SIZES = {22: 4, 19: 5, 16: 6, 14: 7}
CREDIT_SIZE = 9


@dataclass(frozen=True)
class DrawnCover:
    """What is drawn for a record without a cover; all texts are public."""

    title: str
    # The type of the record, in its own language where there is a name in it.
    label: str
    label_language: str
    # The publisher, or the first author.
    credit: str
    language: str
    motif: str
    palette: str
    # Tells records apart that have the same motif and palette.
    seed: int

    width, height, motif_height = WIDTH, HEIGHT, MOTIF_HEIGHT

    @property
    def name(self):
        """The name of its file; another one when anything on it changes."""
        text = "\n".join(map(str, vars(self).values()))
        return f"drawn-{crc32(text.encode()):08x}.svg"

    @property
    def direction(self):
        return direction(self.language)

    @property
    def start(self):
        """Where lines start: at the right for a script from right to left."""
        return WIDTH - MARGIN if self.direction == "rtl" else MARGIN

    @property
    def colour(self):
        """The darkest colour of the palette, for the small print on cream."""
        return min(PALETTES[self.palette], key=brightness)

    def shapes(self):
        return draw(self.motif, self.palette, WIDTH, MOTIF_HEIGHT, self.seed)

    @cached_property
    def lettering(self):
        """The size of the title, and its lines."""
        for size, most in SIZES.items():
            lines = wrap(self.title, (WIDTH - 2 * MARGIN) / size)
            if len(lines) <= most:
                return size, lines
        return size, [*lines[: most - 1], lines[most - 1] + "…"]

    @property
    def credit_line(self):
        """As much of the credit as stands on one line."""
        line, *more = wrap(self.credit, (WIDTH - 2 * MARGIN) / CREDIT_SIZE) or [""]
        return line + "…" if more else line


def brightness(colour):
    """Return how bright a colour like "#12406b" is, from 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.3 * red + 0.59 * green + 0.11 * blue


def wrap(text, most):
    """
    Return the lines of a text, none wider than `most` em unless it is one letter.

    SVG breaks no lines by itself. The widths of letters are estimates for a bold
    serif, on the wide side.
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and width(f"{lines[-1]} {word}") > most:
            lines.append("")
        elif lines[-1]:
            lines[-1] += " "
        for letter in word:
            if lines[-1] and width(lines[-1] + letter) > most:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def width(text):
    """Return about how wide a text is, in em."""
    return sum(map(letter_width, text))


def letter_width(letter):
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1
    if letter in "iljtfrI.,:;'’!|()[] -":
        return 0.38
    if letter in "mwMW@%—…":
        return 0.95
    return 0.74 if letter.isupper() else 0.58
