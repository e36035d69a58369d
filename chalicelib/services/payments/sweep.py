"""Scheduled sweep of payments: closes expired attempts, restarts lost mails, lists what needs review."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import close
from chalicelib.domain.payment import MAIL_CLAIM_TIMEOUT, MAILS, Attempt, MailState
from chalicelib.store.payments import PaymentStore, Work

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
        current = _written(attempt, close(attempt, clock()), payments)
        swept.closed += current is not attempt
        current = _written(current, _lost_mails_reviewed(current, clock()), payments)
        for mail, due in ((RECEIPT, current.receipt_due), (REFUSAL, current.refusal_due)):
            if due:
                start_mail(current, mail)
                swept.mails += 1
        if current.needs_review_at(clock()):
            swept.needs_review.append(current)
    return swept


def _lost_mails_reviewed(attempt: Attempt, now: datetime) -> Attempt:
    """Returns it with a mail for review whose task timed out after claiming it: it may have been sent."""
    if attempt.mail_claimed_at is None or now < attempt.mail_claimed_at + MAIL_CLAIM_TIMEOUT:
        return attempt
    lost = {mail: MailState.NEEDS_REVIEW for mail in MAILS if getattr(attempt, mail) is MailState.CLAIMED}
    return attempt.changed(now, **lost)


def _written(attempt: Attempt, changed: Attempt, payments: PaymentStore) -> Attempt:
    """Returns the attempt as changed; as it was, for the next sweep, when somebody wrote in between."""
    return changed if changed != attempt and payments.replace(attempt, changed) else attempt
