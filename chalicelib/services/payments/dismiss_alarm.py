"""Dismiss the alarms of a payment attempt once the régie has reviewed it (*classer*)."""

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import dismiss
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound
from chalicelib.store.payments import PaymentStore


def dismiss_alarm(reference: str, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """Clear the alarms of the attempt. Returns it as stored. Raises NotFound, Unavailable."""
    dismissed = payments.change(reference, lambda attempt: dismiss(attempt, clock()))
    if dismissed is None:
        raise NotFound
    return dismissed
