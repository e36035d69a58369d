"""The one outcome of each invoice, by run and number; and the queue of invoices that wait for the next paper batch."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.store.changes import difference
from chalicelib.store.items import item_of, model_of
from chalicelib.store.table import Refused, Table, read_together

NEXT_PAPER = "papier-a-venir"
"""The run under which what is moved to the next paper batch waits; `owner` is then the run whose batch took it."""


class DeliveryStore:
    """The shelf of deliveries."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "run", "number")

    def find(self, run: str, number: str) -> Delivery | None:
        item = self._table.get(run, number)
        return model_of(Delivery, item) if item else None

    def find_many(self, run: str, numbers: Sequence[str]) -> dict[str, Delivery]:
        """Those that have an outcome, by number."""
        items = read_together(self._table.client, [self._table.wanted(run, number) for number in numbers])
        return {one.number: one for item in items if item and (one := model_of(Delivery, item))}

    def of(self, run: str) -> Iterator[Delivery]:
        """The deliveries of a run by number, page after page."""
        rows = self._table.query("run = :run", {":run": run}, ConsistentRead=True)
        return (model_of(Delivery, row) for row in rows)

    def put_first(self, delivery: Delivery) -> Delivery:
        """Write it unless the invoice has one already: a claim, or an outcome reached at once.

        Answers the one that stands: ours too when an earlier answer to this very call was lost.
        """
        refused = self._table.put(item_of(delivery), condition="attribute_not_exists(run)")
        return model_of(Delivery, refused.item) if refused else delivery

    def replace(self, before: Delivery, after: Delivery) -> Delivery | None:
        """Write what differs between two readings; None, and nothing changed, when somebody wrote in between."""
        after = after.model_copy(update={"version": before.version + 1})
        change = difference(before, after)
        update = change.as_update(condition="version = :version", values={":version": before.version})
        answer = self._table.update(before.run, before.number, **update)
        if not isinstance(answer, Refused):
            return model_of(Delivery, answer)
        return after if answer.item and model_of(Delivery, answer.item) == after else None

    def give_back(self, claimed: Delivery) -> None:
        """Forget a claim after which nothing was sent for certain."""
        self._table.delete(
            claimed.run,
            claimed.number,
            condition="#owner = :owner AND outcome = :claimed",
            values={":owner": claimed.owner, ":claimed": Outcome.CLAIMED},
            names={"#owner": "owner"},
        )

    def forget(self, delivery: Delivery) -> None:
        """Give the invoice another chance, unless its outcome changed since it was read."""
        self._table.delete(
            delivery.run, delivery.number, condition="version = :version", values={":version": delivery.version}
        )

    def await_paper(self, delivery: Delivery) -> None:
        """Have the invoice printed with the next batch; safe to repeat."""
        self.put_first(delivery.model_copy(update={"run": NEXT_PAPER, "owner": "", "version": 0}))

    def take_paper(self, run: str) -> Iterator[Delivery]:
        """What waited for a paper batch, taken by this run: the same ones each time it asks."""
        for waiting in self.of(NEXT_PAPER):
            if waiting.owner == run:
                yield waiting
            elif not waiting.owner:
                taken = self.replace(waiting, waiting.model_copy(update={"owner": run}))
                if taken:
                    yield taken
