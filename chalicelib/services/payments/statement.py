"""Statement of a period (*état*): what was received, by service and by payment method; both add up to the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.domain.cash_desk.statement import Statement, share_out
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.services.payments.takings import totals_by_method
from chalicelib.stores import Stores


def statement(first: date, last: date, *, stores: Stores) -> Statement:
    """Returns the statement of the entries counted from one day to another, both included. The index may lag.

    Each amount on an invoice is shared out over its lines. Cancelled invoices and credits used move amounts between
    services and the surplus: they are among the services, and add up to nothing.
    """
    entries = list(stores.ledger.between(first, last))
    shares, undetailed = _shares(entries, _invoices(entries, stores))
    return Statement(
        first=first,
        last=last,
        services=tuple(sorted(shares.items())),
        undetailed_cents=undetailed,
        surplus_cents=sum(entry.surplus_cents for entry in entries),
        methods=totals_by_method(entries),
    )


def _invoices(entries: Sequence[LedgerEntry], stores: Stores) -> dict[str, Invoice]:
    pairs = sorted({(entry.username, entry.invoice_number) for entry in entries})
    return stores.invoices.find_many(pairs)


def _shares(entries: Iterable[LedgerEntry], invoices: dict[str, Invoice]) -> tuple[dict[str, int], int]:
    """Returns the share of each service, and what no line explains: purged invoices, or those without lines."""
    shares: dict[str, int] = defaultdict(int)
    undetailed = 0
    for entry in entries:
        invoice = invoices.get(entry.invoice_number)
        weights = [line.amount_cents for line in invoice.lines] if invoice else []
        if not invoice or not sum(weights):
            undetailed += entry.applied_cents
            continue
        for line, cents in zip(invoice.lines, share_out(entry.applied_cents, weights), strict=True):
            shares[line.service] += cents
    return shares, undetailed
