"""The title of a paper, and at its right the amount that one looks for first."""

from collections.abc import Iterable

from chalicelib.formats import euros
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, WIDTH, Paper

AMOUNT_WIDTH, AMOUNT_HEIGHT = 52.0, 16.0
TITLE_WIDTH = WIDTH - AMOUNT_WIDTH - 6
LABEL = Pen(8.5)
SUBTITLES = (Pen(11, Style.BOLD), Pen(9))


def draw_title(paper: Paper, title: str, subtitles: Iterable[str], *, amount: tuple[str, int]) -> None:
    """The title, up to two lines below it, and an amount (what it is, cents) beside them."""
    top = paper.y
    draw_heading(paper, title, width=TITLE_WIDTH)
    for pen, subtitle in zip(SUBTITLES, subtitles, strict=False):
        paper.paragraph(subtitle, pen, width=TITLE_WIDTH)
    below, paper.y = paper.y, top
    draw_amount(paper, *amount)
    paper.y = max(below, top + AMOUNT_HEIGHT) + 4


def draw_heading(paper: Paper, title: str, *, width: float = WIDTH) -> None:
    pen = paper.fitting([title], Pen(18, Style.BOLD, paper.accent), width)
    paper.paragraph(title, pen, kind="H1", x=LEFT, width=width)


def draw_amount(paper: Paper, label: str, cents: int) -> None:
    left, width = RIGHT - AMOUNT_WIDTH + 3, AMOUNT_WIDTH - 6
    paper.tinted(AMOUNT_HEIGHT, left=RIGHT - AMOUNT_WIDTH, width=AMOUNT_WIDTH)
    shown = paper.document.settle(euros(cents))
    pen = paper.fitting([shown], Pen(17, Style.BOLD, paper.accent), width)
    with paper.document.mark("P"):
        paper.y += 2
        paper.stack([paper.document.settle(label)], LABEL, x=left, width=width, right=True)
        paper.stack([shown], pen, x=left, width=width, right=True)
