"""Bank notices as stored, the bank's result codes, and how an attempt changes: by a notice, by time, by the régie."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.models import Model
from chalicelib.domain.payment import (
    ACCEPTED,
    MAILS,
    MAILS_TO_REVIEW,
    Alarm,
    Attempt,
    AttemptState,
    MailState,
    Notice,
)

ALREADY_PAID = "00015"
CONFIGURATION_CODES = frozenset({"00006", "00009", "00010", "00011"})
"""Site, subscription, currency or amount that Paybox does not accept: the portal's error, not the payer's."""

STATE_BY_CODE = {
    ACCEPTED: AttemptState.PAID,
    "00001": AttemptState.FAILED,
    "00117": AttemptState.CANCELLED,
    "00030": AttemptState.EXPIRED,
    "99999": AttemptState.PENDING,
    # The bank knows of a payment that the portal does not: the parent must not read that nothing was debited.
    ALREADY_PAID: AttemptState.PENDING,
    **dict.fromkeys(CONFIGURATION_CODES, AttemptState.FAILED),
}
"""Result code → state (manual V8.0, variable E). Any other code, numeric or not, is a refusal."""

UNSETTLED = frozenset({AttemptState.PENDING, AttemptState.NEEDS_REVIEW})
"""Money may have moved: neither expired with time nor announced as unpaid."""


class NoticeOutcome(StrEnum):
    """The outcome of a bank notice, or of a line of the bank's export."""

    PAID = "PAID"
    """The first payment of its attempt: booked."""

    PAID_AGAIN = "PAID_AGAIN"
    """A second payment of an attempt that was paid already: booked as a surplus, and shown to the régie."""

    MOVED = "MOVED"
    """Not a payment: the attempt is refused, cancelled, pending…"""

    NOTHING_NEW = "NOTHING_NEW"
    NEEDS_REVIEW = "HELD"
    DIFFERENT = "DIFFERENT"
    """Its amount differs from the attempt's: nothing is booked."""

    UNKNOWN = "UNKNOWN"
    """No attempt has its reference."""

    UNREADABLE = "UNREADABLE"


class StoredNotice(Model):
    """A notice as stored: `raw` holds the bytes one by one (Latin-1); `notice` is None when they cannot be parsed.

    `known_source`: it came from one of the bank's addresses. `fate` is its outcome, None until it was processed.
    """

    digest: str
    received_at: datetime
    source: str
    known_source: bool
    raw: str
    notice: Notice | None = None
    fate: NoticeOutcome | None = None

    @property
    def id(self) -> str:
        """The same notice from the same address is stored once a day; from another address it may be trusted."""
        return f"{self.digest}~{self.source}"


class Decision(Model):
    """What to write: the changed attempt, whether money is to be booked, and why to alert.

    `books`: the notice's amount goes to the ledger, once per (reference, transaction). `first`: the attempt moves to
    paid now, and only now is a receipt due. `alarm` is set the first time only: a notice sent twice alerts once.
    """

    attempt: Attempt
    books: bool = False
    first: bool = False
    alarm: Alarm | None = None


def receive(
    attempt: Attempt, notice: Notice, *, known_source: bool, from_export: bool = False, now: datetime
) -> Decision:
    """Returns the decision on a verified notice about this attempt.

    `known_source`: it came from one of the bank's addresses, or from the bank's own export. `from_export`: the latter,
    which may lack the authorisation, and which nobody else writes.
    """
    if attempt.settled_by(notice):
        return Decision(attempt=attempt)
    if notice.amount_cents != attempt.amount_cents:
        return _amount_differs(attempt, notice, now)
    if not known_source:
        return _from_unknown_source(attempt, notice, now)
    if notice.accepted and not (notice.numbered if from_export else notice.complete):
        return _needs_review(attempt, notice, Alarm.INCOMPLETE, now)
    return _settle(attempt, notice, now) if notice.accepted else _change_state(attempt, notice, now)


def next_state(state: AttemptState, code: str) -> AttemptState:
    """Returns the state after a verified result code.

    PAID never changes. NEEDS_REVIEW changes by a payment only: a late refusal of an earlier try must not hide from the
    régie a payment that is perhaps genuine.
    """
    new = STATE_BY_CODE.get(code, AttemptState.REFUSED)
    still_in_review = state is AttemptState.NEEDS_REVIEW and new is not AttemptState.PAID
    return state if state is AttemptState.PAID or still_in_review else new


def close(attempt: Attempt, now: datetime) -> Attempt:
    """Returns the attempt once its payment page has closed: EXPIRED if no notice came; any other keeps its state.

    `closed_at` is set once: the payer is told of a refusal when an attempt is closed unpaid. A payment that is pending,
    to be reviewed or made is not closed; one that is notified later still pays.
    """
    if attempt.closed_at or attempt.paid or attempt.state in UNSETTLED or not attempt.over(now):
        return attempt
    expired = attempt.state is AttemptState.STARTED
    return attempt.changed(now, closed_at=now, state=AttemptState.EXPIRED if expired else attempt.state)


def dismiss(attempt: Attempt, now: datetime) -> Attempt:
    """Returns the attempt once the régie has explained it: no alarm is left, and what was unsettled is FAILED."""
    state = AttemptState.FAILED if attempt.state in UNSETTLED else attempt.state
    mails = {name: MailState.DROPPED for name in MAILS if getattr(attempt, name) in MAILS_TO_REVIEW}
    return attempt.changed(now, alarms=(), state=state, **mails)


def _settle(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    if attempt.paid:
        # Another transaction of a paid attempt is money too: the ledger books it, the régie gives it back.
        return _raise_alarm(attempt, Alarm.PAID_TWICE, now).model_copy(update={"books": True})
    resolved = {Alarm.UNKNOWN_SOURCE, Alarm.INCOMPLETE, Alarm.ALREADY_PAID, Alarm.CONFIGURATION}
    alarms = tuple(alarm for alarm in attempt.alarms if alarm not in resolved)
    paid = attempt.changed(now, state=AttemptState.PAID, notice=notice, paid_at=now, alarms=alarms)
    return Decision(attempt=paid, books=True, first=True)


def _amount_differs(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    """An amount that differs from the attempt's: never booked, and always for the régie to explain."""
    if _perhaps_paid(notice):
        return _needs_review(attempt, notice, Alarm.AMOUNT_DIFFERS, now)
    return _raise_alarm(attempt, Alarm.AMOUNT_DIFFERS, now)


def _from_unknown_source(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    """From an address not the bank's: a refusal changes nothing, or a failed try would need review for ever."""
    if not _perhaps_paid(notice):
        return Decision(attempt=attempt)
    return _needs_review(attempt, notice, Alarm.UNKNOWN_SOURCE, now)


def _needs_review(attempt: Attempt, notice: Notice, alarm: Alarm, now: datetime) -> Decision:
    if attempt.paid:
        return _raise_alarm(attempt, alarm, now) if notice.accepted else Decision(attempt=attempt)
    # An accepted notice is not replaced by one that is less surely a payment.
    likeliest = attempt.notice if attempt.notice and attempt.notice.accepted else notice
    return _raise_alarm(attempt, alarm, now, state=AttemptState.NEEDS_REVIEW, notice=likeliest)


def _perhaps_paid(notice: Notice) -> bool:
    """Whether money may have moved, or may move yet."""
    return STATE_BY_CODE.get(notice.code) in {AttemptState.PAID, AttemptState.PENDING}


def _change_state(attempt: Attempt, notice: Notice, now: datetime) -> Decision:
    state = next_state(attempt.state, notice.code)
    if notice.code == ALREADY_PAID and not attempt.paid:
        return _raise_alarm(attempt, Alarm.ALREADY_PAID, now, state=state)
    if notice.code in CONFIGURATION_CODES:
        return _raise_alarm(attempt, Alarm.CONFIGURATION, now, state=state)
    return Decision(attempt=attempt.changed(now, state=state))


def _raise_alarm(attempt: Attempt, alarm: Alarm, now: datetime, **changes: object) -> Decision:
    if alarm in attempt.alarms:
        return Decision(attempt=attempt.changed(now, **changes))
    return Decision(attempt=attempt.changed(now, alarms=(*attempt.alarms, alarm), **changes), alarm=alarm)
