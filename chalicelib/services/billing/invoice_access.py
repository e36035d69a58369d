"""What a family sees of its invoices: those due, five years of history, one with its lines."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from chalicelib.domain.invoice import Invoice, InvoiceLine, InvoiceSummary
from chalicelib.errors import NotFound


def list_due(rows: Iterable[InvoiceSummary]) -> list[InvoiceSummary]:
    """*Factures à payer*, the earliest due first: an unpaid invoice never leaves them, however old."""
    return sorted((row for row in rows if row.due), key=lambda row: (row.due_on, row.number))


def list_history(rows: Iterable[InvoiceSummary], today: date) -> list[tuple[int, list[InvoiceSummary]]]:
    """« L'historique de toutes vos factures depuis 5 années », by year of issue, latest first."""
    kept = sorted((row for row in rows if row.in_history(today)), key=_latest_first, reverse=True)
    return [(year, list(some)) for year, some in groupby(kept, key=lambda row: row.issued_on.year)]


def readable(invoice: Invoice | None, today: date) -> Invoice:
    """The invoice if its family may see it today: issued, and due or less than five years old. Raises NotFound."""
    if invoice is None or not invoice.visible:
        raise NotFound
    if not (invoice.summary.due or invoice.summary.in_history(today)):
        raise NotFound
    return invoice


def lines_by_child(lines: Sequence[InvoiceLine]) -> list[tuple[str, list[InvoiceLine], int]]:
    """Each child, in the order the invoice names them, with its lines and their sum in cents."""
    children = dict.fromkeys(line.child for line in lines)
    return [(child, mine := [line for line in lines if line.child == child], _sum(mine)) for child in children]


def _sum(lines: Iterable[InvoiceLine]) -> int:
    return sum(line.amount_cents for line in lines)


def _latest_first(row: InvoiceSummary) -> tuple[date, str]:
    return row.issued_on, row.number
