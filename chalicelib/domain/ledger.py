"""The ledger: its entries, each one movement of money (or of credit) on one invoice, written once and never changed,
but for the number of its *quittance*, which is set once, and its payer, which goes with a purged invoice.

The *cash* of an invoice is what it received less what it gave back. *Montant réglé* is the cash up to the payable
amount, the surplus is the rest: entries may come in any order and lead to the same two figures. The payable amount is
what the invoice bills; 0 for a credit note or a cancelled invoice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.payment import Notice
from chalicelib.domain.position import Effect, Position, cancel, effect_of, position, position_of
from chalicelib.domain.settlement import Settlement

CANCELLATION_KEY = "cancellation"
"""The key of its entry: an invoice is cancelled once."""


COUNTER = "COUNTER"
"""The origin of an entry that an agent typed at the counter: it has a *quittance*, and its day must be open."""


class EntryKind(StrEnum):
    """The kind of a movement."""

    CARD = "CARD"
    OTHER = "OTHER"
    """*Règlement* at the counter, by cheque, by direct debit: typed, or imported from a file."""

    OPENING = "OPENING"
    """What other software had already counted when the invoice was imported."""

    REFUND = "REFUND"
    """Refunded by the régie: card payments in the bank's back office, others by the payment method `means`."""

    CANCELLATION = "CANCELLATION"
    """The invoice is *annulée*: no money moves, the amount paid becomes a surplus."""

    REVERSAL = "REVERSAL"
    """*Contre-passation*: the opposite of another entry of the invoice, named by `reverses`; both stay."""

    OFFSET = "OFFSET"
    """*Imputation*: credit of one invoice of the account pays another, named by `counterpart`; no money moves."""


class LedgerEntry(Model):
    """One movement on one invoice. `key` makes it unique: the same movement is never booked twice.

    Amounts in cents; `counted_on` is the day of the régie's accounts, `received_on` the movement's own day when that is
    counted later, `booked_at` the instant of writing (UTC). `reference` is that of the attempt for what was paid or
    refunded by card, else what was typed; `transaction` and `call` are the bank's own numbers; `means` is the payment
    method, `payer` who paid (*émetteur*). `agent` and `note`: who entered it at the office, and why. `origin`: COUNTER,
    or empty; `quittance`: the number of the quittance that was given for it.
    """

    key: str
    kind: EntryKind
    invoice_number: str
    username: str
    applied_cents: int
    surplus_cents: int
    counted_on: date
    booked_at: datetime
    received_on: date | None = None
    means: str = ""
    reference: str = ""
    transaction: str = ""
    call: str = ""
    payer: str = ""
    reverses: str = ""
    counterpart: str = ""
    agent: str = ""
    note: str = ""
    origin: str = ""
    quittance: int | None = None

    @classmethod
    def card_payment(
        cls, invoice: Invoice, notice: Notice, *, means: str, counted_on: date, booked_at: datetime
    ) -> "LedgerEntry":
        """Returns the entry of a payment by card, from the bank's notice. Raises ValueError unless it is positive."""
        return cls._of(
            invoice,
            _positive(notice.amount_cents),
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
    def settlement(
        cls,
        invoice: Invoice,
        settlement: Settlement,
        *,
        booked_at: datetime,
        agent: str,
        nth: int = 1,
        origin: str = "",
    ) -> "LedgerEntry":
        """Returns the entry of a settlement, the `nth` of those alike. Raises ValueError unless it is positive."""
        return cls._of(
            invoice,
            _positive(settlement.amount_cents),
            key=settlement.key(nth),
            kind=EntryKind.OTHER,
            counted_on=settlement.received_on,
            booked_at=booked_at,
            means=settlement.means,
            reference=settlement.reference,
            payer=settlement.payer,
            agent=agent,
            origin=origin,
        )

    @classmethod
    def refund(cls, invoice: Invoice, amount_cents: int, **facts: Any) -> "LedgerEntry":
        """Returns the entry of what the régie gave back, by card or otherwise.

        `facts`: its other fields. Raises ValueError unless the amount is positive, and at most what there is.
        """
        return cls._of(invoice, -_positive(amount_cents), kind=EntryKind.REFUND, **facts)

    @classmethod
    def reversal(cls, invoice: Invoice, undone: "LedgerEntry", **facts: Any) -> "LedgerEntry":
        """Returns the opposite of an entry of this invoice. `facts`: key, day, instant, agent, reason, own reference.

        Raises ValueError when the invoice has already given back what it would take away.
        """
        kept = {name: getattr(undone, name) for name in ("means", "reference", "transaction", "call", "counterpart")}
        return cls._of(
            invoice,
            -undone.amount_cents,
            kind=EntryKind.REVERSAL,
            reverses=undone.key,
            **(kept | facts),
        )

    @classmethod
    def offset(cls, invoice: Invoice, amount_cents: int, other: Invoice, **facts: Any) -> "LedgerEntry":
        """Returns the entry of credit that this invoice gives to `other` (negative amount), or receives from it.

        Raises ValueError when it would give more than it has.
        """
        return cls._of(invoice, amount_cents, kind=EntryKind.OFFSET, counterpart=other.number, **facts)

    @classmethod
    def cancellation(
        cls, invoice: Invoice, *, counted_on: date, booked_at: datetime, agent: str, note: str
    ) -> "LedgerEntry":
        """Returns the entry of an invoice that becomes *annulée*: no money moves."""
        return cls(
            invoice_number=invoice.number,
            username=invoice.username,
            **cancel(position_of(invoice))._asdict(),
            key=CANCELLATION_KEY,
            kind=EntryKind.CANCELLATION,
            counted_on=counted_on,
            booked_at=booked_at,
            agent=agent,
            note=note,
        )

    @classmethod
    def _of(cls, invoice: Invoice, amount_cents: int, **facts: Any) -> "LedgerEntry":
        effect = effect_of(invoice, amount_cents)
        return cls(invoice_number=invoice.number, username=invoice.username, **effect._asdict(), **facts)

    @property
    def amount_cents(self) -> int:
        """The amount received, or given back when negative (cents)."""
        return self.applied_cents + self.surplus_cents

    @property
    def effect(self) -> Effect:
        return Effect(self.applied_cents, self.surplus_cents)

    @property
    def day(self) -> date:
        """The movement's own day, whenever it is counted."""
        return self.received_on or self.counted_on


def card_key(reference: str, transaction: str) -> str:
    """Returns the entry's key of a payment by card, from PBX_CMD and the bank's transaction."""
    return f"card#{reference}#{transaction}"


def card_refund_cents(entry: LedgerEntry) -> int:
    """Returns what an entry gave back of a card payment, negative when it undoes a refund; 0 for any other entry."""
    card_refund = entry.transaction and entry.kind in {EntryKind.REFUND, EntryKind.REVERSAL}
    return -entry.amount_cents if card_refund else 0


def opening_effect(invoice: Invoice) -> Effect:
    """Returns what was paid before the invoice was imported: it has no entry, for it was counted elsewhere."""
    return Effect(invoice.opening_cents, 0)


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


def entries_agree(invoice: Invoice, summed: Position) -> bool:
    """Whether an invoice's figures are its opening plus its entries (added up), and those that its cash leads to."""
    summed = summed.plus(opening_effect(invoice))
    if summed != position_of(invoice) or summed.cash_cents < -invoice.credit_note_cents:
        return False
    return summed == position(invoice.payable_cents, summed.cash_cents, credit_cents=invoice.credit_note_cents)


def _positive(amount_cents: int) -> int:
    if amount_cents <= 0:
        raise ValueError("this amount is positive")
    return amount_cents
