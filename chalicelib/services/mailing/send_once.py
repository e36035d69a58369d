"""Send one mail per invoice at most: claim it before, write its outcome after, so that a crash sends nothing twice.

A mail that was claimed and has no outcome may have been sent: once the lease has expired it is listed *à vérifier*.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.delivery import Delivery, Outcome, mail_tag
from chalicelib.errors import MailThrottled
from chalicelib.mail.message import Message
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.send_rate import SendRate
from chalicelib.services.payments.send_once import send_once
from chalicelib.store.retry import retry

LEASE = timedelta(minutes=6)
"""Longer than a delivery task's timeout: the task of an older claim has ended."""


class Sender:
    """Sends the mails of one task; `owner` identifies this invocation. Once SES throttles, no more is tried."""

    def __init__(self, context: MailingContext, *, owner: str, rate: SendRate) -> None:
        self._context = context
        self._owner = owner
        self._rate = rate
        self._closed = threading.Event()

    def send(self, wanted: Delivery, write: Callable[[], Message]) -> Delivery:
        """Send the mail of an invoice unless it was sent or claimed. Returns its delivery.

        Raises MailThrottled when SES throttles (the claim is released), Unavailable.
        """
        if self._closed.is_set():
            raise MailThrottled("closed")
        claim = wanted.with_outcome(Outcome.CLAIMED, self._context.clock(), owner=self._owner)
        stored = self._context.stores.deliveries.put_first(claim)
        if stored.owner != self._owner or stored.outcome is not Outcome.CLAIMED:
            return review_if_expired(stored, self._context)
        return self._sent(stored, write)

    def _sent(self, claim: Delivery, write: Callable[[], Message]) -> Delivery:
        try:
            message = write()
        except Exception:  # nothing was sent, and a mail that cannot be written now never will be
            return self._write_outcome(claim, Outcome.FAILED, reason="writing")
        return send_once(
            lambda: self._accepted(message, mail_tag(claim.run, claim.number)),
            sent=lambda message_id: self._write_outcome(claim, Outcome.SENT, message_id=message_id),
            refused=lambda: self._write_outcome(claim, Outcome.PAPER, reason="refused"),
            needs_review=lambda: self._write_outcome(claim, Outcome.NEEDS_REVIEW, reason="ambiguous"),
            give_back=lambda: self._give_back(claim),
        )

    def _give_back(self, claim: Delivery) -> None:
        self._closed.set()
        self._context.stores.deliveries.give_back(claim)

    def _accepted(self, message: Message, reference: str) -> str:
        for last in self._rate.tries():
            try:
                return self._context.send(message, tag=reference)
            except MailThrottled:
                if last:
                    raise
        raise MailThrottled("tries")

    def _write_outcome(self, claim: Delivery, outcome: Outcome, **more: str) -> Delivery:
        return write_outcome(claim, outcome, self._context, **more)


def write_outcome(claim: Delivery, outcome: Outcome, context: MailingContext, **more: str) -> Delivery:
    """Write the outcome of a claim; what an SES event already wrote stays. Returns it as stored. Raises Unavailable."""
    deliveries = context.stores.deliveries

    def written(stored: Delivery | None) -> Delivery | None:
        if stored is None or stored.outcome not in (Outcome.CLAIMED, Outcome.NEEDS_REVIEW):
            return stored or claim
        return deliveries.replace(stored, stored.with_outcome(outcome, context.clock(), **more))

    return written(claim) or retry(
        lambda: written(deliveries.find(claim.run, claim.number)), what="deliveries: conflicting changes"
    )


def review_if_expired(stored: Delivery, context: MailingContext) -> Delivery:
    """Returns the delivery, marked *à vérifier* when it is a claim whose lease has expired."""
    if not lease_expired(stored, context.clock()):
        return stored
    return (
        context.stores.deliveries.replace(
            stored, stored.with_outcome(Outcome.NEEDS_REVIEW, context.clock(), reason="lost")
        )
        or stored
    )


def lease_expired(stored: Delivery, now: datetime) -> bool:
    """Returns whether it is a claim whose lease has expired: its task ended without writing an outcome."""
    return stored.outcome is Outcome.CLAIMED and lease_ends_at(stored) <= now


def lease_ends_at(claim: Delivery) -> datetime:
    """Returns the instant (UTC) from which a claim without an outcome is *à vérifier*."""
    return claim.at + LEASE
