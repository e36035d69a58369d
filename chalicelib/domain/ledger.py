"""The ledger of payments and refunds: its entries, and how each changes an invoice's amount paid and surplus.

The *cash* of an invoice is what it received less what was refunded. *Montant réglé* is the cash up to the payable
amount, the surplus is the rest: entries may come in any order and lead to the same two figures. The payable amount is
what the invoice bills; 0 for a credit note or a cancelled invoice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Attempt


class EntryKind(StrEnum):
    """The origin of a movement of money."""

    CARD = "CARD"
    OTHER = "OTHER"
    """*Règlement* at the counter, by cheque, by direct debit: imported from a file."""

    OPENING = "OPENING"
    """What other software had already counted when the invoice was imported."""

    REFUND = "REFUND"
    """Refunded by the régie: card payments in the bank's back office, others by the payment method `means`."""

    CANCELLATION = "CANCELLATION"
    """The invoice is *annulée*: no money moves, the amount paid becomes a surplus."""


class Effect(NamedTuple):
    """The change of an invoice's amount paid and surplus, in cents; either may be negative."""

    applied_cents: int
    surplus_cents: int


class Position(NamedTuple):
    """An invoice's *montant réglé*, never above what is billed, and its surplus, never negative (cents)."""

    paid_cents: int = 0
    surplus_cents: int = 0

    @property
    def cash_cents(self) -> int:
        return self.paid_cents + self.surplus_cents

    def plus(self, effect: Effect) -> "Position":
        return Position(self.paid_cents + effect.applied_cents, self.surplus_cents + effect.surplus_cents)


class LedgerEntry(Model):
    """One movement on one invoice. `key` makes it unique: the same movement is never booked twice.

    Amounts in cents; `counted_on` is the day of the régie's accounts, `booked_at` the instant of writing (UTC).
    `reference` is that of the attempt for what was paid or refunded by card, else what the file says; `transaction` and
    `call` are the bank's own numbers; `means` is the payment method. `agent` and `note`: who entered it at the office,
    and why.
    """

    key: str
    kind: EntryKind
    invoice_number: str
    username: str
    applied_cents: int
    surplus_cents: int
    counted_on: date
    booked_at: datetime
    means: str = ""
    reference: str = ""
    transaction: str = ""
    call: str = ""
    agent: str = ""
    note: str = ""

    @property
    def amount_cents(self) -> int:
        """The amount received, or refunded when negative (cents)."""
        return self.applied_cents + self.surplus_cents

    @property
    def effect(self) -> Effect:
        return Effect(self.applied_cents, self.surplus_cents)


class Movement(Model):
    """An entry to book: `before` and `after` are the invoice, `attempt_…` the attempt when it changes too."""

    entry: LedgerEntry
    before: Invoice
    after: Invoice
    attempt_before: Attempt | None = None
    attempt_after: Attempt | None = None


def position(payable_cents: int, cash_cents: int) -> Position:
    """Returns the amount paid and the surplus of an invoice of this payable amount with this cash.

    Raises ValueError when more was refunded than received.
    """
    if cash_cents < 0:
        raise ValueError("an invoice cannot have given back more than it received")
    paid = min(max(payable_cents, 0), cash_cents)
    return Position(paid, cash_cents - paid)


def position_of(invoice: Invoice) -> Position:
    return Position(invoice.paid_cents, invoice.surplus_cents)


def settle(payable_cents: int, paid_cents: int, amount_cents: int) -> Effect:
    """Returns the effect of a payment: what settles the balance, and the surplus. Raises ValueError unless positive."""
    if amount_cents <= 0:
        raise ValueError("only a positive amount settles an invoice")
    applied = min(amount_cents, max(0, payable_cents - paid_cents))
    return Effect(applied, amount_cents - applied)


def payment_on(invoice: Invoice, amount_cents: int) -> Effect:
    """Returns the effect of a payment on this invoice. Raises ValueError unless it is positive."""
    return settle(invoice.payable_cents, invoice.paid_cents, amount_cents)


def refund_effect(current: Position, amount_cents: int) -> Effect:
    """Returns the effect of a refund: taken from the surplus first, then from the amount paid.

    Raises ValueError unless it is positive and at most the invoice's cash.
    """
    if not 0 < amount_cents <= current.cash_cents:
        raise ValueError("a refund is positive and never above what was received")
    from_surplus = min(amount_cents, current.surplus_cents)
    return Effect(from_surplus - amount_cents, -from_surplus)


def refundable_cents(payment_cents: int, refunded_cents: int, current: Position) -> int:
    """Returns the most that may still be refunded of one payment: limited by it and by the invoice's cash."""
    return max(0, min(payment_cents - refunded_cents, current.cash_cents))


def cancel(current: Position) -> Effect:
    """Returns the effect of a cancellation: the amount paid becomes a surplus."""
    return Effect(-current.paid_cents, current.paid_cents)


def cancelled(invoice: Invoice, *, reason: str, replaced_by: str = "") -> Invoice:
    """Returns the invoice *annulée*: visible, never payable; the amount paid is a surplus."""
    facts = {"state": InvoiceState.CANCELLED, "cancelled_for": reason, "replaced_by": replaced_by}
    return apply_effect(invoice, cancel(position_of(invoice))).model_copy(update=facts)


def apply_effect(invoice: Invoice, effect: Effect) -> Invoice:
    """Returns the invoice once this effect is booked."""
    booked = position_of(invoice).plus(effect)
    return invoice.model_copy(update={"paid_cents": booked.paid_cents, "surplus_cents": booked.surplus_cents})


def opening_effect(invoice: Invoice) -> Effect:
    """Returns what was paid before the invoice was imported: it has no entry, for it was counted elsewhere."""
    return Effect(invoice.opening_cents, 0)


def card_key(reference: str, transaction: str) -> str:
    """Returns the entry's key of a payment by card, from PBX_CMD and the bank's transaction."""
    return f"card#{reference}#{transaction}"


def total(entries: Iterable[LedgerEntry]) -> Position:
    """Returns the sum of these entries of one invoice."""
    current = Position()
    for entry in entries:
        current = current.plus(entry.effect)
    return current


def balance_on(invoice: Invoice, day: date, later: Sequence[LedgerEntry] = ()) -> int:
    """Returns *reste à payer* at the end of a day, in cents; `later`: the invoice's entries counted after that day."""
    undone = any(entry.kind is EntryKind.CANCELLATION for entry in later)
    if invoice.issued_on > day or (invoice.state is not InvoiceState.ISSUED and not undone):
        return 0
    paid_then = invoice.paid_cents - total(later).paid_cents
    return max(0, invoice.billed_cents - paid_then)


def agrees(payable_cents: int, stored: Position, entries: Iterable[LedgerEntry]) -> bool:
    """Whether an invoice's stored figures are the sum of its entries, and those that its cash leads to."""
    return position_agrees(payable_cents, stored, total(entries))


def position_agrees(payable_cents: int, stored: Position, summed: Position) -> bool:
    """The same as `agrees`, when the entries are already added up."""
    return summed == stored and summed.cash_cents >= 0 and summed == position(payable_cents, summed.cash_cents)


def entries_agree(invoice: Invoice, summed: Position) -> bool:
    """Whether the invoice's figures are its opening plus its entries, already added up."""
    return position_agrees(invoice.payable_cents, position_of(invoice), summed.plus(opening_effect(invoice)))
