"""The PDF that goes to the bank with a day's cheques (*bordereau de remise*): each cheque, their count and total."""

from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.table import BOLD, Cell, Row, Table
from chalicelib.pdf.title import draw_title
from chalicelib.wording import counter as words
from chalicelib.wording.documents import city

EDGES = (LEFT, LEFT + 14, LEFT + 74, LEFT + 114, LEFT + 142, LEFT + 170)
PLAIN = Pen(10)


def draw_deposit_slip(day: date, cheques: Sequence[LedgerEntry], *, town: Town, drawn_at: datetime) -> Drawing:
    """Returns the slip as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments. `drawn_at`: aware."""
    total_cents = sum(cheque.amount_cents for cheque in cheques)

    def compose(document: TaggedPDF) -> None:
        title, subtitle = words.slip_title(), words.of_day(day)
        document.set_title(f"{title} – {subtitle}", author=city(town))
        layout = PageLayout(document, town, running_head=f"{title} – {subtitle}")
        draw_sender(layout)
        layout.y = max(BODY_TOP - 30, layout.y + 8)
        draw_title(layout, title, (subtitle,), amount=(words.DEPOSITED, total_cents))
        if cheques:
            draw_cheques(layout, cheques, total_cents)
        else:
            layout.paragraph(words.NO_CHEQUE, PLAIN)
        draw_small_print(layout, words.regie_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=drawn_at)


def draw_cheques(layout: PageLayout, cheques: Sequence[LedgerEntry], total_cents: int) -> None:
    rows = [[_row(rank, cheque)] for rank, cheque in enumerate(cheques, 1)]
    label, total = Cell(words.cheque_count(len(cheques)), 0, 3, "Row"), Cell(euros(total_cents), 4, 4)
    Table(layout, EDGES, words.SLIP_COLUMNS, texts=4).draw([rows], [Row((label, total), BOLD, tinted=True)])


def _row(rank: int, cheque: LedgerEntry) -> Row:
    texts = (cheque.payer or cheque.username, cheque.reference, cheque.invoice_number, euros(cheque.amount_cents))
    return Row((Cell(str(rank), 0, 0, "Row"), *(Cell(text, n, n) for n, text in enumerate(texts, 1))))
