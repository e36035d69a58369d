"""Send an invoice by mail once at most: claim it before, write its outcome after, so that a crash sends nothing twice.

Invoices of one account leave in one mail: each is claimed, and has its outcome, as if it left alone.

A mail that was claimed and has no outcome may have been sent: once the lease has expired it is listed *à vérifier*.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.delivery import Delivery, Outcome, mail_tag
from chalicelib.errors import MailThrottled, Unavailable
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
        (delivery,) = self.send_together([wanted], lambda _: write())
        return delivery

    def send_together(self, wanted: Sequence[Delivery], write: Callable[[Sequence[str]], Message]) -> list[Delivery]:
        """Send invoices of one account in one mail, without those that were sent or claimed. Returns their deliveries.

        `write` is given the numbers of those that the mail is of. Raises as `send` does; every claim is released then.
        """
        if self._closed.is_set():
            raise MailThrottled("closed")
        stored = self._claimed(wanted)
        mine = [one for one in stored if one.owner == self._owner and one.outcome is Outcome.CLAIMED]
        sent = {one.number: one for one in (self._sent(mine, write) if mine else [])}
        return [sent.get(one.number) or review_if_expired(one, self._context) for one in stored]

    def _claimed(self, wanted: Sequence[Delivery]) -> list[Delivery]:
        """Claim each. Returns them as stored: those of another worker too. Nothing is claimed after Unavailable."""
        together = tuple(one.number for one in wanted) if len(wanted) > 1 else ()
        stored: list[Delivery] = []
        try:
            for one in wanted:
                facts = {"owner": self._owner, "together": together}
                claim = one.with_outcome(Outcome.CLAIMED, self._context.clock(), **facts)
                stored.append(self._context.stores.deliveries.put_first(claim))
        except Unavailable:
            for one in stored:
                if one.owner == self._owner:
                    self._context.stores.deliveries.give_back(one)
            raise
        return stored

    def _sent(self, claims: Sequence[Delivery], write: Callable[[Sequence[str]], Message]) -> list[Delivery]:
        try:
            message = write([claim.number for claim in claims])
        except Exception:  # nothing was sent, and a mail that cannot be written now never will be
            return self._write_outcomes(claims, Outcome.FAILED, reason="writing")
        return send_once(
            lambda: self._accepted(message, mail_tag(claims[0].run, claims[0].number)),
            sent=lambda message_id: self._write_outcomes(claims, Outcome.SENT, message_id=message_id),
            refused=lambda: self._write_outcomes(claims, Outcome.PAPER, reason="refused"),
            needs_review=lambda: self._write_outcomes(claims, Outcome.NEEDS_REVIEW, reason="ambiguous"),
            give_back=lambda: self._give_back(claims),
        )

    def _give_back(self, claims: Sequence[Delivery]) -> None:
        self._closed.set()
        for claim in claims:
            self._context.stores.deliveries.give_back(claim)

    def _accepted(self, message: Message, reference: str) -> str:
        for last in self._rate.tries():
            try:
                return self._context.send(message, tag=reference)
            except MailThrottled:
                if last:
                    raise
        raise MailThrottled("tries")

    def _write_outcomes(self, claims: Sequence[Delivery], outcome: Outcome, **more: str) -> list[Delivery]:
        return [write_outcome(claim, outcome, self._context, **more) for claim in claims]


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
