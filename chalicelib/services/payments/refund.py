"""Record a card refund that the régie made in the bank's back office: at most what was paid, each refund once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.ledger import EntryKind, LedgerEntry, card_refund_cents
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.domain.position import Position, position_of, refundable_cents
from chalicelib.domain.reversal import counted, free_key
from chalicelib.domain.settlement import fold_reference
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.paid_invoices import alarms_without_surplus
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Refund:
    """A refund of one card payment. `transaction`, the bank's number of the refund, identifies it.

    A number in digits is the same with zeros before it or not, in groups or not. `invoice_number`: which invoice of the
    payment it gives back, needed when that paid several; one operation of the bank may be shared among them.
    """

    reference: str
    amount_cents: int
    transaction: str
    agent: str
    reason: str = ""
    invoice_number: str = ""

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
        number = _invoice_number(given_back, attempt)
        entries = stores.ledger.of(number)
        if any(given_back.is_same(one) and one.reference != attempt.reference for one in _of_account(attempt, stores)):
            raise MoneyRefused("refund_of_another_payment")
        if booked_before(filter(given_back.is_same, counted(entries)), given_back.amount_cents):
            return (None,)
        moved = _movement(given_back, attempt, number, entries, stores=stores, clock=clock)
        return (moved.entry,) if dry_run or stores.money.write(moved) else None

    (entry,) = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    return entry


def _invoice_number(given_back: Refund, attempt: Attempt) -> str:
    """Returns the invoice that the refund gives back. Raises MoneyRefused for none of several, or for another's."""
    asked, numbers = given_back.invoice_number, attempt.invoice_numbers
    if not asked and len(numbers) > 1:
        raise MoneyRefused("refund_of_which_invoice", numbers=numbers)
    if asked and asked not in numbers:
        raise MoneyRefused("refund_of_another_invoice", numbers=numbers)
    return asked or numbers[0]


def operation_number(typed: str) -> str:
    """Returns what names an operation of the bank: its digits, or letters and digits as folded references are.

    Empty for what a spreadsheet made of a number (« 8,1E+08 »), which names nothing.
    """
    return "" if SCIENTIFIC.fullmatch(typed.strip()) else bank_number(typed) or fold_reference(typed)


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
    given_back: Refund, attempt: Attempt, number: str, entries: list[LedgerEntry], *, stores: Stores, clock: Clock
) -> Movement:
    invoice = stores.invoices.find(attempt.username, number)
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
        alarms=attempt.alarms if moved.after.surplus_cents else alarms_without_surplus(attempt, number, stores=stores),
    )
    return moved.with_attempt(attempt, refunded)


def most_refundable(attempt: Attempt, entries: list[LedgerEntry], current: Position) -> int:
    """Returns what may still be refunded of this payment on one invoice, in cents; `entries` and `current` are its own.

    What was paid of it, less what was refunded.
    """
    mine = [entry for entry in entries if entry.reference == attempt.reference]
    paid_cents = sum(entry.amount_cents for entry in mine if entry.kind is EntryKind.CARD)
    return refundable_cents(paid_cents, sum(map(card_refund_cents, mine)), current)
