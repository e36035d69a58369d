"""The title of a document, with the main amount in a box at its right."""

from collections.abc import Iterable

from chalicelib.formats import euros
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, WIDTH, PageLayout

AMOUNT_WIDTH, AMOUNT_HEIGHT = 52.0, 16.0
TITLE_WIDTH = WIDTH - AMOUNT_WIDTH - 6
LABEL = Pen(8.5)
SUBTITLES = (Pen(11, Style.BOLD), Pen(9))


def draw_title(layout: PageLayout, title: str, subtitles: Iterable[str], *, amount: tuple[str, int]) -> None:
    """Draw the title, up to two subtitles, and an amount (label, cents) at their right."""
    top = layout.y
    draw_heading(layout, title, width=TITLE_WIDTH)
    for pen, subtitle in zip(SUBTITLES, subtitles, strict=False):
        layout.paragraph(subtitle, pen, width=TITLE_WIDTH)
    below, layout.y = layout.y, top
    draw_amount(layout, *amount)
    layout.y = max(below, top + AMOUNT_HEIGHT) + 4


def draw_heading(layout: PageLayout, title: str, *, width: float = WIDTH) -> None:
    pen = layout.shrink_to_fit([title], Pen(18, Style.BOLD, layout.accent), width)
    layout.paragraph(title, pen, kind="H1", x=LEFT, width=width)


def draw_amount(layout: PageLayout, label: str, cents: int) -> None:
    left, width = RIGHT - AMOUNT_WIDTH + 3, AMOUNT_WIDTH - 6
    layout.draw_tint(AMOUNT_HEIGHT, left=RIGHT - AMOUNT_WIDTH, width=AMOUNT_WIDTH)
    amount = layout.document.drawable(euros(cents))
    pen = layout.shrink_to_fit([amount], Pen(17, Style.BOLD, layout.accent), width)
    with layout.document.mark("P"):
        layout.y += 2
        layout.draw_lines([layout.document.drawable(label)], LABEL, x=left, width=width, right=True)
        layout.draw_lines([amount], pen, x=left, width=width, right=True)
