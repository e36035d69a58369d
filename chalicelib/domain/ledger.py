"""The one ledger: each movement of money once, its share that settles the invoice and its share above the balance.

What an invoice has received and not given back (its *cash*) decides everything: *montant réglé* is the cash up to what
is payable, the surplus is the rest. So entries may come in any order and still end in the same two figures. What is
payable is what the invoice bills; nothing for a credit note or once it is cancelled.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Attempt


class EntryKind(StrEnum):
    """Where the money came from, or went to."""

    CARD = "CARD"
    OTHER = "OTHER"
    """*Règlement* at the counter, by cheque, by debit: imported by file."""

    OPENING = "OPENING"
    """What other software had already counted when the invoice was taken over."""

    REFUND = "REFUND"
    """Given back by the régie: in the bank's own office what came by card, else as `means` says."""

    CANCELLATION = "CANCELLATION"
    """The invoice is *annulée*: no money moves, what was paid becomes a surplus."""


class Effect(NamedTuple):
    """How a movement changes an invoice's two figures, in cents; either may be negative."""

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
    `reference` is that of the attempt for what was paid or given back by card, else what the file says; `transaction`
    and `call` are the bank's own numbers. `agent` and `note`: who wrote it at the desk, and why.
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
        """What came in, or went out when negative."""
        return self.applied_cents + self.surplus_cents

    @property
    def effect(self) -> Effect:
        return Effect(self.applied_cents, self.surplus_cents)


def position(payable_cents: int, cash_cents: int) -> Position:
    """Where an invoice of this payable amount stands when it holds this cash.

    Raises ValueError when more was given back than came in.
    """
    if cash_cents < 0:
        raise ValueError("an invoice cannot have given back more than it received")
    paid = min(max(payable_cents, 0), cash_cents)
    return Position(paid, cash_cents - paid)


def settle(payable_cents: int, paid_cents: int, amount_cents: int) -> Effect:
    """Money that comes in: what fills the balance, and what is above it. Raises ValueError unless it is positive."""
    if amount_cents <= 0:
        raise ValueError("only a positive amount settles an invoice")
    applied = min(amount_cents, max(0, payable_cents - paid_cents))
    return Effect(applied, amount_cents - applied)


def give_back(current: Position, amount_cents: int) -> Effect:
    """Money that goes out: the surplus first, then what was paid.

    Raises ValueError unless it is positive and no more than what the invoice holds.
    """
    if not 0 < amount_cents <= current.cash_cents:
        raise ValueError("a refund is positive and never above what was received")
    from_surplus = min(amount_cents, current.surplus_cents)
    return Effect(from_surplus - amount_cents, -from_surplus)


def cancel(current: Position) -> Effect:
    """The invoice is cancelled: everything that was paid on it is a surplus."""
    return Effect(-current.paid_cents, current.paid_cents)


def refundable_cents(payment_cents: int, refunded_cents: int, current: Position) -> int:
    """The most that may still be given back of one payment: what is left of it, and of the invoice's cash."""
    return max(0, min(payment_cents - refunded_cents, current.cash_cents))


def card_key(reference: str, transaction: str) -> str:
    """The key of a payment by card: (PBX_CMD, the bank's transaction)."""
    return f"card#{reference}#{transaction}"


def total(entries: Iterable[LedgerEntry]) -> Position:
    """The two figures that these entries of one invoice add up to."""
    current = Position()
    for entry in entries:
        current = current.plus(entry.effect)
    return current


def agrees(payable_cents: int, stored: Position, entries: Iterable[LedgerEntry]) -> bool:
    """An invoice's stored figures are those of its entries, and those that its cash leads to."""
    return stands(payable_cents, stored, total(entries))


def stands(payable_cents: int, stored: Position, summed: Position) -> bool:
    """The same, when the entries are already added up."""
    return summed == stored and summed.cash_cents >= 0 and summed == position(payable_cents, summed.cash_cents)


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
    return settle(invoice.payable_cents, invoice.paid_cents, amount_cents)


def after(invoice: Invoice, effect: Effect) -> Invoice:
    """The invoice once this effect is booked."""
    moved = position_of(invoice).plus(effect)
    return invoice.model_copy(update={"paid_cents": moved.paid_cents, "surplus_cents": moved.surplus_cents})


def cancelled(invoice: Invoice, *, reason: str, replaced_by: str = "") -> Invoice:
    """*Annulée*: shown, never payable; what was paid is a surplus."""
    facts = {"state": InvoiceState.CANCELLED, "cancelled_for": reason, "replaced_by": replaced_by}
    return after(invoice, cancel(position_of(invoice))).model_copy(update=facts)


def opening(invoice: Invoice) -> Effect:
    """What the invoice already held when it was taken in: no entry says it, for it was counted elsewhere."""
    return Effect(invoice.opening_cents, 0)


def entries_agree(invoice: Invoice, summed: Position) -> bool:
    """Whether the invoice's two figures are those of its opening and of its entries, already added up."""
    return stands(invoice.payable_cents, position_of(invoice), summed.plus(opening(invoice)))


def balance_on(invoice: Invoice, day: date, later: Sequence[LedgerEntry] = ()) -> int:
    """*Reste à payer* as it stood at the end of a day, given the entries of this invoice that are counted later."""
    undone = any(entry.kind is EntryKind.CANCELLATION for entry in later)
    if invoice.issued_on > day or (invoice.state is not InvoiceState.ISSUED and not undone):
        return 0
    paid_then = invoice.paid_cents - total(later).paid_cents
    return max(0, invoice.billed_cents - paid_then)
