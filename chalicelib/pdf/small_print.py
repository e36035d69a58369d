"""What stands at the foot of a paper: whom to ask, how to contest, and what becomes of one's data."""

from chalicelib.pdf.format.pen import GREY, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import BOTTOM, LEFT, RIGHT, Paper

TITLE = Pen(7.5, Style.BOLD, GREY)
TEXT = Pen(7.5, colour=GREY)
TEXT_LEFT = LEFT + 36
TEXT_WIDTH = RIGHT - TEXT_LEFT
GAP = 1.2


def draw_small_print(paper: Paper, notices: list[tuple[str, str]]) -> None:
    """Titles and texts, at the bottom of the last page."""
    wrapped = [(title, paper.wrap(text, TEXT, TEXT_WIDTH)) for title, text in notices]
    height = 3 + sum(paper.height(TEXT, len(lines)) + GAP for _, lines in wrapped)
    paper.y += 3
    paper.room(height)
    paper.y = max(paper.y, BOTTOM - height)
    paper.rule()
    paper.y += 3
    for title, lines in wrapped:
        draw_notice(paper, title, lines)


def draw_notice(paper: Paper, title: str, lines: list[str]) -> None:
    top = paper.y
    paper.paragraph(title, TITLE, kind="H2")
    paper.y = top
    with paper.document.mark("P"):
        paper.stack(lines, TEXT, x=TEXT_LEFT)
    paper.y += GAP
