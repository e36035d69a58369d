"""Code frame: a tinted box with the identifiant and the activation code, in large type, and how to use them."""

from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, PageLayout

LABEL = Pen(8.5)
VALUE = Pen(13, Style.BOLD)
INNER = LEFT + 4
COLUMN = 52.0
PAD = 2.5


def draw_code_frame(layout: PageLayout, values: list[tuple[str, str]], sentence: str) -> None:
    """Draw each (label, value) side by side, the value below its label, and the sentence in the remaining width."""
    left = INNER + COLUMN * len(values)
    lines = layout.wrap(sentence, LABEL, RIGHT - 4 - left)
    height = 2 * PAD + max(layout.height(LABEL, len(lines)), layout.height(LABEL) + layout.height(VALUE))
    layout.draw_tint(height)
    top = layout.y
    for column, (label, value) in enumerate(values):
        layout.y = top + PAD
        draw_value(layout, label, value, x=INNER + COLUMN * column)
    layout.y = top + PAD
    with layout.document.mark("P"):
        layout.draw_lines(lines, LABEL, x=left)
    layout.y = top + height + 4


def draw_value(layout: PageLayout, label: str, value: str, *, x: float) -> None:
    pen = layout.shrink_to_fit([value], VALUE, COLUMN - 4)
    with layout.document.mark("P"):
        layout.draw_lines([layout.document.drawable(label)], LABEL, x=x)
        layout.draw_lines([layout.document.drawable(value)], pen, x=x)
