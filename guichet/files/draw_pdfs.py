"""Draws the PDFs of new invoices with a progress bar; may be interrupted and repeated, the import is already done."""

from collections.abc import Sequence

from chalicelib.concurrency import in_batches
from chalicelib.portal import Portal
from chalicelib.services.billing.documents import draw_documents
from guichet.console import progress

BATCH = 20
"""Invoices per batch: small enough for the progress bar to move."""


def draw(pairs: Sequence[tuple[str, str]], *, portal: Portal) -> int:
    """Draw and store the missing PDFs of (username, number) pairs. Returns how many have a document at the end."""
    drawn = 0
    with progress("Tracé des PDF", len(pairs)) as advance:
        for batch in in_batches(pairs, BATCH):
            drawn += len(draw_documents(batch, draw=portal.draw_invoice, stores=portal.stores, clock=portal.clock))
            advance(len(batch))
    return drawn
