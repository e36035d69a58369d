"""The PDF of a day's closing: totals per payment method, the cash expected and counted, who closed it and when."""

from collections.abc import Sequence

from chalicelib.domain.cash_desk.closing import Closing, DayTotals, MethodTotal
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros, thousands
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.key_value_table import draw_key_values
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.table import BOLD, Cell, Row, Table
from chalicelib.pdf.title import draw_title
from chalicelib.wording import counter as words
from chalicelib.wording.documents import city
from chalicelib.wording.payment import method_name

EDGES = (LEFT, LEFT + 50, LEFT + 68, LEFT + 94, LEFT + 119, LEFT + 144, LEFT + 170)


def draw_closing(closing: Closing, *, town: Town) -> Drawing:
    """Returns the closing as PDF/A-2A and PDF/UA-1, dated of its instant: the same bytes whenever it is drawn."""
    totals = closing.totals or DayTotals()

    def compose(document: TaggedPDF) -> None:
        title = words.closing_title(closing)
        document.set_title(f"{title} – {words.of_day(closing.day)}", author=city(town))
        layout = PageLayout(document, town, running_head=f"{title} – {words.of_day(closing.day)}")
        draw_sender(layout)
        layout.y = max(BODY_TOP - 30, layout.y + 8)
        draw_title(layout, title, (words.of_day(closing.day),), amount=(words.NET, totals.net_cents))
        draw_methods(layout, totals.methods)
        layout.y += 6
        draw_key_values(layout, words.closing_rows(closing, totals))
        draw_small_print(layout, words.regie_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=closing.closed_at)


def draw_methods(layout: PageLayout, methods: Sequence[MethodTotal]) -> None:
    """Draw the table of totals per payment method."""
    names = layout.town.payment_methods
    rows = [[_row(method_name(one.method, names), [one])] for one in methods]
    total = _row(words.TOTAL, methods)
    foot = Row(total.cells, BOLD, tinted=True)
    Table(layout, EDGES, words.CLOSING_COLUMNS).draw([rows] if rows else [], [foot])


def _row(label: str, methods: Sequence[MethodTotal]) -> Row:
    amounts = (
        sum(one.received_cents for one in methods),
        sum(one.refunded_cents for one in methods),
        sum(one.undone_cents for one in methods),
        sum(one.net_cents for one in methods),
    )
    figures = (thousands(sum(one.count for one in methods)), *map(euros, amounts))
    return Row((Cell(label, 0, 0, "Row"), *(Cell(text, n, n) for n, text in enumerate(figures, 1))))
