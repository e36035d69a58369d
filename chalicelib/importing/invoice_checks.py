"""What must hold inside an invoice of a file, beyond each cell's own form."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.domain.money import line_amount_cents
from chalicelib.importing import wording
from chalicelib.importing.problems import BadLine
from chalicelib.importing.table import Row

MOST_LINES = 300
"""An invoice is one item of at most 400 KB in the store; the longest a town sends has 25 lines."""


def check_line(line: InvoiceLine, row: Row) -> list[BadLine]:
    """Quantity × unit price, half-up, is the amount."""
    expected = line_amount_cents(line.quantity, line.unit_price_cents)
    if expected == line.amount_cents:
        return []
    return [BadLine(row.line, "montant", wording.wrong_product(expected))]


def check_invoice(invoice: Invoice, rows: Sequence[Row]) -> list[BadLine]:
    """Days, amounts and number of lines; each fault is told on the invoice's first line."""
    return [BadLine(rows[0].line, column, reason) for column, reason in _faults(invoice, rows)]


def _faults(invoice: Invoice, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    total = sum(line.amount_cents for line in invoice.lines)
    if invoice.due_on < invoice.issued_on:
        yield "date_echeance", wording.DUE_BEFORE_ISSUE
    if total != invoice.billed_cents:
        yield "montant_total", wording.wrong_sum(total, beginnings(rows))
    elif total == 0 and written_twice(rows):
        yield "numero", wording.REPEATED_INVOICE
    if not 0 <= invoice.paid_cents <= max(0, invoice.billed_cents):
        yield "montant_regle", wording.PAID_OUT_OF_BOUNDS
    if len(rows) > MOST_LINES:
        yield "numero", wording.too_many_lines(MOST_LINES)


def beginnings(rows: Sequence[Row]) -> tuple[int, ...]:
    """The first line of each piece of an invoice."""
    lines = {row.line for row in rows}
    return tuple(sorted(line for line in lines if line - 1 not in lines))


def written_twice(rows: Sequence[Row]) -> bool:
    """Every row is there twice, in two places of the file: of a zero invoice, the sum would not show it."""
    counts = Counter(tuple(sorted(row.cells.items())) for row in rows)
    return len(beginnings(rows)) > 1 and all(count % 2 == 0 for count in counts.values())
