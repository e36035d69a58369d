"""Make of a verified notice what it means, once: whatever came before, however often it comes."""

from dataclasses import dataclass

from chalicelib.clock import Clock, day_in_paris
from chalicelib.domain import movement
from chalicelib.domain.decision import Decision, receive
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.kept_notice import Fate
from chalicelib.domain.ledger import EntryKind, LedgerEntry, card_key
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Alarm, Attempt, AttemptState, Notice
from chalicelib.errors import Unavailable
from chalicelib.services.payments.stores import ROUNDS, Till

CARD = "carte bancaire"


@dataclass(frozen=True)
class Settled:
    """What a notice came to. `attempt` as it stands, None for a reference that is not ours.

    `alarm` is given the first time only. `surplus_cents` of the payment came above the balance.
    """

    fate: Fate
    attempt: Attempt | None = None
    alarm: Alarm | None = None
    surplus_cents: int = 0


def settle(notice: Notice, *, known_source: bool, till: Till, clock: Clock) -> Settled:
    """Move the attempt that the notice names and book its money; safe to repeat and to run side by side.

    `known_source`: it came from the bank's own address, or from its export.
    Raises Unavailable: then either nothing was written or everything, and doing it again tells which.
    """
    for _ in range(ROUNDS):
        attempt = till.payments.find(notice.reference)
        if attempt is None:
            return Settled(Fate.UNKNOWN)
        decision = receive(attempt, notice, known_source=known_source, now=clock())
        settled = _written(attempt, notice, decision, till=till, clock=clock)
        if settled:
            return settled
    raise Unavailable("payments: the attempt kept changing")


def foresee(notice: Notice, *, till: Till, clock: Clock) -> Settled:
    """What `settle` would do with a line of the bank's export; nothing is written. Raises Unavailable."""
    attempt = till.payments.find(notice.reference)
    if attempt is None:
        return Settled(Fate.UNKNOWN)
    decision = receive(attempt, notice, known_source=True, now=clock())
    if decision.books and _booked(attempt, notice, till.ledger.of(attempt.invoice_number)):
        return Settled(Fate.NOTHING_NEW, attempt)
    return Settled(_fate(attempt, decision, notice), decision.attempt, decision.alarm)


def _written(attempt: Attempt, notice: Notice, decision: Decision, *, till: Till, clock: Clock) -> Settled | None:
    """None when somebody else wrote in between: the decision is to be taken again."""
    if decision.books:
        return _book(attempt, notice, decision, till=till, clock=clock)
    settled = Settled(_fate(attempt, decision, notice), decision.attempt, decision.alarm)
    if decision.attempt == attempt or till.payments.replace(attempt, decision.attempt):
        return settled
    return None


def _book(attempt: Attempt, notice: Notice, decision: Decision, *, till: Till, clock: Clock) -> Settled | None:
    if attempt.paid and _booked(attempt, notice, till.ledger.of(attempt.invoice_number)):
        return Settled(Fate.NOTHING_NEW, attempt)
    invoice = till.invoices.find(attempt.username, attempt.invoice_number)
    if invoice is None:
        return Settled(Fate.UNKNOWN, attempt)
    entry = _entry(attempt, notice, invoice, clock)
    after = movement.after(invoice, entry.effect)
    became = _paid(decision, after, entry) if decision.first else decision.attempt
    moved = {"attempt_before": attempt, "attempt_after": became} if became != attempt else {}
    if not till.books.write(Movement(entry=entry, before=invoice, after=after, **moved)):
        return None
    overpaid = Alarm.OVERPAID if decision.first and entry.surplus_cents else None
    return Settled(_fate(attempt, decision, notice), became, decision.alarm or overpaid, entry.surplus_cents)


def _paid(decision: Decision, after: Invoice, entry: LedgerEntry) -> Attempt:
    """The attempt on its first move to paid, with what its receipt will state of that moment."""
    attempt = decision.attempt
    facts: dict[str, object] = {"balance_cents": after.balance_cents, "surplus_cents": entry.surplus_cents}
    if entry.surplus_cents:
        facts["alarms"] = (*attempt.alarms, Alarm.OVERPAID)
    return attempt.model_copy(update=facts)


def _entry(attempt: Attempt, notice: Notice, invoice: Invoice, clock: Clock) -> LedgerEntry:
    effect = movement.payment_on(invoice, notice.amount_cents)
    now = clock()
    return LedgerEntry(
        key=card_key(attempt.reference, notice.transaction or notice.call),
        kind=EntryKind.CARD,
        invoice_number=invoice.number,
        username=invoice.username,
        applied_cents=effect.applied_cents,
        surplus_cents=effect.surplus_cents,
        counted_on=notice.paid_on or day_in_paris(now),
        booked_at=now,
        means=CARD,
        reference=attempt.reference,
        transaction=notice.transaction,
        call=notice.call,
    )


def _booked(attempt: Attempt, notice: Notice, entries: list[LedgerEntry]) -> bool:
    """This very movement is in the ledger already, whichever of its numbers it was booked under."""
    mine = (one for one in entries if one.kind is EntryKind.CARD and one.reference == attempt.reference)
    known = (notice.model_copy(update={"transaction": one.transaction, "call": one.call}) for one in mine)
    return any(notice.same_payment(one) for one in known)


def _fate(before: Attempt, decision: Decision, notice: Notice) -> Fate:
    if decision.books:
        return Fate.PAID if decision.first else Fate.PAID_AGAIN
    if notice.amount_cents != before.amount_cents and not before.settled_by(notice):
        return Fate.DIFFERENT
    if decision.attempt == before:
        return Fate.NOTHING_NEW
    return Fate.HELD if decision.attempt.state is AttemptState.HELD else Fate.MOVED
