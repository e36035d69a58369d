"""Deliveries: one outcome per invoice of a run; and the queue of invoices for the next paper batch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.delivery import Delivery, Outcome, OutcomeRow
from chalicelib.store import invoices
from chalicelib.store.table import ConditionFailed, Item, Table, batch_get, item_of, marshal, model_of
from chalicelib.store.transactions import difference

NEXT_PAPER = "papier-a-venir"
"""The pseudo-run that queues late paper; `owner` is the run whose batch, or whose `complement`, took one."""

OF_SHARD = f"{invoices.SHARD_KEY} = :share"


class DeliveryStore:
    """The table of deliveries."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, invoices.SHARD_KEY, "number")

    def find(self, run: str, number: str) -> Delivery | None:
        item = self._table.get(*_key(run, number))
        return model_of(Delivery, item) if item else None

    def find_many(self, run: str, numbers: Sequence[str]) -> dict[str, Delivery]:
        """Returns the existing deliveries, by number."""
        items = batch_get(self._table.client, [self._table.batch_key(*_key(run, number)) for number in numbers])
        return {one.number: one for item in items if item and (one := model_of(Delivery, item))}

    def of(self, run: str) -> Iterator[Delivery]:
        """Yields the deliveries of a run, shard after shard, each by number."""
        return (model_of(Delivery, row) for row in self._rows(run))

    def outcome_rows(self, run: str) -> Iterator[OutcomeRow]:
        """Yields the deliveries of a run, with the columns of a count only."""
        named = {"#number": "number", "#outcome": "outcome", "#cents": "cents", "#reason": "reason"}
        projected: dict[str, Any] = {"ProjectionExpression": ", ".join(named), "ExpressionAttributeNames": named}
        for row in self._rows(run, **projected):
            reason = row["reason"]["S"] if "reason" in row else ""
            yield OutcomeRow(row["number"]["S"], Outcome(row["outcome"]["S"]), int(row["cents"]["N"]), reason)

    def settled(self, run: str) -> int:
        """Returns how many invoices of a run have their outcome; items are counted, not read."""
        values = {":claimed": Outcome.CLAIMED}
        unclaimed = {"FilterExpression": "#outcome <> :claimed", "ExpressionAttributeNames": {"#outcome": "outcome"}}
        queries = ({":share": shard, **values} for shard in invoices.shards_of(run))
        return sum(self._table.count(OF_SHARD, one, ConsistentRead=True, **unclaimed) for one in queries)

    def on_paper(self, run: str) -> Iterator[Delivery]:
        """Yields the deliveries of a run that go on paper."""
        on_paper = {"FilterExpression": "#outcome = :paper", "ExpressionAttributeNames": {"#outcome": "outcome"}}
        rows = self._rows(run, values={":paper": Outcome.PAPER}, **on_paper)
        return (model_of(Delivery, row) for row in rows)

    def _rows(self, run: str, *, values: Mapping[str, Any] | None = None, **options: Any) -> Iterator[Item]:
        for shard in invoices.shards_of(run):
            yield from self._table.query(OF_SHARD, {":share": shard, **(values or {})}, ConsistentRead=True, **options)

    def put_first(self, delivery: Delivery) -> Delivery:
        """Write it unless the invoice has one already: a claim, or an outcome reached at once.

        Returns the stored one: `delivery` too when the response to an earlier identical call was lost.
        """
        shard, _ = _key(delivery.run, delivery.number)
        item = item_of(delivery) | {invoices.SHARD_KEY: marshal(shard)}
        refused = self._table.put(item, condition="attribute_not_exists(run)")
        return model_of(Delivery, refused.item) if refused else delivery

    def replace(self, before: Delivery, after: Delivery) -> Delivery | None:
        """Write what differs; returns it as written, None, and nothing changed, when somebody wrote in between."""
        after = after.model_copy(update={"version": before.version + 1})
        change = difference(before, after)
        update = change.as_update(condition="version = :version", values={":version": before.version})
        result = self._table.update(*_key(before.run, before.number), **update)
        if not isinstance(result, ConditionFailed):
            return model_of(Delivery, result)
        return after if result.item and model_of(Delivery, result.item) == after else None

    def give_back(self, claimed: Delivery) -> None:
        """Delete a claim after which certainly nothing was sent."""
        self._table.delete(
            *_key(claimed.run, claimed.number),
            condition="#owner = :owner AND outcome = :claimed",
            values={":owner": claimed.owner, ":claimed": Outcome.CLAIMED},
            names={"#owner": "owner"},
        )

    def forget(self, delivery: Delivery) -> None:
        """Delete the outcome, so that the invoice is delivered again, unless it changed since it was read."""
        key = _key(delivery.run, delivery.number)
        self._table.delete(*key, condition="version = :version", values={":version": delivery.version})

    def await_paper(self, delivery: Delivery) -> None:
        """Queue the invoice for the next paper batch; safe to repeat."""
        self.put_first(delivery.model_copy(update={"run": NEXT_PAPER, "owner": "", "version": 0}))

    def take_paper(self, run: str) -> Iterator[Delivery]:
        """Yields the queued invoices, taken by this run's batch: the same ones at each call."""
        untaken = {
            "FilterExpression": "attribute_not_exists(#owner) OR (#owner = :run AND attribute_not_exists(complement))",
            "ExpressionAttributeNames": {"#owner": "owner"},
        }
        for waiting in (model_of(Delivery, row) for row in self._rows(NEXT_PAPER, values={":run": run}, **untaken)):
            if waiting.owner == run:
                yield waiting
            elif not waiting.owner:
                taken = self.replace(waiting, waiting.model_copy(update={"owner": run}))
                if taken:
                    yield taken

    def take_for_complement(self, run: str, numbers: Sequence[str], rank: int) -> list[str]:
        """Take these queued invoices for a complement of the run, unless another batch or complement has them.

        Returns the numbers that this complement has, taken now or before; the same ones at each later call.
        """
        for waiting in self.find_many(NEXT_PAPER, numbers).values():
            if not waiting.owner:
                self.replace(waiting, waiting.model_copy(update={"owner": run, "complement": rank}))
        taken = self.find_many(NEXT_PAPER, numbers).values()
        return [one.number for one in taken if (one.owner, one.complement) == (run, rank)]


def _key(run: str, number: str) -> tuple[str, str]:
    return invoices.shard_of(run, number), number
