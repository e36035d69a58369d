"""The first third of a paper: who writes, and to whom, in the window of a French DL envelope.

A DL envelope is 110 × 220 mm; its window, 45 × 100 mm, stands 20 mm from the right and from the lower edge. An A4 sheet
folded in three (210 × 99 mm) has 10 mm of play in width and 11 in height: what the window shows of the sheet begins 90
to 100 mm from the left and 34 to 45 mm from the top. Whatever the play, it shows 100–190 × 45–79 mm: the address stands
inside that, 110 mm from the left and 50 mm from the top. Nothing else is written in 90–200 × 34–90 mm, of which some
play shows a part. At most six lines, to the left, from the name to the town (NF Z10-011).
"""

from chalicelib.domain.account import Account
from chalicelib.pdf.format.pen import GREY, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, Paper
from chalicelib.wording.documents import SPECIMEN, city

ADDRESS_LEFT, ADDRESS_TOP, ADDRESS_WIDTH, ADDRESS_HEIGHT = 110.0, 50.0, 79.0, 29.0
SHOWN_BY_SOME_PLAY = (90.0, 34.0, 200.0, 90.0)
SENDER_WIDTH = SHOWN_BY_SOME_PLAY[0] - LEFT - 2
FACTS_TOP = 66.0
VALUES_LEFT = 52.0
BODY_TOP = 92.0
"""Below all that the window may show; were it below the fold, many more invoices would need a second sheet."""

ADDRESSEE = Pen(10.5)
PLAIN = Pen(8.5)
BOLD = Pen(8.5, Style.BOLD)
STAMP = Pen(13, Style.BOLD)
QUIET = Pen(8.5, colour=GREY)


def draw_letterhead(paper: Paper, account: Account, facts: list[tuple[str, str]]) -> None:
    """Sender, facts, addressee; the cursor is left below the window. `facts`: labels and what they stand for."""
    draw_sender(paper)
    paper.y = max(FACTS_TOP, paper.y + 4)
    for label, value in facts:
        draw_fact(paper, label, value)
    below = max(BODY_TOP, paper.y + 4)
    if paper.specimen:
        draw_specimen(paper)
    draw_addressee(paper, account)
    paper.y = below


def draw_sender(paper: Paper) -> None:
    regie = paper.town.regie
    name = paper.fitting([city(paper.town)], Pen(14, Style.BOLD, paper.accent), SENDER_WIDTH)
    paper.y = 18
    paper.paragraph(city(paper.town), name, width=SENDER_WIDTH)
    paper.paragraph(paper.town.motto, QUIET, width=SENDER_WIDTH)
    paper.y += 3
    paper.paragraph(regie.name, BOLD, width=SENDER_WIDTH)
    with paper.document.mark("P"):
        for line in (regie.quality, *regie.address):
            paper.stack(paper.wrap(line, PLAIN, SENDER_WIDTH), PLAIN)


def draw_specimen(paper: Paper) -> None:
    paper.y = 18
    with paper.document.mark("P"):
        paper.stack([paper.document.settle(SPECIMEN)], STAMP, right=True)


def draw_fact(paper: Paper, label: str, value: str) -> None:
    with paper.document.mark("P"):
        top = paper.y
        paper.stack(paper.wrap(label, PLAIN, VALUES_LEFT - LEFT), PLAIN)
        paper.y = top
        paper.stack(paper.wrap(value, BOLD, LEFT + SENDER_WIDTH - VALUES_LEFT), BOLD, x=VALUES_LEFT)
    paper.y += 0.6


def draw_addressee(paper: Paper, account: Account) -> None:
    lines = [account.holder.full_name, *account.address.lines]
    pen = paper.fitting(lines, ADDRESSEE, ADDRESS_WIDTH)
    paper.y = ADDRESS_TOP
    with paper.document.mark("P"):
        for line in lines:
            paper.stack(paper.wrap(line, pen, ADDRESS_WIDTH), pen, x=ADDRESS_LEFT)
