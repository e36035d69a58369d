"""Small print at the bottom of the last page: contact, how to contest, data protection."""

from chalicelib.pdf.format.pen import GREY, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import BOTTOM, LEFT, RIGHT, PageLayout

TITLE = Pen(7.5, Style.BOLD, GREY)
TEXT = Pen(7.5, colour=GREY)
TEXT_LEFT = LEFT + 36
TEXT_WIDTH = RIGHT - TEXT_LEFT
GAP = 1.2


def draw_small_print(layout: PageLayout, entries: list[tuple[str, str]]) -> None:
    """Draw (title, text) entries at the bottom of the last page."""
    wrapped = [(title, layout.wrap(text, TEXT, TEXT_WIDTH)) for title, text in entries]
    height = 3 + sum(layout.height(TEXT, len(lines)) + GAP for _, lines in wrapped)
    layout.y += 3
    layout.ensure_room(height)
    layout.y = max(layout.y, BOTTOM - height)
    layout.draw_rule()
    layout.y += 3
    for title, lines in wrapped:
        draw_entry(layout, title, lines)


def draw_entry(layout: PageLayout, title: str, lines: list[str]) -> None:
    top = layout.y
    layout.paragraph(title, TITLE, kind="H2")
    layout.y = top
    with layout.document.mark("P"):
        layout.draw_lines(lines, TEXT, x=TEXT_LEFT)
    layout.y += GAP
