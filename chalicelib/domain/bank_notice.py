"""A notice of the bank as it is kept, and what a notice, the clock or the régie makes of a payment attempt."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.models import Model
from chalicelib.domain.payment import (
    ALREADY_PAID,
    CONFIGURATION_CODES,
    MAILS,
    MAILS_TO_REVIEW,
    MEANINGS,
    Alarm,
    Attempt,
    AttemptState,
    MailState,
    Notice,
    after,
)


class Fate(StrEnum):
    """What a message, or a line of the bank's export, came to."""

    PAID = "PAID"
    """The first payment of its attempt: booked."""

    PAID_AGAIN = "PAID_AGAIN"
    """One more payment of an attempt that was paid already: booked above the balance, and shown to the régie."""

    MOVED = "MOVED"
    """No payment: the attempt is refused, cancelled, pending…"""

    NOTHING_NEW = "NOTHING_NEW"
    NEEDS_REVIEW = "HELD"
    DIFFERENT = "DIFFERENT"
    """Its amount is not the attempt's: nothing is booked."""

    UNKNOWN = "UNKNOWN"
    """Its reference is none of ours."""

    UNREADABLE = "UNREADABLE"


class KeptNotice(Model):
    """`raw` holds the octets one by one (Latin-1); `notice` is None when they cannot be read.

    `known_source`: it came from one of the bank's addresses. `fate` is None until it was acted upon.
    """

    digest: str
    received_at: datetime
    source: str
    known_source: bool
    raw: str
    notice: Notice | None = None
    fate: Fate | None = None

    @property
    def id(self) -> str:
        """The same message from the same address is kept once a day; from another address it may be believed."""
        return f"{self.digest}~{self.source}"


UNSETTLED = frozenset({AttemptState.PENDING, AttemptState.NEEDS_REVIEW})
"""Money may have moved: neither closed by the clock nor told as unpaid."""


class Decision(Model):
    """What to write: the attempt as it becomes, whether money is to be booked, and why to alert.

    `books`: the notice's amount goes to the ledger, once per (reference, transaction). `first`: the attempt moves to
    paid now, and only now is a receipt due. `alarm` is given the first time only: a message sent twice alerts once.
    """

    attempt: Attempt
    books: bool = False
    first: bool = False
    alarm: Alarm | None = None


def receive(attempt: Attempt, notice: Notice, *, known_source: bool, now: datetime) -> Decision:
    """The decision on a verified notice about this attempt.

    `known_source`: it came from one of the bank's addresses, or from the bank's own export.
    """
    if attempt.settled_by(notice):
        return Decision(attempt=attempt)
    if notice.amount_cents != attempt.amount_cents:
        return _differ(attempt, notice, now)
    if not known_source:
        return _doubt(attempt, notice, now)
    return _settle(attempt, notice, now) if notice.accepted else _move(attempt, notice, now)


def close(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt once its page is dead, for the sweep: what nobody answered is EXPIRED; the rest keeps its state.

    `closed_at` is set once: an attempt closed unpaid is the moment to tell the payer of a refusal. A payment that is
    pending, held or made is not closed; one that is notified later still pays.
    """
    if attempt.closed_at or attempt.paid or attempt.state in UNSETTLED or not attempt.over(now):
        return attempt
    expired = attempt.state is AttemptState.STARTED
    return attempt.changed(now, closed_at=now, state=AttemptState.EXPIRED if expired else attempt.state)


def dismiss(attempt: Attempt, now: datetime) -> Attempt:
    """The régie looked and it is explained: no alarm is left; what was held or pending was no payment of ours."""
    state = AttemptState.FAILED if attempt.state in UNSETTLED else attempt.state
    mails = {name: MailState.DROPPED for name in MAILS if getattr(attempt, name) in MAILS_TO_REVIEW}
    return attempt.changed(now, alarms=(), state=state, **mails)


def _settle(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    if attempt.paid:
        # Another transaction of a paid attempt is money too: the ledger books it, the régie gives it back.
        return _raise_alarm(attempt, Alarm.PAID_TWICE, now).model_copy(update={"books": True})
    answered = {Alarm.UNKNOWN_SOURCE, Alarm.ALREADY_PAID, Alarm.CONFIGURATION}
    alarms = tuple(alarm for alarm in attempt.alarms if alarm not in answered)
    paid = attempt.changed(now, state=AttemptState.PAID, notice=notice, paid_at=now, alarms=alarms)
    return Decision(attempt=paid, books=True, first=True)


def _differ(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    """Another amount than the one that was asked: never booked, and always for the régie to explain."""
    if _perhaps_paid(notice):
        return _hold(attempt, notice, Alarm.AMOUNT_DIFFERS, now)
    return _raise_alarm(attempt, Alarm.AMOUNT_DIFFERS, now)


def _doubt(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    """From an address that is not the bank's: a refusal moves nothing, or a failed try would be in doubt for ever."""
    return _hold(attempt, notice, Alarm.UNKNOWN_SOURCE, now) if _perhaps_paid(notice) else Decision(attempt=attempt)


def _hold(attempt: Attempt, notice: Notice, alarm: Alarm, now: datetime) -> Decision:
    if attempt.paid:
        return _raise_alarm(attempt, alarm, now) if notice.accepted else Decision(attempt=attempt)
    # What is perhaps a payment is not replaced by what is less surely one.
    kept = attempt.notice if attempt.notice and attempt.notice.accepted else notice
    return _raise_alarm(attempt, alarm, now, state=AttemptState.NEEDS_REVIEW, notice=kept)


def _perhaps_paid(notice: Notice) -> bool:
    """Money may have moved, or may move yet."""
    return MEANINGS.get(notice.code) in {AttemptState.PAID, AttemptState.PENDING}


def _move(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    state = after(attempt.state, notice.code)
    if notice.code == ALREADY_PAID and not attempt.paid:
        return _raise_alarm(attempt, Alarm.ALREADY_PAID, now, state=state)
    if notice.code in CONFIGURATION_CODES:
        return _raise_alarm(attempt, Alarm.CONFIGURATION, now, state=state)
    return Decision(attempt=attempt.changed(now, state=state))


def _raise_alarm(attempt: Attempt, alarm: Alarm, now: datetime, **changes: object) -> Decision:
    if alarm in attempt.alarms:
        return Decision(attempt=attempt.changed(now, **changes))
    return Decision(attempt=attempt.changed(now, alarms=(*attempt.alarms, alarm), **changes), alarm=alarm)
