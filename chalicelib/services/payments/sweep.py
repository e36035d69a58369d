"""What the clock does for payments: closes dead attempts, finds lost mails, counts what stays unexplained."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import close
from chalicelib.domain.payment import MAIL_TAKES, MAILS, Attempt, MailState
from chalicelib.store.money import PaymentStore, Work

RECEIPT, REFUSAL = MAILS


@dataclass
class Swept:
    """`needs_review` is for the régie: all of it, old and new."""

    closed: int = 0
    mails: int = 0
    needs_review: list[Attempt] = field(default_factory=list)


def sweep(*, payments: PaymentStore, clock: Clock, start_mail: Callable[[Attempt, str], None]) -> Swept:
    """Look at every attempt that is not finished. Safe to repeat; what it loses on the way, the next one finds.

    `start_mail` has the mail of an attempt sent: lost or due only now. Raises Unavailable.
    """
    swept = Swept()
    for attempt in {one.reference: one for one in payments.at_work(Work.OPEN, Work.NEEDS_REVIEW)}.values():
        current = _closed(attempt, swept, payments=payments, clock=clock)
        current = _given_up(current, payments=payments, clock=clock)
        for mail, due in ((RECEIPT, current.receipt_due), (REFUSAL, current.refusal_due)):
            if due:
                start_mail(current, mail)
                swept.mails += 1
        if current.needs_review_at(clock()):
            swept.needs_review.append(current)
    return swept


def _closed(attempt: Attempt, swept: Swept, *, payments: PaymentStore, clock: Clock) -> Attempt:
    closed = close(attempt, clock())
    if closed == attempt or not payments.replace(attempt, closed):
        return attempt
    swept.closed += 1
    return closed


def _given_up(attempt: Attempt, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """A mail whose task died after it had claimed it: it may have left, so it is shown and not sent again."""
    if attempt.mail_claimed_at is None or clock() < attempt.mail_claimed_at + MAIL_TAKES:
        return attempt
    lost = {mail: MailState.NEEDS_REVIEW for mail in MAILS if getattr(attempt, mail) is MailState.CLAIMED}
    marked = attempt.changed(clock(), **lost) if lost else attempt
    return marked if marked != attempt and payments.replace(attempt, marked) else attempt
