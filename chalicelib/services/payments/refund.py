"""Record a card refund that the régie made in the bank's back office: at most what was paid, each refund once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Alarm, Attempt
from chalicelib.domain.position import Position, position_of, refundable_cents
from chalicelib.domain.reversal import counted, free_key
from chalicelib.domain.settlement import fold_reference
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
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
        return f"refund#{self.reference}#{operation_number(self.transaction)}"

    def is_same(self, entry: LedgerEntry) -> bool:
        """Whether an entry is a refund of this number, of whatever payment and however it was typed."""
        same = operation_number(entry.transaction) == operation_number(self.transaction)
        return entry.kind is EntryKind.REFUND and same


def refund(given_back: Refund, *, stores: Stores, clock: Clock, dry_run: bool = False) -> LedgerEntry | None:
    """Book a refund. Returns its entry, None when it was booked before. With `dry_run`, only check.

    Raises NotFound for an unknown or unpaid payment, MoneyRefused, Unavailable.
    """
    if not operation_number(given_back.transaction):
        raise MoneyRefused("refund_without_number")

    def once() -> tuple[LedgerEntry | None] | None:
        attempt = stores.payments.find(given_back.reference)
        if attempt is None or not attempt.paid:
            raise NotFound
        entries = stores.ledger.of(attempt.invoice_number)
        if any(given_back.is_same(one) and one.reference != attempt.reference for one in _of_account(attempt, stores)):
            raise MoneyRefused("refund_of_another_payment")
        if booked_before(filter(given_back.is_same, counted(entries)), given_back.amount_cents):
            return (None,)
        moved = _movement(given_back, attempt, entries, stores=stores, clock=clock)
        return (moved.entry,) if dry_run or stores.money.write(moved) else None

    (entry,) = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    return entry


def operation_number(typed: str) -> str:
    """Returns what names an operation of the bank: its digits, or letters and digits as folded references are.

    Empty for what a spreadsheet made of a number (« 8,1E+08 »), which names nothing.
    """
    return "" if SCIENTIFIC.fullmatch(typed.strip()) else bank_number(typed) or fold_reference(typed)


def clear_surplus_alarms(number: str, *, stores: Stores, clock: Clock) -> None:
    """Clear the surplus alarms of an invoice's payments: nothing is left to give back. Safe to repeat."""

    def clear(attempt: Attempt) -> Attempt:
        return attempt.changed(clock(), alarms=without_surplus_alarms(attempt))

    for found in stores.payments.of_invoice(number):
        stores.payments.change(found.reference, clear)


def without_surplus_alarms(attempt: Attempt) -> tuple[Alarm, ...]:
    """Returns a payment's alarms other than those of a surplus."""
    return tuple(alarm for alarm in attempt.alarms if alarm not in SURPLUS_ALARMS)


def booked_before(same: Iterable[LedgerEntry], amount_cents: int) -> bool:
    """Returns whether one of these entries, known as the same refund, is booked.

    Raises MoneyRefused when it has another amount.
    """
    booked = next(iter(same), None)
    if booked and booked.amount_cents != -amount_cents:
        raise MoneyRefused("other_refund", most_cents=-booked.amount_cents)
    return booked is not None


def _of_account(attempt: Attempt, stores: Stores) -> list[LedgerEntry]:
    """Returns the account's entries, those undone on other invoices included. The index may lag."""
    return stores.ledger.of_account(attempt.username, since=day_in_paris(attempt.created_at))


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
        key=free_key(given_back.key, entries),
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
