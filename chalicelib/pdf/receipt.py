"""The PDF of a card payment's receipt: amount received by the régie, its invoices, bank references."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.domain.receipt import Receipt, ReceiptLine
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros, long_instant
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.key_value_table import draw_key_values
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender
from chalicelib.pdf.paper import LEFT, RIGHT, PageLayout
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.table import BOLD, Cell, Row, Table
from chalicelib.pdf.title import draw_title
from chalicelib.wording import documents as words

STATEMENT = Pen(10)
EDGES = (LEFT, LEFT + 30, LEFT + 98, LEFT + 122, LEFT + 146, RIGHT)
"""Left edges of the columns of several invoices, and the right edge of the last, in millimetres."""


def draw_receipt(receipt: Receipt, *, town: Town, drawn_at: datetime) -> Drawing:
    """Returns the receipt as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments. `drawn_at`: aware."""

    def compose(document: TaggedPDF) -> None:
        title = words.receipt_title(receipt)
        document.set_title(title, author=words.city(town))
        layout = PageLayout(document, town, running_head=title)
        draw_sender(layout)
        layout.y = max(BODY_TOP - 30, layout.y + 8)
        draw_title(layout, title, (words.invoice_named(receipt),), amount=(words.PAID, receipt.paid_cents))
        layout.paragraph(words.receipt_statement(receipt, town), STATEMENT)
        layout.y += 5
        if receipt.several:
            draw_invoices(layout, receipt)
        draw_key_values(layout, receipt_rows(receipt))
        draw_small_print(layout, words.receipt_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=drawn_at)


def draw_invoices(layout: PageLayout, receipt: Receipt) -> None:
    """Draw each invoice of a payment of several, with what was paid of it, and the total."""
    amounts = (receipt.billed_cents, receipt.paid_cents, receipt.balance_cents)
    total = Cell(words.RECEIPT_TOTAL, 0, 1, "Row"), *_amounts(amounts)
    rows = [[_row(line)] for line in receipt.lines]
    Table(layout, EDGES, words.RECEIPT_COLUMNS, texts=2).draw([rows], [Row(total, BOLD, tinted=True)])
    layout.y += 5


def _row(line: ReceiptLine) -> Row:
    amounts = _amounts((line.billed_cents, line.paid_cents, line.balance_cents))
    return Row((Cell(line.invoice_number, 0, 0, "Row"), Cell(line.invoice_label, 1, 1), *amounts))


def _amounts(cents: Sequence[int]) -> Iterator[Cell]:
    return (Cell(euros(amount), place, place) for place, amount in enumerate(cents, 2))


def receipt_rows(receipt: Receipt) -> list[tuple[str, str]]:
    """Returns (name, value) of all that the payer, the régie and the bank need to find this payment.

    Several invoices are not named here: their table is above.
    """
    return [
        *((words.INVOICE, words.line_named(line)) for line in receipt.lines if not receipt.several),
        (words.ACCOUNT, f"{receipt.username} – {receipt.holder}"),
        (words.BILLED, euros(receipt.billed_cents)),
        (words.PAID_NOW, euros(receipt.paid_cents)),
        (words.BALANCE_AFTER, euros(receipt.balance_cents)),
        (words.PAID_AT, long_instant(receipt.paid_at)),
        (words.PAYMENT_METHOD, words.card_label(receipt.card_ending)),
        (words.AUTHORISATION, receipt.authorisation),
        (words.TRANSACTION, receipt.transaction),
        (words.REFERENCE, receipt.reference),
    ]
