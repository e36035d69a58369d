"""A movement of money as it is written, all or nothing: its entry, and what it makes of its invoice and its attempt."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain import ledger
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import Effect, EntryKind, LedgerEntry, Position
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Attempt


class Movement(Model):
    """`before` and `after` are the invoice, `attempt_before` and `attempt_after` the attempt when it moves too."""

    entry: LedgerEntry
    before: Invoice
    after: Invoice
    attempt_before: Attempt | None = None
    attempt_after: Attempt | None = None


def position_of(invoice: Invoice) -> Position:
    return Position(invoice.paid_cents, invoice.surplus_cents)


def payment_on(invoice: Invoice, amount_cents: int) -> Effect:
    """What money that comes in does to this invoice. Raises ValueError unless it is positive."""
    return ledger.settle(invoice.payable_cents, invoice.paid_cents, amount_cents)


def after(invoice: Invoice, effect: Effect) -> Invoice:
    """The invoice once this effect is booked."""
    moved = position_of(invoice).plus(effect)
    return invoice.model_copy(update={"paid_cents": moved.paid_cents, "surplus_cents": moved.surplus_cents})


def cancelled(invoice: Invoice, *, reason: str, replaced_by: str = "") -> Invoice:
    """*Annulée*: shown, never payable; what was paid is a surplus."""
    facts = {"state": InvoiceState.CANCELLED, "cancelled_for": reason, "replaced_by": replaced_by}
    return after(invoice, ledger.cancel(position_of(invoice))).model_copy(update=facts)


def opening(invoice: Invoice) -> Effect:
    """What the invoice already held when it was taken in: no entry says it, for it was counted elsewhere."""
    return Effect(invoice.opening_cents, 0)


def entries_agree(invoice: Invoice, summed: Position) -> bool:
    """Whether the invoice's two figures are those of its opening and of its entries, already added up."""
    return ledger.stands(invoice.payable_cents, position_of(invoice), summed.plus(opening(invoice)))


def balance_on(invoice: Invoice, day: date, later: Sequence[LedgerEntry] = ()) -> int:
    """*Reste à payer* as it stood at the end of a day, given the entries of this invoice that are counted later."""
    undone = any(entry.kind is EntryKind.CANCELLATION for entry in later)
    if invoice.issued_on > day or (invoice.state is not InvoiceState.ISSUED and not undone):
        return 0
    paid_then = invoice.paid_cents - ledger.total(later).paid_cents
    return max(0, invoice.billed_cents - paid_then)
