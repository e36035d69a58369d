"""Hear the bank: an authentic message is kept raw before anything else is done, then settled, then marked as done."""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain import ledger
from chalicelib.domain.bank_notice import Decision, Fate, KeptNotice, receive
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement, card_key
from chalicelib.domain.payment import Alarm, Attempt, AttemptState, Notice
from chalicelib.errors import NoticeRejected, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.payment.notice import fingerprint
from chalicelib.services.payments.sweep import RECEIPT
from chalicelib.store.journal import JournalStore
from chalicelib.store.retry import retry
from chalicelib.stores import Stores
from chalicelib.tasks import Tasks

Read = Callable[[bytes], Notice]
"""Verifies and reads a raw message; raises NoticeRejected."""

LEFT_ALONE = timedelta(minutes=2)
"""Longer than hearing a message takes: after it, whoever heard it has died before it was settled."""


CARD = "carte bancaire"
MAIL_TASK = "mail_payment"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceivedNotice:
    """A message as it came: its octets, the address that sent it, and whether that is one of the bank's."""

    raw: bytes
    source: str
    known_source: bool

    @property
    def digest(self) -> str:
        """What a log may say of it, and the name it is kept under."""
        return fingerprint(self.raw)


@dataclass(frozen=True)
class Settled:
    """What a notice came to. `attempt` as it stands, None for a reference that is not ours.

    `alarm` is given the first time only. `surplus_cents` of the payment came above the balance.
    """

    fate: Fate
    attempt: Attempt | None = None
    alarm: Alarm | None = None
    surplus_cents: int = 0


def receive_notice(heard: ReceivedNotice, *, read: Read, stores: Stores, clock: Clock) -> Settled:
    """Keep and settle a message.

    Raises NoticeRejected (nothing is done; one that the bank did sign and we cannot read is kept), or Unavailable: the
    message is then kept for `take_up`, or was not received at all.
    """
    try:
        notice = read(heard.raw)
    except NoticeRejected as refusal:
        if refusal.unreadable:
            stores.notices.keep(_kept(heard, clock).model_copy(update={"fate": Fate.UNREADABLE}))
        raise
    kept = _kept(heard, clock).model_copy(update={"notice": notice})
    stores.notices.keep(kept)
    settled = settle(notice, known_source=heard.known_source, stores=stores, clock=clock)
    with contextlib.suppress(Unavailable):  # the money is settled: what is not marked is only looked at once more
        stores.notices.conclude(kept, settled.fate)
    return settled


def settle_waiting_notices(*, stores: Stores, clock: Clock) -> list[Settled]:
    """Settle the messages that were kept and then left alone, by a crash or a failure of the store. Safe to repeat."""
    taken_up = []
    for kept in stores.notices.waiting(clock() - LEFT_ALONE):
        if kept.notice is None:
            continue
        settled = settle(kept.notice, known_source=kept.known_source, stores=stores, clock=clock)
        stores.notices.conclude(kept, settled.fate)
        taken_up.append(settled)
    return taken_up


def _kept(heard: ReceivedNotice, clock: Clock) -> KeptNotice:
    return KeptNotice(
        digest=heard.digest,
        received_at=clock(),
        source=heard.source,
        known_source=heard.known_source,
        raw=heard.raw.decode("latin-1"),
    )


def settle(notice: Notice, *, known_source: bool, stores: Stores, clock: Clock) -> Settled:
    """Move the attempt that the notice names and book its money; safe to repeat and to run side by side.

    `known_source`: it came from the bank's own address, or from its export.
    Raises Unavailable: then either nothing was written or everything, and doing it again tells which.
    """

    def once() -> Settled | None:
        attempt = stores.payments.find(notice.reference)
        if attempt is None:
            return Settled(Fate.UNKNOWN)
        decision = receive(attempt, notice, known_source=known_source, now=clock())
        return _written(attempt, notice, decision, stores=stores, clock=clock)

    return once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)


def preview(notice: Notice, *, stores: Stores, clock: Clock) -> Settled:
    """What `settle` would do with a line of the bank's export; nothing is written. Raises Unavailable."""
    attempt = stores.payments.find(notice.reference)
    if attempt is None:
        return Settled(Fate.UNKNOWN)
    decision = receive(attempt, notice, known_source=True, now=clock())
    if decision.books and _booked(attempt, notice, stores.ledger.of(attempt.invoice_number)):
        return Settled(Fate.NOTHING_NEW, attempt)
    return Settled(_fate(attempt, decision, notice), decision.attempt, decision.alarm)


def _written(attempt: Attempt, notice: Notice, decision: Decision, *, stores: Stores, clock: Clock) -> Settled | None:
    """None when somebody else wrote in between: the decision is to be taken again."""
    if decision.books:
        return _book(attempt, notice, decision, stores=stores, clock=clock)
    settled = Settled(_fate(attempt, decision, notice), decision.attempt, decision.alarm)
    if decision.attempt == attempt or stores.payments.replace(attempt, decision.attempt):
        return settled
    return None


def _book(attempt: Attempt, notice: Notice, decision: Decision, *, stores: Stores, clock: Clock) -> Settled | None:
    if attempt.paid and _booked(attempt, notice, stores.ledger.of(attempt.invoice_number)):
        return Settled(Fate.NOTHING_NEW, attempt)
    invoice = stores.invoices.find(attempt.username, attempt.invoice_number)
    if invoice is None:
        return Settled(Fate.UNKNOWN, attempt)
    entry = _entry(attempt, notice, invoice, clock)
    after = ledger.after(invoice, entry.effect)
    became = _paid(decision, after, entry) if decision.first else decision.attempt
    moved = {"attempt_before": attempt, "attempt_after": became} if became != attempt else {}
    if not stores.money.write(Movement(entry=entry, before=invoice, after=after, **moved)):
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
    effect = ledger.payment_on(invoice, notice.amount_cents)
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
    return Fate.NEEDS_REVIEW if decision.attempt.state is AttemptState.NEEDS_REVIEW else Fate.MOVED


def follow_up(settled: Settled, *, tasks: Tasks, journal: JournalStore, clock: Clock) -> None:
    """Never raises Unavailable. Safe to repeat: the mail leaves once, whoever asks for it."""
    attempt = settled.attempt
    if settled.alarm and attempt:
        logger.error("payment_alarm", extra={"alarm": settled.alarm, "reference": attempt.reference})
    if attempt is None or settled.fate is Fate.DIFFERENT:
        return
    with contextlib.suppress(Unavailable):
        if attempt.receipt_due:
            start_mail(attempt, RECEIPT, tasks=tasks)
        if settled.fate is Fate.PAID:
            journal.note(attempt.username, "invoice_paid", at=clock(), detail=attempt.invoice_number)


def start_mail(attempt: Attempt, mail: str, *, tasks: Tasks) -> None:
    """Have the mail of an attempt sent by its own task. Raises Unavailable."""
    tasks.start(MAIL_TASK, {"reference": attempt.reference, "mail": mail})
