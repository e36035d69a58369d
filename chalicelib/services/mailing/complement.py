"""Complements: the late paper of a closed run printed at once, instead of waiting for the next run's batch.

A complement is a list of invoices written once, under its rank. Each of them is then taken out of the queue, and those
that it has are printed: whoever stops in between, or works at the same time, ends with the same complement.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from chalicelib.concurrency import in_batches
from chalicelib.domain.billing_run import RunState
from chalicelib.errors import NotFound, RunRefused
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.late_paper import late_papers, queue_late_papers
from chalicelib.services.mailing.paper import PART, PaperBatch, Place, paper_part, print_part


class Complement(NamedTuple):
    """A complement of a run, and what it prints. `new`: it was not made before this call.

    `empty`: the batch of the next run was faster, for all that it listed.
    """

    rank: int
    paper: PaperBatch
    new: bool = False

    @property
    def empty(self) -> bool:
        return not self.paper.printed.count and not self.paper.apart


def count_waiting(run: str, *, context: MailingContext) -> int:
    """Returns how many invoices of the run a complement would print. Raises Unavailable."""
    return sum(late.waits for late in late_papers(run, context=context))


def made_complements(run: str, *, context: MailingContext) -> Iterator[Complement]:
    """Yields the complements of a run, the first one first; none that is empty, or was begun and not printed yet."""
    for rank in range(1, _last_rank(run, context) + 1):
        made = _made(run, rank, context)
        if made and not made.empty:
            yield made


def get_complement(run: str, rank: int, *, context: MailingContext) -> Complement:
    """Returns a complement that was made, and is not empty. Raises NotFound."""
    made = _made(run, rank, context)
    if made is None or made.empty:
        raise NotFound
    return made


def print_complement(run: str, *, context: MailingContext) -> Complement:
    """Print the late paper of a closed run that nobody prints yet; when there is none, its last complement stays.

    One complement holds PART documents at most: the rest waits for the next. Safe to repeat, to interrupt, and to run
    concurrently. Raises RunRefused when the run is not closed, NotFound when it has no late paper, Unavailable.
    """
    if context.stores.runs.get(run).state is not RunState.CLOSED:
        raise RunRefused("unclosed")
    queue_late_papers(run, context=context)
    last = _last_rank(run, context)
    if last and _made(run, last, context) is None:
        return _print(run, last, context)
    waiting = (late.delivery for late in late_papers(run, context=context) if late.waits)
    listed = sorted((one.postcode, one.number, one.username) for one in islice(waiting, PART))
    if listed:
        context.stores.mailing_files.put_json_first(run, s3_names.complement(last + 1), listed)
        return _print(run, last + 1, context)
    return _last_made(run, context)


def _last_rank(run: str, context: MailingContext) -> int:
    """Returns the rank of the last complement that was begun; 0 when there is none."""
    return sum(1 for _ in context.stores.mailing_files.names(run, s3_names.COMPLEMENTS))


def _last_made(run: str, context: MailingContext) -> Complement:
    made = list(made_complements(run, context=context))
    if not made:
        raise NotFound
    return made[-1]


def _made(run: str, rank: int, context: MailingContext) -> Complement | None:
    try:
        return Complement(rank, paper_part(run, s3_names.complement_part(rank), context=context))
    except NotFound:
        return None


def _print(run: str, rank: int, context: MailingContext) -> Complement:
    """Take what the complement lists, and print what it has got: the next run's batch may have been faster."""
    files, part = context.stores.mailing_files, s3_names.complement_part(rank)
    listed: Sequence[Place] = [tuple(place) for place in files.read_json(run, s3_names.complement(rank))]
    taken = {
        number
        for some in in_batches(number for _, number, _ in listed)
        for number in context.stores.deliveries.take_for_complement(run, some, rank)
    }
    files.put_json(run, s3_names.places(part), [place for place in listed if place[1] in taken])
    return Complement(rank, print_part(run, part, context=context), new=True)
