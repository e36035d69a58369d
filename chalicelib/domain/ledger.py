"""The ledger of payments and refunds: its entries, and how each changes an invoice's amount paid and surplus.

The *cash* of an invoice is what it received less what was refunded. *Montant réglé* is the cash up to the payable
amount, the surplus is the rest: entries may come in any order and lead to the same two figures. The payable amount is
what the invoice bills; 0 for a credit note or a cancelled invoice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Attempt, Notice
from chalicelib.domain.position import Effect, Position, cancel, payment_on, position, position_of, refund_effect
from chalicelib.domain.settlement import Settlement

CANCELLATION_KEY = "cancellation"
"""The key of its entry: an invoice is cancelled once."""


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

    @classmethod
    def card_payment(
        cls, invoice: Invoice, notice: Notice, *, means: str, counted_on: date, booked_at: datetime
    ) -> "LedgerEntry":
        """Returns the entry of a payment by card, from the bank's notice. Raises ValueError unless it is positive."""
        return cls._of(
            invoice,
            payment_on(invoice, notice.amount_cents),
            key=card_key(notice.reference, notice.transaction or notice.call),
            kind=EntryKind.CARD,
            counted_on=counted_on,
            booked_at=booked_at,
            means=means,
            reference=notice.reference,
            transaction=notice.transaction,
            call=notice.call,
        )

    @classmethod
    def settlement(cls, invoice: Invoice, settlement: Settlement, *, booked_at: datetime, agent: str) -> "LedgerEntry":
        """Returns the entry of a settlement. Raises ValueError unless it is positive."""
        return cls._of(
            invoice,
            payment_on(invoice, settlement.amount_cents),
            key=settlement.key,
            kind=EntryKind.OTHER,
            counted_on=settlement.received_on,
            booked_at=booked_at,
            means=settlement.means,
            reference=settlement.reference,
            agent=agent,
        )

    @classmethod
    def refund(
        cls, invoice: Invoice, amount_cents: int, *, key: str, counted_on: date, booked_at: datetime, means: str,
        reference: str, transaction: str = "", agent: str, note: str,
    ) -> "LedgerEntry":  # fmt: skip
        """Returns the entry of what the régie gave back, by card or otherwise. Raises ValueError: see refund_effect."""
        return cls._of(
            invoice,
            refund_effect(position_of(invoice), amount_cents),
            key=key,
            kind=EntryKind.REFUND,
            counted_on=counted_on,
            booked_at=booked_at,
            means=means,
            reference=reference,
            transaction=transaction,
            agent=agent,
            note=note,
        )

    @classmethod
    def cancellation(
        cls, invoice: Invoice, *, counted_on: date, booked_at: datetime, agent: str, note: str
    ) -> "LedgerEntry":
        """Returns the entry of an invoice that becomes *annulée*: no money moves."""
        return cls._of(
            invoice,
            cancel(position_of(invoice)),
            key=CANCELLATION_KEY,
            kind=EntryKind.CANCELLATION,
            counted_on=counted_on,
            booked_at=booked_at,
            agent=agent,
            note=note,
        )

    @classmethod
    def _of(cls, invoice: Invoice, effect: Effect, **facts: Any) -> "LedgerEntry":
        return cls(invoice_number=invoice.number, username=invoice.username, **effect._asdict(), **facts)

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

    @classmethod
    def booking(cls, entry: LedgerEntry, invoice: Invoice) -> "Movement":
        """Returns the movement of an entry that changes nothing of its invoice but the amount paid and the surplus."""
        return cls(entry=entry, before=invoice, after=apply_effect(invoice, entry.effect))

    def with_attempt(self, before: Attempt, after: Attempt) -> "Movement":
        """Returns the same movement, which also writes the attempt if it changes."""
        changed = {"attempt_before": before, "attempt_after": after} if before != after else {}
        return self.model_copy(update=changed)


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
