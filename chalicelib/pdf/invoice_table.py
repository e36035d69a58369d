"""Invoice table: the lines of each child, subtotals and totals."""

from chalicelib.domain.invoice import Invoice, InvoiceLine, lines_by_child
from chalicelib.formats import euros, price, quantity
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.pdf.table import BOLD, PLAIN, Cell, Row, Table
from chalicelib.wording import documents as words

EDGES = (LEFT, LEFT + 94, LEFT + 114, LEFT + 142, LEFT + 170)
TOTAL = Pen(10, Style.BOLD)


def draw_invoice_table(layout: PageLayout, invoice: Invoice) -> None:
    bodies = (child_blocks(*child) for child in lines_by_child(invoice.lines))
    Table(layout, EDGES, words.COLUMNS).draw(bodies, total_rows(invoice))


def child_row(child: str) -> Row:
    return Row((Cell(child or words.FAMILY, 0, 3, "Row"),), BOLD, tinted=True)


def line_row(line: InvoiceLine) -> Row:
    figures = (quantity(line.quantity), price(line.price), euros(line.amount_cents))
    cells = (Cell(text, column, column) for column, text in enumerate(figures, start=1))
    return Row((Cell(line.service, 0, 0, "Row"), *cells))


def sum_row(label: str, cents: int, pen: Pen = PLAIN, *, tinted: bool = False) -> Row:
    return Row((Cell(label, 0, 2, "Row"), Cell(euros(cents), 3, 3)), pen, tinted=tinted)


def child_blocks(child: str, lines: list[InvoiceLine], sum_cents: int) -> list[list[Row]]:
    """Returns rows that stay on one page: the name with its first line, the subtotal with its last."""
    blocks = [[line_row(line)] for line in lines]
    blocks[0].insert(0, child_row(child))
    blocks[-1].append(sum_row(words.subtotal(child or words.FAMILY), sum_cents, BOLD))
    return blocks


def total_rows(invoice: Invoice) -> list[Row]:
    """Returns the total, the amount already paid if any, and what is left to pay."""
    rows = [sum_row(words.total(invoice), invoice.billed_cents, TOTAL)]
    if invoice.paid_cents > 0:
        rows.append(sum_row(words.ALREADY_PAID, -invoice.paid_cents))
    rows.append(sum_row(words.LEFT_TO_PAY, words.left_to_pay(invoice), TOTAL, tinted=True))
    return rows
