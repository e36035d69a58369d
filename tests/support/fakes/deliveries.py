"""The store of deliveries in memory."""

from chalicelib.domain.delivery import Outcome
from chalicelib.store.invoices import shard_order
from tests.support.fakes.updates import next_version, updated
from tests.support.fakes.writes import Writes


class FakeDeliveries:
    """`items` by (run, number)."""

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def find(self, run, number):
        return self.items.get((run, number))

    def find_many(self, run, numbers):
        return {number: self.items[run, number] for number in numbers if (run, number) in self.items}

    def of(self, run):
        mine = [one for one in self.items.values() if one.run == run]
        return iter(sorted(mine, key=lambda one: shard_order(one.number)))

    def put_first(self, delivery):
        return self.writes.one(lambda: self.items.setdefault((delivery.run, delivery.number), delivery))

    def replace(self, before, after):
        return self.writes.one(lambda: self._replace(before, next_version(before, after)))

    def _replace(self, before, after):
        stored = self.find(before.run, before.number)
        if stored is None or stored.version != before.version:
            return after if stored == after else None
        self.items[before.run, before.number] = updated(stored, before, after)
        return self.items[before.run, before.number]

    def give_back(self, claimed):
        self.writes.one(lambda: self._give_back(claimed))

    def _give_back(self, claimed):
        stored = self.find(claimed.run, claimed.number)
        if stored and stored.owner and (stored.owner, stored.outcome) == (claimed.owner, Outcome.CLAIMED):
            del self.items[claimed.run, claimed.number]
