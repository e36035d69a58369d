"""How far a run is: what became of its invoices, counted, and each invoice beside its outcome. Memory does not grow."""

from collections.abc import Iterator

from chalicelib.domain.delivery import OutcomeRow
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.report import Count
from chalicelib.store.invoices import shard_order

Pair = tuple[str, str]


def count_run(run: str, *, context: MailingContext) -> Count:
    """The outcomes of a run as they stand."""
    count = Count()
    for one in context.stores.deliveries.outcome_rows(run):
        count.see(one)
    return count


def with_outcomes(run: str, *, context: MailingContext) -> Iterator[tuple[Pair, OutcomeRow | None]]:
    """The (username, number) of each invoice of the run and what became of it: two shelves in one order, read once."""
    outcomes = context.stores.deliveries.outcome_rows(run)
    held = next(outcomes, None)
    for username, number in context.stores.invoices.in_run(run):
        while held and shard_order(held.number) < shard_order(number):
            held = next(outcomes, None)
        yield (username, number), held if held and held.number == number else None
