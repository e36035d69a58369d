"""Progress of a run: its outcomes counted, and each invoice with its outcome, in O(1) memory."""

from collections.abc import Iterator

from chalicelib.domain.delivery import Delivery, Outcome, OutcomeRow
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.report import OutcomeCount
from chalicelib.store.invoices import shard_order

Pair = tuple[str, str]


def count_run(run: str, *, context: MailingContext) -> OutcomeCount:
    """Returns the counts of a run's current outcomes."""
    count = OutcomeCount()
    for one in context.stores.deliveries.outcome_rows(run):
        count.add(one)
    return count


def open_claims(run: str, *, context: MailingContext) -> list[Delivery]:
    """Returns what a worker claimed and wrote no outcome of, by number; when none is at work, each worker crashed."""
    deliveries = context.stores.deliveries
    claimed = [one.number for one in deliveries.outcome_rows(run) if one.outcome is Outcome.CLAIMED]
    found = deliveries.find_many(run, sorted(claimed)).values()
    return [one for one in found if one.outcome is Outcome.CLAIMED]


def invoices_with_outcomes(run: str, *, context: MailingContext) -> Iterator[tuple[Pair, OutcomeRow | None]]:
    """Yields (username, number) of each invoice of the run with its outcome: a merge join of two sorted reads."""
    outcomes = context.stores.deliveries.outcome_rows(run)
    outcome = next(outcomes, None)
    for username, number in context.stores.invoices.in_run(run):
        while outcome and shard_order(outcome.number) < shard_order(number):
            outcome = next(outcomes, None)
        yield (username, number), outcome if outcome and outcome.number == number else None
