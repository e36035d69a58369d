"""Billing runs, by name. A town has a few per month: lists scan the table rather than an index that may lag."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from chalicelib.domain.billing_run import BillingRun, RunKind, RunState
from chalicelib.errors import NotFound
from chalicelib.store.retry import retry
from chalicelib.store.table import ConditionFailed, Table, item_of, model_of
from chalicelib.store.transactions import difference


class RunStore:
    """The table of billing runs."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "run")

    def find(self, run: str) -> BillingRun | None:
        item = self._table.get(run)
        return model_of(BillingRun, item) if item else None

    def add(self, run: BillingRun) -> bool:
        """Write a new run; returns False, and nothing changed, when its file was already deposited."""
        return self._table.add(item_of(run))

    def replace(self, before: BillingRun, after: BillingRun) -> BillingRun | None:
        """Write what differs; returns the run as written, None, and nothing changed, when somebody wrote in between.

        Returns the stored run too when it is the one to write: the response to an earlier identical call was lost.
        """
        after = after.model_copy(update={"version": before.version + 1})
        change = difference(before, after)
        update = change.as_update(condition="version = :version", values={":version": before.version})
        result = self._table.update(before.run, **update)
        if not isinstance(result, ConditionFailed):
            return model_of(BillingRun, result)
        return after if result.item and model_of(BillingRun, result.item) == after else None

    def get(self, run: str) -> BillingRun:
        """Returns the run of that name. Raises NotFound."""
        found = self.find(run)
        if found is None:
            raise NotFound
        return found

    def change(self, name: str, change: Callable[[BillingRun], BillingRun]) -> BillingRun:
        """Apply a change of `domain.billing_run` to the current run, again if somebody wrote in between.

        Returns the run as written. Raises NotFound, RunRefused from the change, Unavailable.
        """

        def once() -> BillingRun | None:
            run = self.get(name)
            changed = change(run)
            return run if changed == run else self.replace(run, changed)

        return once() or retry(once, what=f"runs: {name}")

    def every(self) -> Iterator[BillingRun]:
        return (model_of(BillingRun, item) for item in self._table.scan(ConsistentRead=True))

    def latest(self, most: int) -> list[BillingRun]:
        """Returns the last runs deposited, newest first."""
        return sorted(self.every(), key=lambda run: (run.deposited_at, run.run), reverse=True)[:most]

    def before(self, run: BillingRun) -> BillingRun | None:
        """Returns the campaign deposited last before this one, to compare with; None when there is none.

        Cancelled ones do not count, nor those whose file has no valid invoice.
        """
        earlier = (one for one in self.every() if one.deposited_at < run.deposited_at and _comparable(one))
        return max(earlier, key=lambda one: one.deposited_at, default=None)

    def due(self, today: date) -> list[BillingRun]:
        """Returns published runs whose day of the town has come, and those not closed yet; by day, then name."""
        waiting = [run for run in self.every() if run.due(today)]
        return sorted(waiting, key=lambda run: (run.publish_on or today, run.run))


def _comparable(run: BillingRun) -> bool:
    read = run.imported_at is not None and run.figures.invoices > 0
    return read and run.kind is RunKind.CAMPAIGN and run.state is not RunState.CANCELLED
