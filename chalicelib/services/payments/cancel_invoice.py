"""Cancel an invoice (*annuler*): it stays in the history, unpayable, and what was paid becomes a surplus."""

from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.movement import Movement, cancelled
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.store.retry import retry
from chalicelib.stores import Stores


@dataclass(frozen=True)
class Cancellation:
    """`reason` is read by the family; `replaced_by` is the number of the invoice to pay instead, or empty."""

    number: str
    reason: str
    agent: str
    replaced_by: str = ""


def cancel_invoice(cancellation: Cancellation, *, stores: Stores, clock: Clock, dry_run: bool = False) -> Invoice:
    """Cancel an invoice. Returns it as stored. With `dry_run`, only check.

    Raises NotFound, MoneyRefused (already cancelled, not issued yet, wrong replacement), Unavailable.
    """

    def once() -> Invoice | None:
        invoice = _get_invoice(cancellation.number, stores)
        _check(cancellation, invoice, stores)
        after = cancelled(invoice, reason=cancellation.reason, replaced_by=cancellation.replaced_by)
        moved = Movement(entry=_entry(cancellation, invoice, clock), before=invoice, after=after)
        return after if dry_run or stores.money.write(moved) else None

    return once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)


def _get_invoice(number: str, stores: Stores) -> Invoice:
    invoice = stores.invoices.find_by_number(number)
    if invoice is None:
        raise NotFound
    return invoice


def _check(cancellation: Cancellation, invoice: Invoice, stores: Stores) -> None:
    if invoice.state is InvoiceState.CANCELLED:
        raise MoneyRefused("already_cancelled")
    if invoice.state is not InvoiceState.ISSUED:
        raise MoneyRefused("not_issued")
    if invoice.paid_cents < 0:
        raise MoneyRefused("credit_used")
    if not cancellation.replaced_by:
        return
    other = stores.invoices.find(invoice.username, cancellation.replaced_by)
    if cancellation.replaced_by == invoice.number or other is None or other.state is not InvoiceState.ISSUED:
        raise MoneyRefused("wrong_replacement")


def _entry(cancellation: Cancellation, invoice: Invoice, clock: Clock) -> LedgerEntry:
    now = clock()
    return LedgerEntry.cancellation(
        invoice, counted_on=day_in_paris(now), booked_at=now, agent=cancellation.agent, note=cancellation.reason
    )
