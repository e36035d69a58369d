"""Draw the documents of new invoices, with a bar of its own: the import is done, this may be stopped and done again."""

from collections.abc import Sequence

from chalicelib.concurrency import in_batches
from chalicelib.portal import Portal
from chalicelib.services.billing.documents import draw_documents
from guichet.console import progress

BATCH = 20
"""Small enough for the bar to move."""


def draw(pairs: Sequence[tuple[str, str]], *, portal: Portal) -> int:
    """Draw and freeze what is missing for (username, number) pairs. Answers how many have a document at the end."""
    drawn = 0
    with progress("Tracé des PDF", len(pairs)) as advance:
        for batch in in_batches(pairs, BATCH):
            drawn += len(draw_documents(batch, draw=portal.draw_invoice, stores=portal.stores, clock=portal.clock))
            advance(len(batch))
    return drawn
