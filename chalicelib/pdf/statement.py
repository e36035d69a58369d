"""The PDF of a period's statement (*état*): what was received by service and by payment method."""

from datetime import datetime

from chalicelib.domain.cash_desk.statement import Statement
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros
from chalicelib.pdf.closing import draw_methods
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.pdf.payment_terms import draw_heading
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.table import BOLD, Cell, Row, Table
from chalicelib.pdf.title import draw_title
from chalicelib.wording import counter as words
from chalicelib.wording.documents import city

EDGES = (LEFT, LEFT + 130, LEFT + 170)
NOTE = Pen(8.5)


def draw_statement(stated: Statement, *, town: Town, drawn_at: datetime) -> Drawing:
    """Returns the statement as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments. `drawn_at`: aware."""

    def compose(document: TaggedPDF) -> None:
        title, subtitle = words.statement_title(), words.of_period(stated.first, stated.last)
        document.set_title(f"{title} – {subtitle}", author=city(town))
        layout = PageLayout(document, town, running_head=f"{title} – {subtitle}")
        draw_sender(layout)
        layout.y = max(BODY_TOP - 30, layout.y + 8)
        draw_title(layout, title, (subtitle,), amount=(words.RECEIVED_NET, stated.total_cents))
        draw_heading(layout, words.BY_SERVICE)
        draw_services(layout, stated)
        layout.y += 2
        layout.paragraph(words.HOW_SHARED, NOTE)
        draw_heading(layout, words.BY_METHOD)
        draw_methods(layout, stated.methods)
        draw_small_print(layout, words.regie_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=drawn_at)


def draw_services(layout: PageLayout, stated: Statement) -> None:
    rows = [[_row(name, cents)] for name, cents in words.service_rows(stated)]
    foot = Row(_row(words.TOTAL, stated.total_cents).cells, BOLD, tinted=True)
    Table(layout, EDGES, words.SERVICE_COLUMNS).draw([rows] if rows else [], [foot])


def _row(label: str, cents: int) -> Row:
    return Row((Cell(label, 0, 0, "Row"), Cell(euros(cents), 1, 1)))
