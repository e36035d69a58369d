"""Scheduled sweep of payments: closes expired attempts, restarts lost mails, lists what needs review."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import close
from chalicelib.domain.payment import MAIL_CLAIM_TIMEOUT, MAILS, Attempt, MailState
from chalicelib.store.money import PaymentStore, Work

RECEIPT, REFUSAL = MAILS


@dataclass
class SweepResult:
    """Counts, and `needs_review`: every attempt, old and new, that the régie must review."""

    closed: int = 0
    mails: int = 0
    needs_review: list[Attempt] = field(default_factory=list)


def sweep(*, payments: PaymentStore, clock: Clock, start_mail: Callable[[Attempt, str], None]) -> SweepResult:
    """Process every attempt that is not finished. Safe to repeat: what one sweep misses, the next one finds.

    `start_mail` starts the task that sends a mail that was lost or has become due. Raises Unavailable.
    """
    swept = SweepResult()
    for attempt in {one.reference: one for one in payments.at_work(Work.OPEN, Work.NEEDS_REVIEW)}.values():
        current = _closed(attempt, swept, payments=payments, clock=clock)
        current = _review_lost_mail(current, payments=payments, clock=clock)
        for mail, due in ((RECEIPT, current.receipt_due), (REFUSAL, current.refusal_due)):
            if due:
                start_mail(current, mail)
                swept.mails += 1
        if current.needs_review_at(clock()):
            swept.needs_review.append(current)
    return swept


def _closed(attempt: Attempt, swept: SweepResult, *, payments: PaymentStore, clock: Clock) -> Attempt:
    closed = close(attempt, clock())
    if closed == attempt or not payments.replace(attempt, closed):
        return attempt
    swept.closed += 1
    return closed


def _review_lost_mail(attempt: Attempt, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """Mark for review a mail whose task timed out after claiming it: it may have been sent, so it is not sent again."""
    if attempt.mail_claimed_at is None or clock() < attempt.mail_claimed_at + MAIL_CLAIM_TIMEOUT:
        return attempt
    lost = {mail: MailState.NEEDS_REVIEW for mail in MAILS if getattr(attempt, mail) is MailState.CLAIMED}
    marked = attempt.changed(clock(), **lost) if lost else attempt
    return marked if marked != attempt and payments.replace(attempt, marked) else attempt
