"""Record what the régie gave back in the bank's own office: never more than was paid, and the same refund once."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain import ledger
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement, position_of
from chalicelib.domain.payment import Alarm, Attempt
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

ABOVE: frozenset[Alarm] = frozenset({Alarm.OVERPAID, Alarm.PAID_TWICE})
"""What giving the whole surplus back explains."""


@dataclass(frozen=True)
class Refund:
    """Of one payment by card. `transaction` is the bank's number of the refund, by which it is known again."""

    reference: str
    amount_cents: int
    transaction: str
    agent: str
    reason: str = ""

    @property
    def key(self) -> str:
        return f"refund#{self.reference}#{self.transaction}"


def refund(given_back: Refund, *, stores: Stores, clock: Clock, dry_run: bool = False) -> LedgerEntry | None:
    """Book a refund; None when it was booked before. With `dry_run`, only check it.

    Raises NotFound for a payment that is none of ours or was never paid, MoneyRefused, Unavailable.
    """
    if not given_back.transaction:
        raise MoneyRefused("refund_without_number")

    def once() -> tuple[LedgerEntry | None] | None:
        attempt = stores.payments.find(given_back.reference)
        if attempt is None or not attempt.paid:
            raise NotFound
        entries = stores.ledger.of(attempt.invoice_number)
        if booked_before(given_back.key, given_back.amount_cents, entries):
            return (None,)
        moved = _movement(given_back, attempt, entries, stores=stores, clock=clock)
        return (moved.entry,) if dry_run or stores.money.write(moved) else None

    (entry,) = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    return entry


def forget_surplus_alarms(number: str, *, stores: Stores, clock: Clock) -> None:
    """Nothing of the invoice is left to give back: its payments above the balance are explained. Safe to repeat."""
    for found in stores.payments.of_invoice(number):

        def once(reference: str = found.reference) -> bool | None:
            attempt = stores.payments.find(reference)
            calm = attempt.changed(clock(), alarms=without_surplus_alarms(attempt)) if attempt else None
            return attempt is None or calm is attempt or stores.payments.replace(attempt, calm or attempt) or None

        once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)


def without_surplus_alarms(attempt: Attempt) -> tuple[Alarm, ...]:
    """What is left of a payment's alarms once no surplus is."""
    return tuple(alarm for alarm in attempt.alarms if alarm not in ABOVE)


def booked_before(key: str, amount_cents: int, entries: Iterable[LedgerEntry]) -> bool:
    """What was given back under this key is in the ledger. Raises MoneyRefused when it is, of another amount."""
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
    most = most_refundable(attempt, entries, ledger.position_of(invoice))
    if not 0 < given_back.amount_cents <= most:
        raise MoneyRefused("refund_above_payment", most_cents=most)
    effect = ledger.give_back(position_of(invoice), given_back.amount_cents)
    now = clock()
    entry = LedgerEntry(
        key=given_back.key,
        kind=EntryKind.REFUND,
        invoice_number=invoice.number,
        username=invoice.username,
        applied_cents=effect.applied_cents,
        surplus_cents=effect.surplus_cents,
        counted_on=day_in_paris(now),
        booked_at=now,
        means=CARD,
        reference=attempt.reference,
        transaction=given_back.transaction,
        agent=given_back.agent,
        note=given_back.reason,
    )
    after = ledger.after(invoice, effect)
    refunded = attempt.changed(
        now,
        refunded_cents=attempt.refunded_cents + given_back.amount_cents,
        alarms=attempt.alarms if after.surplus_cents else without_surplus_alarms(attempt),
    )
    return Movement(entry=entry, before=invoice, after=after, attempt_before=attempt, attempt_after=refunded)


def most_refundable(attempt: Attempt, entries: list[LedgerEntry], current: ledger.Position) -> int:
    """What may still be given back of this payment, in cents: what it brought, less what was given back of it."""
    brought = sum(
        entry.amount_cents for entry in entries if entry.kind is EntryKind.CARD and entry.reference == attempt.reference
    )
    return ledger.refundable_cents(brought, attempt.refunded_cents, current)
