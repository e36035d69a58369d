"""Resolve a mailing's problems: decide the outcome of an invoice that needs review, and retry what failed."""

from collections.abc import Iterator
from functools import partial

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import BY_OFFICE, Delivery, Outcome
from chalicelib.errors import NotFound, RunRefused
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.grouping import Pair, in_batches_of_accounts, sorted_by_account
from chalicelib.services.mailing.late_paper import queue_late_papers
from chalicelib.services.mailing.plan import BATCH
from chalicelib.services.mailing.progress import invoices_with_outcomes
from chalicelib.services.mailing.release import release_batch
from chalicelib.services.mailing.send_once import review_if_expired

OPEN = (Outcome.NEEDS_REVIEW, Outcome.FAILED)
RETRIED = (Outcome.FAILED, Outcome.CLAIMED)
RETRY = "reprise"
"""Prefix of the batches of a retry."""


def resolve(run: str, number: str, outcome: Outcome, *, context: MailingContext) -> Delivery:
    """Decide the outcome of an invoice *à vérifier* or *en échec*; one to print joins the next paper batch.

    FAILED is final. Safe to repeat. Returns the delivery. Raises NotFound, RunRefused when it is neither, was given up
    before, or has no PDF to print.
    """
    stored = context.stores.deliveries.find(run, number)
    if stored is None:
        raise NotFound
    repeated = stored.outcome is outcome and stored.reason == BY_OFFICE
    if not repeated:
        _require_open(stored)
    if outcome is Outcome.PAPER:
        _require_document(stored, context)
    resolved = (
        stored
        if repeated
        else context.stores.deliveries.replace(stored, stored.with_outcome(outcome, context.clock(), reason=BY_OFFICE))
    )
    if resolved is None:
        raise RunRefused("settled")
    if outcome is Outcome.PAPER:
        context.stores.deliveries.await_paper(resolved)
    return resolved


def _require_open(stored: Delivery) -> None:
    if stored.given_up:
        raise RunRefused("given-up")
    if stored.outcome not in OPEN:
        raise RunRefused("settled")


def _require_document(stored: Delivery, context: MailingContext) -> None:
    invoice = context.stores.invoices.find(stored.username, stored.number)
    if invoice is None or invoice.document is None:
        raise RunRefused("undrawn")


def retry_failed(run: str, *, context: MailingContext) -> int:
    """Draw, release and deliver again what failed in a closed run; what goes on paper joins the next paper batch.

    What the office resolved as failed stays so. What an interrupted retry left is made up for: paper out of the queue
    joins it, and a claim whose lease has expired is *à vérifier*.

    Returns how many were tried. Safe to repeat and to interrupt: what has no outcome is tried again. Raises RunRefused
    when the run is not closed, NotFound, Unavailable.
    """
    if context.stores.runs.get(run).state is not RunState.CLOSED:
        raise RunRefused("is-mailing")
    tried = 0
    try:
        retried = sorted_by_account(_to_retry(run, context))
        for rank, pairs in enumerate(in_batches_of_accounts(retried, BATCH), 1):
            batch = f"{RETRY}-{s3_names.batch_name(rank)}"
            context.stores.mailing_files.put_json(run, s3_names.references(batch), pairs)
            for step in (draw_batch, release_batch, partial(deliver_batch, late=True)):
                step(run, batch, context=context)
            tried += len(pairs)
    finally:
        # A throttled mail stops the retry: what already goes on paper has its outcome, and is not tried again.
        queue_late_papers(run, context=context)
    return tried


def _to_retry(run: str, context: MailingContext) -> Iterator[Pair]:
    for pair, row in invoices_with_outcomes(run, context=context):
        if row is None or (row.outcome in RETRIED and _reopened(run, row.number, context)):
            yield pair


def _reopened(run: str, number: str, context: MailingContext) -> bool:
    """Forget an outcome that a retry may change; a claim whose lease has expired is marked *à vérifier* instead.

    Returns whether the invoice is to be tried again.
    """
    stored = context.stores.deliveries.find(run, number)
    if stored is None:
        return True
    if stored.outcome is not Outcome.FAILED or stored.given_up:
        review_if_expired(stored, context)
        return False
    context.stores.deliveries.forget(stored)
    return True
