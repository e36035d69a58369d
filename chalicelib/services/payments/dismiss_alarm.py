"""Dismiss the alarms of a payment attempt once the régie has reviewed it (*classer*)."""

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import dismiss
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound
from chalicelib.store.money import PaymentStore
from chalicelib.store.retry import retry


def dismiss_alarm(reference: str, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """Clear the alarms of the attempt. Returns it as stored. Raises NotFound, Unavailable."""

    def once() -> Attempt | None:
        attempt = payments.find(reference)
        if attempt is None:
            raise NotFound
        dismissed = dismiss(attempt, clock())
        return dismissed if dismissed == attempt or payments.replace(attempt, dismissed) else None

    return once() or retry(once, what="payments: conflicting changes")
