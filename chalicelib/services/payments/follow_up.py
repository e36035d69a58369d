"""What follows a settlement: the receipt on its way, a line in the family's journal, an alarm for the régie.

None of it may undo or repeat the settlement: what is lost here, the sweep finds.
"""

import contextlib
import logging

from chalicelib.clock import Clock
from chalicelib.domain.kept_notice import Fate
from chalicelib.domain.payment import Attempt
from chalicelib.errors import Unavailable
from chalicelib.services.account.journal import note
from chalicelib.services.payments.settle_notice import Settled
from chalicelib.services.payments.sweep import RECEIPT
from chalicelib.store.journal import JournalStore
from chalicelib.tasks import Tasks

MAIL_TASK = "mail_payment"

logger = logging.getLogger(__name__)


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
            note(attempt.username, "invoice_paid", journal=journal, clock=clock, detail=attempt.invoice_number)


def start_mail(attempt: Attempt, mail: str, *, tasks: Tasks) -> None:
    """Have the mail of an attempt sent by its own task. Raises Unavailable."""
    tasks.start(MAIL_TASK, {"reference": attempt.reference, "mail": mail})
