"""The store of billing runs in memory. Methods that only call other methods are those of RunStore."""

from chalicelib.store.runs import RunStore
from tests.support.fakes.updates import next_version, updated
from tests.support.fakes.writes import Writes


class FakeRuns:
    get, change = RunStore.get, RunStore.change
    latest, before, due = RunStore.latest, RunStore.before, RunStore.due

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def find(self, run):
        return self.items.get(run)

    def every(self):
        return iter(list(self.items.values()))

    def add(self, run):
        return self.writes.one(lambda: self._add(run))

    def _add(self, run):
        free = run.run not in self.items
        self.items.setdefault(run.run, run)
        return free

    def replace(self, before, after):
        return self.writes.one(lambda: self._replace(before, after))

    def _replace(self, before, after):
        stored = self.items.get(before.run)
        if stored is None or stored.version != before.version:
            return None
        self.items[before.run] = updated(stored, before, next_version(before, after))
        return self.items[before.run]
