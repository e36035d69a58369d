"""Record a card refund that the régie made in the bank's back office: at most what was paid, each refund once."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Alarm, Attempt
from chalicelib.domain.position import Position, position_of, refundable_cents
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

SURPLUS_ALARMS: frozenset[Alarm] = frozenset({Alarm.OVERPAID, Alarm.PAID_TWICE})
"""Alarms that are cleared once the whole surplus is given back."""


@dataclass(frozen=True)
class Refund:
    """A refund of one card payment. `transaction`, the bank's number of the refund, identifies it.

    A number in digits is the same with zeros before it or not, in groups or not.
    """

    reference: str
    amount_cents: int
    transaction: str
    agent: str
    reason: str = ""

    @property
    def key(self) -> str:
        return f"refund#{self.reference}#{bank_number(self.transaction) or self.transaction}"

    def key_in(self, entries: Iterable[LedgerEntry]) -> str:
        """Returns the key that the ledger has it under, which an older entry made of its number as it was typed."""
        same = (entry.key for entry in entries if entry.kind is EntryKind.REFUND and self._is(entry))
        return next(same, self.key)

    def _is(self, entry: LedgerEntry) -> bool:
        number = bank_number(self.transaction)
        return entry.reference == self.reference and bool(number) and bank_number(entry.transaction) == number


def refund(given_back: Refund, *, stores: Stores, clock: Clock, dry_run: bool = False) -> LedgerEntry | None:
    """Book a refund. Returns its entry, None when it was booked before. With `dry_run`, only check.

    Raises NotFound for an unknown or unpaid payment, MoneyRefused, Unavailable.
    """
    if not given_back.transaction:
        raise MoneyRefused("refund_without_number")

    def once() -> tuple[LedgerEntry | None] | None:
        attempt = stores.payments.find(given_back.reference)
        if attempt is None or not attempt.paid:
            raise NotFound
        entries = stores.ledger.of(attempt.invoice_number)
        if booked_before(given_back.key_in(entries), given_back.amount_cents, entries):
            return (None,)
        moved = _movement(given_back, attempt, entries, stores=stores, clock=clock)
        return (moved.entry,) if dry_run or stores.money.write(moved) else None

    (entry,) = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    return entry


def clear_surplus_alarms(number: str, *, stores: Stores, clock: Clock) -> None:
    """Clear the surplus alarms of an invoice's payments: nothing is left to give back. Safe to repeat."""

    def clear(attempt: Attempt) -> Attempt:
        return attempt.changed(clock(), alarms=without_surplus_alarms(attempt))

    for found in stores.payments.of_invoice(number):
        stores.payments.change(found.reference, clear)


def without_surplus_alarms(attempt: Attempt) -> tuple[Alarm, ...]:
    """Returns a payment's alarms other than those of a surplus."""
    return tuple(alarm for alarm in attempt.alarms if alarm not in SURPLUS_ALARMS)


def booked_before(key: str, amount_cents: int, entries: Iterable[LedgerEntry]) -> bool:
    """Returns whether this key is in the ledger. Raises MoneyRefused when it is, with another amount."""
    booked = next((entry for entry in entries if entry.key == key), None)
    if booked and booked.amount_cents != -amount_cents:
        raise MoneyRefused("other_refund", most_cents=-booked.amount_cents)
    return booked is not None


def _movement(
    given_back: Refund, attempt: Attempt, entries: list[LedgerEntry], *, stores: Stores, clock: Clock
) -> Movement:
    invoice = stores.invoices.find(attempt.username, attempt.invoice_number)
    if invoice is None:
        raise NotFound
    most = most_refundable(attempt, entries, position_of(invoice))
    if not 0 < given_back.amount_cents <= most:
        raise MoneyRefused("refund_above_payment", most_cents=most)
    now = clock()
    entry = LedgerEntry.refund(
        invoice,
        given_back.amount_cents,
        key=given_back.key,
        counted_on=day_in_paris(now),
        booked_at=now,
        means=CARD,
        reference=attempt.reference,
        transaction=given_back.transaction,
        agent=given_back.agent,
        note=given_back.reason,
    )
    moved = Movement.booking(entry, invoice)
    refunded = attempt.changed(
        now,
        refunded_cents=attempt.refunded_cents + given_back.amount_cents,
        alarms=attempt.alarms if moved.after.surplus_cents else without_surplus_alarms(attempt),
    )
    return moved.with_attempt(attempt, refunded)


def most_refundable(attempt: Attempt, entries: list[LedgerEntry], current: Position) -> int:
    """Returns what may still be refunded of this payment, in cents: what was paid, less what was refunded."""
    paid_cents = sum(
        entry.amount_cents for entry in entries if entry.kind is EntryKind.CARD and entry.reference == attempt.reference
    )
    return refundable_cents(paid_cents, attempt.refunded_cents, current)
