"""The régie has looked at an attempt and can explain it (*classer*): no alarm is left on it."""

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import dismiss
from chalicelib.domain.payment import Attempt
from chalicelib.errors import NotFound
from chalicelib.store.money import PaymentStore
from chalicelib.store.retry import retry


def dismiss_alarm(reference: str, *, payments: PaymentStore, clock: Clock) -> Attempt:
    """Clear what was raised about the attempt; what was held or pending is no payment. Raises NotFound, Unavailable."""

    def once() -> Attempt | None:
        attempt = payments.find(reference)
        if attempt is None:
            raise NotFound
        explained = dismiss(attempt, clock())
        return explained if explained == attempt or payments.replace(attempt, explained) else None

    return once() or retry(once, what="payments: conflicting changes")
