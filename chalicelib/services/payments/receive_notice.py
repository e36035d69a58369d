"""Receive the bank's payment notices: store an authentic one raw first, settle the payment, then mark it as done."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import Decision, NoticeOutcome, StoredNotice, receive
from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Alarm, Attempt, AttemptState, Notice
from chalicelib.errors import NotFound, NoticeRejected, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.payment.notice import fingerprint
from chalicelib.services.payments.paid_invoices import invoices_of
from chalicelib.services.payments.sweep import RECEIPT
from chalicelib.store.journal import JournalStore
from chalicelib.store.retry import retry
from chalicelib.stores import Stores
from chalicelib.tasks import Tasks

Read = Callable[[bytes], Notice]
"""Verifies and parses a raw notice (bytes). Raises NoticeRejected."""

PROCESSING_TIMEOUT = timedelta(minutes=2)
"""Longer than receiving a notice takes: after it, processing timed out before the payment was settled."""

CARD = "carte bancaire"
MAIL_TASK = "mail_payment"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceivedNotice:
    """A notice as received: its bytes, the IP address that sent it, and whether that is one of the bank's."""

    raw: bytes
    source: str
    known_source: bool

    @property
    def digest(self) -> str:
        """Its SHA-256 fingerprint: safe to log, and the key it is stored under."""
        return fingerprint(self.raw)


@dataclass(frozen=True)
class SettledNotice:
    """The result of a notice. `attempt` as stored, None for an unknown reference.

    `alarm` is set the first time only. `surplus_cents`: the part of the payment above the balance.
    """

    fate: NoticeOutcome
    attempt: Attempt | None = None
    alarm: Alarm | None = None
    surplus_cents: int = 0


def receive_notice(received: ReceivedNotice, *, read: Read, stores: Stores, clock: Clock) -> SettledNotice:
    """Store a notice and settle its payment. Returns the result.

    Raises NoticeRejected (nothing is done; one that the bank signed but we cannot read is stored), or Unavailable: the
    notice is then stored for `settle_waiting_notices`, or was not received at all.
    """
    try:
        notice = read(received.raw)
    except NoticeRejected as refusal:
        if refusal.unreadable:
            stores.notices.keep(_to_store(received, clock).model_copy(update={"fate": NoticeOutcome.UNREADABLE}))
        raise
    stored = _to_store(received, clock).model_copy(update={"notice": notice})
    stores.notices.keep(stored)
    settled = settle_notice(notice, known_source=received.known_source, stores=stores, clock=clock)
    # The payment is settled: a notice that is not marked as done is only processed again.
    with contextlib.suppress(Unavailable):
        stores.notices.conclude(stored, settled.fate)
    return settled


def settle_waiting_notices(*, stores: Stores, clock: Clock) -> list[SettledNotice]:
    """Settle the stored notices whose processing timed out (a crash, a failing store). Safe to repeat."""
    results = []
    for stored in stores.notices.waiting(clock() - PROCESSING_TIMEOUT):
        if stored.notice is None:
            continue
        settled = settle_notice(stored.notice, known_source=stored.known_source, stores=stores, clock=clock)
        stores.notices.conclude(stored, settled.fate)
        results.append(settled)
    return results


def _to_store(received: ReceivedNotice, clock: Clock) -> StoredNotice:
    return StoredNotice(
        digest=received.digest,
        received_at=clock(),
        source=received.source,
        known_source=received.known_source,
        raw=received.raw.decode("latin-1"),
    )


def settle_notice(
    notice: Notice, *, known_source: bool, from_export: bool = False, stores: Stores, clock: Clock
) -> SettledNotice:
    """Update the attempt that the notice names and book its money. Safe to repeat and to run concurrently.

    `known_source`: it came from the bank's own address, or `from_export`, its export. Returns the result.
    Raises Unavailable: then nothing or everything was written, and a retry finds out which.
    """

    def once() -> SettledNotice | None:
        attempt = stores.payments.find(notice.reference)
        if attempt is None:
            return SettledNotice(NoticeOutcome.UNKNOWN)
        decision = receive(attempt, notice, known_source=known_source, from_export=from_export, now=clock())
        if decision.alarm is Alarm.INCOMPLETE and _known(attempt, notice, stores):
            return SettledNotice(NoticeOutcome.NOTHING_NEW, attempt)
        return _written(attempt, notice, decision, stores=stores, clock=clock)

    return once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)


def preview_notice(notice: Notice, *, stores: Stores, clock: Clock) -> SettledNotice:
    """Returns what `settle_notice` would do with a line of the bank's export, writing nothing. Raises Unavailable."""
    attempt = stores.payments.find(notice.reference)
    if attempt is None:
        return SettledNotice(NoticeOutcome.UNKNOWN)
    decision = receive(attempt, notice, known_source=True, from_export=True, now=clock())
    if decision.books and _known(attempt, notice, stores):
        return SettledNotice(NoticeOutcome.NOTHING_NEW, attempt)
    return SettledNotice(_fate(attempt, decision, notice), decision.attempt, decision.alarm)


def _written(
    attempt: Attempt, notice: Notice, decision: Decision, *, stores: Stores, clock: Clock
) -> SettledNotice | None:
    """Returns None after a concurrent write: the decision must be taken again."""
    if decision.books:
        return _book(attempt, notice, decision, stores=stores, clock=clock)
    settled = SettledNotice(_fate(attempt, decision, notice), decision.attempt, decision.alarm)
    if decision.attempt == attempt or stores.payments.replace(attempt, decision.attempt):
        return settled
    return None


def _book(
    attempt: Attempt, notice: Notice, decision: Decision, *, stores: Stores, clock: Clock
) -> SettledNotice | None:
    if _known(attempt, notice, stores):
        return SettledNotice(NoticeOutcome.NOTHING_NEW, attempt)
    try:
        invoices = invoices_of(attempt, stores=stores)
    except NotFound:
        return SettledNotice(NoticeOutcome.UNKNOWN, attempt)
    moved = [*map(partial(_movement, notice, clock()), invoices, attempt.parts)]
    updated = _paid(decision.attempt, moved) if decision.first else decision.attempt
    if not stores.money.write(moved[0].with_attempt(attempt, updated), *moved[1:]):
        return None
    above = sum(movement.entry.surplus_cents for movement in moved)
    overpaid = Alarm.OVERPAID if decision.first and above else None
    return SettledNotice(_fate(attempt, decision, notice), updated, decision.alarm or overpaid, above)


def _movement(notice: Notice, now: datetime, invoice: Invoice, part: Share) -> Movement:
    """Returns what the payment brings to one of its invoices: its own part, whatever happened to the others."""
    mine = notice.model_copy(update={"amount_cents": part.amount_cents})
    counted_on = notice.paid_on or day_in_paris(now)
    entry = LedgerEntry.card_payment(invoice, mine, means=CARD, counted_on=counted_on, booked_at=now)
    return Movement.booking(entry, invoice)


def _paid(attempt: Attempt, moved: Sequence[Movement]) -> Attempt:
    """Returns the attempt, paid for the first time, with the balances that its receipt will state."""
    left = ({"balance_cents": one.after.balance_cents, "surplus_cents": one.entry.surplus_cents} for one in moved)
    paid = attempt.settling(
        tuple(part.model_copy(update=facts) for part, facts in zip(attempt.parts, left, strict=True))
    )
    return paid.model_copy(update={"alarms": (*paid.alarms, Alarm.OVERPAID)}) if paid.surplus_cents else paid


def _known(attempt: Attempt, notice: Notice, stores: Stores) -> bool:
    """Returns whether this payment is in the ledger already, under its transaction or its call number.

    Its entries are written together: that of its first invoice says so for all.
    """
    if not attempt.paid:
        return False
    entries = stores.ledger.of(attempt.invoice_number)
    mine = (one for one in entries if one.kind is EntryKind.CARD and one.reference == attempt.reference)
    known = (notice.model_copy(update={"transaction": one.transaction, "call": one.call}) for one in mine)
    return any(notice.same_payment(one) for one in known)


def _fate(before: Attempt, decision: Decision, notice: Notice) -> NoticeOutcome:
    if decision.books:
        return NoticeOutcome.PAID if decision.first else NoticeOutcome.PAID_AGAIN
    if notice.amount_cents != before.amount_cents and not before.settled_by(notice):
        return NoticeOutcome.DIFFERENT
    if decision.attempt == before:
        return NoticeOutcome.NOTHING_NEW
    return NoticeOutcome.NEEDS_REVIEW if decision.attempt.state is AttemptState.NEEDS_REVIEW else NoticeOutcome.MOVED


def follow_up(settled: SettledNotice, *, tasks: Tasks, journal: JournalStore, clock: Clock) -> None:
    """Log the alarm, start the receipt's mail and add the journal entry. Never raises Unavailable. Safe to repeat."""
    attempt = settled.attempt
    if settled.alarm and attempt:
        logger.error("payment_alarm", extra={"alarm": settled.alarm, "reference": attempt.reference})
    if attempt is None or settled.fate is NoticeOutcome.DIFFERENT:
        return
    with contextlib.suppress(Unavailable):
        if attempt.receipt_due:
            start_mail(attempt, RECEIPT, tasks=tasks)
        if settled.fate is NoticeOutcome.PAID:
            journal.note(attempt.username, "invoice_paid", at=clock(), detail=", ".join(attempt.invoice_numbers))


def start_mail(attempt: Attempt, mail: str, *, tasks: Tasks) -> None:
    """Start the task that sends the mail of an attempt. Raises Unavailable."""
    tasks.start(MAIL_TASK, {"reference": attempt.reference, "mail": mail})
