"""Late paper: what the paper batch of its own run does not print, decided by the office, bounced, or tried again.

It waits in a queue (`NEXT_PAPER` in `store/deliveries.py`) for a complement of its run, or for the next run's batch.
"""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.concurrency import in_batches
from chalicelib.domain.delivery import Delivery
from chalicelib.services.mailing.context import MailingContext
from chalicelib.store.deliveries import NEXT_PAPER


class LatePaper(NamedTuple):
    """An invoice's delivery on paper, and its entry in the queue; None when it was never queued."""

    delivery: Delivery
    entry: Delivery | None

    @property
    def waits(self) -> bool:
        """Whether neither a batch nor a complement has it."""
        return self.entry is None or not self.entry.owner


def late_papers(run: str, *, context: MailingContext) -> Iterator[LatePaper]:
    """Yields the late paper of a run, printed or not. Raises Unavailable."""
    deliveries = context.stores.deliveries
    for some in in_batches(one for one in deliveries.on_paper(run) if one.queued):
        entries = deliveries.find_many(NEXT_PAPER, [one.number for one in some])
        yield from (LatePaper(one, entries.get(one.number)) for one in some)


def queue_late_papers(run: str, *, context: MailingContext) -> None:
    """Queue the late paper that is not queued: its outcome was written, and the worker stopped. Safe to repeat."""
    for late in late_papers(run, context=context):
        if late.entry is None:
            context.stores.deliveries.await_paper(late.delivery)
