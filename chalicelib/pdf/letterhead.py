"""Letterhead: sender, dates and the addressee, placed for the window of a French DL envelope.

A DL envelope is 110 × 220 mm; its window, 45 × 100 mm, is 20 mm from the right and from the lower edge. An A4 sheet
folded in three (210 × 99 mm) can shift by 10 mm in width and 11 in height: the window shows the sheet from 90 to 100 mm
from the left and from 34 to 45 mm from the top. In every position it shows 100–190 × 45–79 mm: the address is written
inside that, 110 mm from the left and 50 mm from the top. Nothing else is written in 90–200 × 34–90 mm, which some
position may show. At most six lines, left-aligned, from the name to the town (NF Z10-011).
"""

from chalicelib.domain.account import Account
from chalicelib.pdf.format.pen import GREY, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.wording.documents import SPECIMEN, city

ADDRESS_LEFT, ADDRESS_TOP, ADDRESS_WIDTH, ADDRESS_HEIGHT = 110.0, 50.0, 79.0, 29.0
WINDOW_WITH_PLAY = (90.0, 34.0, 200.0, 90.0)
"""Left, top, right and bottom, in millimetres, of all that the window may show when the sheet shifts."""

SENDER_WIDTH = WINDOW_WITH_PLAY[0] - LEFT - 2
FACTS_TOP = 66.0
VALUES_LEFT = 52.0
BODY_TOP = 92.0
"""Below the window area but above the fold: starting below it, many more invoices would need a second sheet."""

ADDRESSEE = Pen(10.5)
PLAIN = Pen(8.5)
BOLD = Pen(8.5, Style.BOLD)
STAMP = Pen(13, Style.BOLD)
QUIET = Pen(8.5, colour=GREY)


def draw_letterhead(layout: PageLayout, account: Account, facts: list[tuple[str, str]]) -> None:
    """Draw sender, facts and addressee; leaves the cursor below the window. `facts`: (label, value)."""
    draw_sender(layout)
    layout.y = max(FACTS_TOP, layout.y + 4)
    for label, value in facts:
        draw_fact(layout, label, value)
    below = max(BODY_TOP, layout.y + 4)
    if layout.specimen:
        draw_stamp(layout, SPECIMEN)
    draw_addressee(layout, account)
    layout.y = below


def draw_sender(layout: PageLayout) -> None:
    regie = layout.town.regie
    name = layout.shrink_to_fit([city(layout.town)], Pen(14, Style.BOLD, layout.accent), SENDER_WIDTH)
    layout.y = 18
    layout.paragraph(city(layout.town), name, width=SENDER_WIDTH)
    layout.paragraph(layout.town.motto, QUIET, width=SENDER_WIDTH)
    layout.y += 3
    layout.paragraph(regie.name, BOLD, width=SENDER_WIDTH)
    with layout.document.mark("P"):
        for line in (regie.quality, *regie.address):
            layout.draw_lines(layout.wrap(line, PLAIN, SENDER_WIDTH), PLAIN)


def draw_stamp(layout: PageLayout, text: str) -> None:
    """Draw at the top right what must be read before the rest."""
    layout.y = 18
    with layout.document.mark("P"):
        layout.draw_lines([layout.document.drawable(text)], STAMP, right=True)


def draw_fact(layout: PageLayout, label: str, value: str) -> None:
    with layout.document.mark("P"):
        top = layout.y
        layout.draw_lines(layout.wrap(label, PLAIN, VALUES_LEFT - LEFT), PLAIN)
        layout.y = top
        layout.draw_lines(layout.wrap(value, BOLD, LEFT + SENDER_WIDTH - VALUES_LEFT), BOLD, x=VALUES_LEFT)
    layout.y += 0.6


def draw_addressee(layout: PageLayout, account: Account) -> None:
    lines = [account.holder.full_name, *account.address.lines]
    pen = layout.shrink_to_fit(lines, ADDRESSEE, ADDRESS_WIDTH)
    layout.y = ADDRESS_TOP
    with layout.document.mark("P"):
        for line in lines:
            layout.draw_lines(layout.wrap(line, pen, ADDRESS_WIDTH), pen, x=ADDRESS_LEFT)
