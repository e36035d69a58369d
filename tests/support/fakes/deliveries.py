"""The store of deliveries in memory."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.delivery import Delivery, Outcome, OutcomeRow
from chalicelib.store.deliveries import NEXT_PAPER, DeliveryStore
from chalicelib.store.invoices import shard_order
from tests.support.fakes.updates import next_version, updated
from tests.support.fakes.writes import Writes


class FakeDeliveries:
    """`items` by (run, number). Methods that only call other methods are those of DeliveryStore."""

    await_paper, take_for_complement = DeliveryStore.await_paper, DeliveryStore.take_for_complement

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[tuple[str, str], Delivery] = {}

    def find(self, run: str, number: str) -> Delivery | None:
        return self.items.get((run, number))

    def find_many(self, run: str, numbers: Sequence[str]) -> dict[str, Delivery]:
        return {number: self.items[run, number] for number in numbers if (run, number) in self.items}

    def of(self, run: str) -> Iterator[Delivery]:
        mine = [one for one in self.items.values() if one.run == run]
        return iter(sorted(mine, key=lambda one: shard_order(one.number)))

    def outcome_rows(self, run: str) -> Iterator[OutcomeRow]:
        return (OutcomeRow(one.number, one.outcome, one.cents, one.reason) for one in self.of(run))

    def on_paper(self, run: str) -> Iterator[Delivery]:
        return (one for one in self.of(run) if one.outcome is Outcome.PAPER)

    def put_first(self, delivery: Delivery) -> Delivery:
        return self.writes.one(lambda: self.items.setdefault((delivery.run, delivery.number), delivery))

    def replace(self, before: Delivery, after: Delivery) -> Delivery | None:
        return self.writes.one(lambda: self._replace(before, next_version(before, after)))

    def _replace(self, before: Delivery, after: Delivery) -> Delivery | None:
        stored = self.find(before.run, before.number)
        if stored is None or stored.version != before.version:
            return after if stored == after else None
        self.items[before.run, before.number] = updated(stored, before, after)
        return self.items[before.run, before.number]

    def give_back(self, claimed: Delivery) -> None:
        self.writes.one(lambda: self._give_back(claimed))

    def _give_back(self, claimed: Delivery) -> None:
        stored = self.find(claimed.run, claimed.number)
        if stored and stored.owner and (stored.owner, stored.outcome) == (claimed.owner, Outcome.CLAIMED):
            del self.items[claimed.run, claimed.number]

    def forget(self, delivery: Delivery) -> None:
        self.writes.one(lambda: self._forget(delivery))

    def _forget(self, delivery: Delivery) -> None:
        stored = self.find(delivery.run, delivery.number)
        if stored is not None and stored.version == delivery.version:
            del self.items[delivery.run, delivery.number]

    def take_paper(self, run: str) -> Iterator[Delivery]:
        for waiting in self.of(NEXT_PAPER):
            if waiting.owner == run and not waiting.complement:
                yield waiting
            elif not waiting.owner and (taken := self.replace(waiting, waiting.model_copy(update={"owner": run}))):
                yield taken
