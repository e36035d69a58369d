"""A tinted frame for what is typed on the sign-in page: large enough to be copied, with a sentence that says how."""

from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, Paper

LABEL = Pen(8.5)
VALUE = Pen(13, Style.BOLD)
INNER = LEFT + 4
COLUMN = 52.0
PAD = 2.5


def draw_frame(paper: Paper, values: list[tuple[str, str]], sentence: str) -> None:
    """Each value under its label, side by side, and the sentence in what is left of the width."""
    left = INNER + COLUMN * len(values)
    lines = paper.wrap(sentence, LABEL, RIGHT - 4 - left)
    height = 2 * PAD + max(paper.height(LABEL, len(lines)), paper.height(LABEL) + paper.height(VALUE))
    paper.tinted(height)
    top = paper.y
    for column, (label, value) in enumerate(values):
        paper.y = top + PAD
        draw_value(paper, label, value, x=INNER + COLUMN * column)
    paper.y = top + PAD
    with paper.document.mark("P"):
        paper.stack(lines, LABEL, x=left)
    paper.y = top + height + 4


def draw_value(paper: Paper, label: str, value: str, *, x: float) -> None:
    pen = paper.fitting([value], VALUE, COLUMN - 4)
    with paper.document.mark("P"):
        paper.stack([paper.document.settle(label)], LABEL, x=x)
        paper.stack([paper.document.settle(value)], pen, x=x)
