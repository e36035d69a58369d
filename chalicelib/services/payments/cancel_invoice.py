"""Cancel an invoice (*annuler*): it stays in the history, is not payable any more, and what was paid is a surplus."""

from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain import ledger
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement, position_of
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

KEY = "cancellation"


@dataclass(frozen=True)
class Cancellation:
    """`reason` is read by the family; `replaced_by` is the number of the invoice to pay instead, or empty."""

    number: str
    reason: str
    agent: str
    replaced_by: str = ""


def cancel_invoice(asked: Cancellation, *, stores: Stores, clock: Clock, dry_run: bool = False) -> Invoice:
    """Cancel, and answer the invoice as it then stands. With `dry_run`, only check it.

    Raises NotFound, MoneyRefused (already cancelled, not issued yet, replaced by what it cannot be), Unavailable.
    """

    def once() -> Invoice | None:
        invoice = _found(asked.number, stores)
        _check(asked, invoice, stores)
        after = ledger.cancelled(invoice, reason=asked.reason, replaced_by=asked.replaced_by)
        moved = Movement(entry=_entry(asked, invoice, clock), before=invoice, after=after)
        return after if dry_run or stores.money.write(moved) else None

    return once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)


def _found(number: str, stores: Stores) -> Invoice:
    invoice = stores.invoices.numbered(number)
    if invoice is None:
        raise NotFound
    return invoice


def _check(asked: Cancellation, invoice: Invoice, stores: Stores) -> None:
    if invoice.state is InvoiceState.CANCELLED:
        raise MoneyRefused("already_cancelled")
    if invoice.state is not InvoiceState.ISSUED:
        raise MoneyRefused("not_issued")
    if not asked.replaced_by:
        return
    other = stores.invoices.find(invoice.username, asked.replaced_by)
    if asked.replaced_by == invoice.number or other is None or other.state is not InvoiceState.ISSUED:
        raise MoneyRefused("wrong_replacement")


def _entry(asked: Cancellation, invoice: Invoice, clock: Clock) -> LedgerEntry:
    effect, now = ledger.cancel(position_of(invoice)), clock()
    return LedgerEntry(
        key=KEY,
        kind=EntryKind.CANCELLATION,
        invoice_number=invoice.number,
        username=invoice.username,
        applied_cents=effect.applied_cents,
        surplus_cents=effect.surplus_cents,
        counted_on=day_in_paris(now),
        booked_at=now,
        agent=asked.agent,
        note=asked.reason,
    )
