"""A mail about a payment leaves once at most: claimed, sent, marked; what nobody can tell is not guessed."""

from collections.abc import Callable

from chalicelib.clock import Clock
from chalicelib.domain.payment import Attempt, MailState
from chalicelib.errors import MailRefused, MailThrottled, Unavailable
from chalicelib.services.authentication.tokens import new_token
from chalicelib.services.payments.stores import ROUNDS
from chalicelib.store.payments import PaymentStore

Send = Callable[[Attempt], None]
"""Writes and sends; raises MailRefused, MailThrottled or Unavailable."""


def mail_once(attempt: Attempt, mail: str, *, send: Send, payments: PaymentStore, clock: Clock) -> MailState | None:
    """Send the mail of an attempt unless somebody did, or is doing so. `mail` is one of domain.payment.MAILS.

    Answers what became of it; None when it was not this call's to send. Raises MailThrottled: it surely did not leave,
    and may be tried again.
    """
    claimed = _claim(attempt, mail, payments=payments, clock=clock)
    if claimed is None:
        return None
    try:
        send(claimed)
        state = MailState.SENT
    except MailThrottled:
        mark(claimed.reference, mail, None, payments=payments, clock=clock)
        raise
    except MailRefused:
        state = MailState.UNDELIVERABLE
    except Unavailable:
        state = MailState.UNSURE
    mark(claimed.reference, mail, state, payments=payments, clock=clock)
    return state


def mark(reference: str, mail: str, state: MailState | None, *, payments: PaymentStore, clock: Clock) -> None:
    """Note what became of the mail, whatever else happens to the attempt meanwhile. Raises Unavailable."""
    for _ in range(ROUNDS):
        attempt = payments.find(reference)
        if attempt is None:
            return
        marked = attempt.changed(clock(), **{mail: state})
        if marked == attempt or payments.replace(attempt, marked):
            return
    raise Unavailable("payments: the attempt kept changing")


def _claim(attempt: Attempt, mail: str, *, payments: PaymentStore, clock: Clock) -> Attempt | None:
    current: Attempt | None = attempt
    for _ in range(ROUNDS):
        if current is None or getattr(current, mail) is not None:
            return None
        facts = {mail: MailState.CLAIMED, "mail_claimed_at": clock(), "written_by": new_token()}
        claimed = current.changed(clock(), **facts)
        if payments.replace(current, claimed):
            return claimed
        current = payments.find(attempt.reference)
    raise Unavailable("payments: the attempt kept changing")
