"""The store of billing runs in memory. Methods that only call other methods are those of RunStore."""

from collections.abc import Iterator

from chalicelib.domain.billing_run import BillingRun
from chalicelib.store.runs import RunStore
from tests.support.fakes.updates import next_version, updated
from tests.support.fakes.writes import Writes


class FakeRuns:
    get, change = RunStore.get, RunStore.change
    latest, before, due = RunStore.latest, RunStore.before, RunStore.due

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, BillingRun] = {}

    def find(self, run: str) -> BillingRun | None:
        return self.items.get(run)

    def every(self) -> Iterator[BillingRun]:
        return iter(list(self.items.values()))

    def add(self, run: BillingRun) -> bool:
        return self.writes.one(lambda: self._add(run))

    def _add(self, run: BillingRun) -> bool:
        free = run.run not in self.items
        self.items.setdefault(run.run, run)
        return free

    def replace(self, before: BillingRun, after: BillingRun) -> BillingRun | None:
        return self.writes.one(lambda: self._replace(before, next_version(before, after)))

    def _replace(self, before: BillingRun, after: BillingRun) -> BillingRun | None:
        stored = self.items.get(before.run)
        if stored is None or stored.version != before.version:
            return after if stored == after else None
        self.items[before.run] = updated(stored, before, after)
        return self.items[before.run]
