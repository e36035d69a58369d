"""Units, page size, colours, and pens: font size, style and colour of text."""

from dataclasses import dataclass

from chalicelib.pdf.format.typeface import Style

POINTS = 72 / 25.4
"""Points in a millimetre."""

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
"""A4, in millimetres, as all lengths in this package; y grows downwards from the top."""


def colour(code: str, *, share: float = 1.0) -> str:
    """Returns « #0b5563 » as PDF operands, three numbers from 0 to 1; `share` below 1 mixes it with white."""
    parts = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return " ".join(f"{1 - share * (1 - part):.3f}" for part in parts)


BLACK = colour("#1d1d1d")
GREY = colour("#555555")
HAIRLINE = colour("#c9c9c9")


@dataclass(frozen=True)
class Pen:
    """How text is written. `size` in points, `colour` as returned by `colour()`."""

    size: float
    style: Style = Style.REGULAR
    colour: str = BLACK
