"""One mail for one invoice: claimed before, marked after, so that a crash anywhere sends nothing twice.

What a worker claimed and did not mark may have left: once its lease is over it is listed *à vérifier*, never guessed.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.delivery import Delivery, Outcome, tag
from chalicelib.errors import MailRefused, MailThrottled, Unavailable
from chalicelib.mail.message import Message
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.send_rate import Pace
from chalicelib.store.retry import retry

LEASE = timedelta(minutes=6)
"""More than a delivery task may last: whoever claimed longer ago is dead."""

ROUNDS = 3
"""How often a mark is tried when something else, such as an event of the provider, wrote in between."""


class Sender:
    """The sends of one task; `owner` is this very invocation. Once the provider takes no more, nothing is tried."""

    def __init__(self, context: MailingContext, *, owner: str, pace: Pace) -> None:
        self._context = context
        self._owner = owner
        self._pace = pace
        self._closed = threading.Event()

    def send(self, wanted: Delivery, write: Callable[[], Message]) -> Delivery:
        """Send the mail of an invoice that nobody sent; answers what became of it.

        Raises MailThrottled when the provider takes no more (the claim is given back), Unavailable.
        """
        if self._closed.is_set():
            raise MailThrottled("closed")
        claim = wanted.turned(Outcome.CLAIMED, self._context.clock(), owner=self._owner)
        held = self._context.stores.deliveries.put_first(claim)
        if held.owner != self._owner or held.outcome is not Outcome.CLAIMED:
            return settle_lost(held, self._context)
        return self._sent(held, write)

    def _sent(self, claim: Delivery, write: Callable[[], Message]) -> Delivery:
        try:
            message = write()
        except Exception:  # nothing was sent; what cannot be written will never be
            return self._mark(claim, Outcome.FAILED, reason="writing")
        try:
            message_id = self._accepted(message, tag(claim.run, claim.number))
        except MailThrottled:
            self._closed.set()
            self._context.stores.deliveries.give_back(claim)
            raise
        except MailRefused:
            return self._mark(claim, Outcome.PAPER, reason="refused")
        except Unavailable:
            return self._mark(claim, Outcome.NEEDS_REVIEW, reason="ambiguous")
        return self._mark(claim, Outcome.SENT, message_id=message_id)

    def _accepted(self, message: Message, reference: str) -> str:
        for last in self._pace.tries():
            try:
                return self._context.send(message, tag=reference)
            except MailThrottled:
                if last:
                    raise
        raise MailThrottled("tries")

    def _mark(self, claim: Delivery, outcome: Outcome, **more: str) -> Delivery:
        return mark(claim, outcome, self._context, **more)


def mark(claim: Delivery, outcome: Outcome, context: MailingContext, **more: str) -> Delivery:
    """Write the outcome of what was claimed; what an event already said stays. Raises Unavailable."""
    deliveries = context.stores.deliveries

    def marked(held: Delivery | None) -> Delivery | None:
        if held is None or held.outcome not in (Outcome.CLAIMED, Outcome.NEEDS_REVIEW):
            return held or claim
        return deliveries.replace(held, held.turned(outcome, context.clock(), **more))

    return marked(claim) or retry(
        lambda: marked(deliveries.find(claim.run, claim.number)), what="deliveries: conflicting changes"
    )


def settle_lost(held: Delivery, context: MailingContext) -> Delivery:
    """A claim whose lease is over becomes *à vérifier*; anything else is answered as it stands."""
    if not lost(held, context.clock()):
        return held
    return (
        context.stores.deliveries.replace(held, held.turned(Outcome.NEEDS_REVIEW, context.clock(), reason="lost"))
        or held
    )


def lost(held: Delivery, now: datetime) -> bool:
    """Its worker died: it had time to mark it, and did not."""
    return held.outcome is Outcome.CLAIMED and held.at + LEASE <= now
