"""A movement of money to book: its ledger entry, and its invoice before and after; see `ledger` and `store.money`."""

from datetime import date

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Attempt
from chalicelib.domain.position import Effect, cancel, position_of


class Movement(Model):
    """An entry to book: `before` and `after` are the invoice, `attempt_…` the attempt when it changes too."""

    entry: LedgerEntry
    before: Invoice
    after: Invoice
    attempt_before: Attempt | None = None
    attempt_after: Attempt | None = None

    @classmethod
    def booking(cls, entry: LedgerEntry, invoice: Invoice) -> "Movement":
        """Returns the movement of an entry that changes nothing of its invoice but the amount paid and the surplus."""
        return cls(entry=entry, before=invoice, after=apply_effect(invoice, entry.effect))

    def counted_later(self, day: date) -> "Movement":
        """Returns the same movement counted on another day than its own, which stays beside."""
        own = self.entry.day
        facts = {"counted_on": day, "received_on": own if own != day else None}
        return self.model_copy(update={"entry": self.entry.model_copy(update=facts)})

    def with_attempt(self, before: Attempt, after: Attempt) -> "Movement":
        """Returns the same movement, which also writes the attempt if it changes."""
        changed = {"attempt_before": before, "attempt_after": after} if before != after else {}
        return self.model_copy(update=changed)


def apply_effect(invoice: Invoice, effect: Effect) -> Invoice:
    """Returns the invoice once this effect is booked."""
    booked = position_of(invoice).plus(effect)
    return invoice.model_copy(update={"paid_cents": booked.paid_cents, "surplus_cents": booked.surplus_cents})


def cancelled(invoice: Invoice, *, reason: str, replaced_by: str = "") -> Invoice:
    """Returns the invoice *annulée*: visible, never payable; the amount paid is a surplus."""
    facts = {"state": InvoiceState.CANCELLED, "cancelled_for": reason, "replaced_by": replaced_by}
    return apply_effect(invoice, cancel(position_of(invoice))).model_copy(update=facts)
