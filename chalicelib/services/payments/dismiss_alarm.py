"""The régie has looked at an attempt and can explain it (*classer*): no alarm is left on it."""

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import dismiss
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound, Unavailable
from chalicelib.services.payments.stores import ROUNDS
from chalicelib.store.money import PaymentStore


def explain(reference: str, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """Clear what was raised about the attempt; what was held or pending is no payment. Raises NotFound, Unavailable."""
    for _ in range(ROUNDS):
        attempt = payments.find(reference)
        if attempt is None:
            raise NotFound
        explained = dismiss(attempt, clock())
        if explained == attempt or payments.replace(attempt, explained):
            return explained
    raise Unavailable("payments: the attempt kept changing")
