"""What the desk decides of a mailing: a doubt is settled, and what failed is tried again."""

from collections.abc import Iterator

from chalicelib.concurrency import in_batches
from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import BY_OFFICE, Delivery, Outcome
from chalicelib.errors import NotFound, RunRefused
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.plan import BATCH
from chalicelib.services.mailing.progress import with_outcomes
from chalicelib.services.mailing.release import release_batch

OPEN = (Outcome.NEEDS_REVIEW, Outcome.FAILED)
RETRY = "reprise"
"""The batches that a desk's second try makes of what failed."""

Pair = tuple[str, str]


def resolve(run: str, number: str, outcome: Outcome, *, context: MailingContext) -> Delivery:
    """Settle an invoice that is *à vérifier* or *en échec*; one to print joins the next paper batch. Safe to repeat.

    Raises NotFound, RunRefused when it is neither, or when its document to print does not exist.
    """
    held = context.stores.deliveries.find(run, number)
    if held is None:
        raise NotFound
    if held.outcome not in OPEN and not (held.outcome is outcome and held.reason == BY_OFFICE):
        raise RunRefused("settled")
    if outcome is Outcome.PAPER:
        _require_document(held, context)
    settled = (
        held
        if held.outcome is outcome
        else context.stores.deliveries.replace(held, held.turned(outcome, context.clock(), reason=BY_OFFICE))
    )
    if settled is None:
        raise RunRefused("settled")
    if outcome is Outcome.PAPER:
        context.stores.deliveries.await_paper(settled)
    return settled


def _require_document(held: Delivery, context: MailingContext) -> None:
    invoice = context.stores.invoices.find(held.username, held.number)
    if invoice is None or invoice.document is None:
        raise RunRefused("undrawn")


def retry(run: str, *, context: MailingContext) -> int:
    """Draw, show and deliver again what failed in a closed run; what goes on paper joins the next batch.

    What the desk settled as failed stays so: it said that nothing would leave.

    Answers how many were tried. Safe to repeat and to interrupt: what has no outcome is taken again. Raises RunRefused
    when the run is not closed, NotFound, Unavailable.
    """
    if context.stores.runs.get(run).state is not RunState.CLOSED:
        raise RunRefused("is-mailing")
    tried = 0
    for rank, pairs in enumerate(in_batches(_without_success(run, context), BATCH), 1):
        batch = f"{RETRY}-{s3_names.batch_name(rank)}"
        context.stores.mailing_files.put_json(run, s3_names.references(batch), pairs)
        for step in (draw_batch, release_batch, deliver_batch):
            step(run, batch, context=context)
        _print_next(run, [number for _, number in pairs], context)
        tried += len(pairs)
    return tried


def _without_success(run: str, context: MailingContext) -> Iterator[Pair]:
    for pair, standing in with_outcomes(run, context=context):
        failed = standing and standing.outcome is Outcome.FAILED and standing.reason != BY_OFFICE
        held = context.stores.deliveries.find(run, pair[1]) if failed else None
        if held and held.outcome is Outcome.FAILED:
            context.stores.deliveries.forget(held)
        if held or standing is None:
            yield pair


def _print_next(run: str, numbers: list[str], context: MailingContext) -> None:
    for some in in_batches(numbers):
        for one in context.stores.deliveries.find_many(run, some).values():
            if one.outcome is Outcome.PAPER:
                context.stores.deliveries.await_paper(one)
