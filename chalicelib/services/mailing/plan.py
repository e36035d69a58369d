"""Split a run into batches of references, and write the manifests that the Step Functions maps read.

Only references are in memory, those of a run once: an account's are sorted into one batch, to leave as one mail.
"""

from collections.abc import Iterable
from typing import Any

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.errors import RunRefused
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.grouping import Pair, in_batches_of_accounts, sorted_by_account

BATCH = 200
"""References per batch: one delivery task finishes them well within its timeout."""

BATCHES_PER_CHILD = {s3_names.DRAW: 3, s3_names.RELEASE: 10, s3_names.DELIVER: 1}
"""Batches per child of each map: every child costs a state transition, and drawing and releasing are fast."""

PARALLEL_WRITES = 40
"""Batches written in parallel."""

MANIFESTS = {"draw": s3_names.DRAW, "release": s3_names.RELEASE, "deliver": s3_names.DELIVER, "print": s3_names.PRINT}


def plan_run(run: str, *, context: MailingContext) -> dict[str, Any]:
    """Write the batches of a run; repeated, the same ones. Returns the workflow's state, references only.

    Raises RunRefused while the index does not show every invoice of the run, NotFound, Unavailable.
    """
    expected = context.stores.runs.get(run).figures.invoices
    pairs = sorted_by_account(context.stores.invoices.in_run(run))
    count, batches = write_batches(run, pairs, context=context)
    if count != expected:
        raise RunRefused("incomplete")
    return plan_facts(run, count, batches, context)


def write_batches(run: str, pairs: Iterable[Pair], *, context: MailingContext) -> tuple[int, int]:
    """Write batches and manifests of these references. Returns how many invoices and how many batches."""
    count = rank = 0
    for some in in_batches(enumerate(in_batches_of_accounts(pairs, BATCH), 1), PARALLEL_WRITES):
        in_threads(
            lambda one: context.stores.mailing_files.put_json(
                run, s3_names.references(s3_names.batch_name(one[0])), one[1]
            ),
            some,
        )
        count, rank = count + sum(len(batch) for _, batch in some), some[-1][0]
    for manifest, size in BATCHES_PER_CHILD.items():
        shared = {"run": run, "together": context.policy.together}
        items = [{**shared, "batches": some} for some in in_batches(map(s3_names.batch_name, range(1, rank + 1)), size)]
        context.stores.mailing_files.put_json(run, manifest, items)
    context.stores.mailing_files.clear(run, s3_names.FAILURES)
    return count, rank


def plan_facts(run: str, count: int, batches: int, context: MailingContext) -> dict[str, Any]:
    """Returns the workflow's state: counts, bucket, and the keys of the manifests."""
    """Returns the workflow's state: counts, bucket, and the keys of the manifests."""
    manifests = {step: context.stores.mailing_files.key(run, name) for step, name in MANIFESTS.items()}
    facts = {"run": run, "invoices": count, "batches": batches, "concurrency": context.policy.concurrency}
    return {**facts, "bucket": context.stores.mailing_files.bucket, **manifests}


def pairs_of(run: str, batch: str, *, context: MailingContext) -> list[Pair]:
    """Returns the (username, number) references of a batch. Raises NotFound."""
    return [
        (username, number)
        for username, number in context.stores.mailing_files.read_json(run, s3_names.references(batch))
    ]
