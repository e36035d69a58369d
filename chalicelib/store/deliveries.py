"""The one outcome of each invoice, by run and number; and the queue of invoices that wait for the next paper batch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.delivery import Delivery, Outcome, OutcomeRow
from chalicelib.store import invoices
from chalicelib.store.table import Item, Refused, Table, item_of, marshal, model_of, read_together
from chalicelib.store.transactions import difference

NEXT_PAPER = "papier-a-venir"
"""The run under which what is moved to the next paper batch waits; `owner` is then the run whose batch took it."""

OF_SHARE = f"{invoices.SHARD_KEY} = :share"


class DeliveryStore:
    """The shelf of deliveries."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, invoices.SHARD_KEY, "number")

    def find(self, run: str, number: str) -> Delivery | None:
        item = self._table.get(*_key(run, number))
        return model_of(Delivery, item) if item else None

    def find_many(self, run: str, numbers: Sequence[str]) -> dict[str, Delivery]:
        """Those that have an outcome, by number."""
        items = read_together(self._table.client, [self._table.wanted(*_key(run, number)) for number in numbers])
        return {one.number: one for item in items if item and (one := model_of(Delivery, item))}

    def of(self, run: str) -> Iterator[Delivery]:
        """The deliveries of a run in the order of `spread`, page after page."""
        return (model_of(Delivery, row) for row in self._rows(run))

    def outcome_rows(self, run: str) -> Iterator[OutcomeRow]:
        """The same, of which only what a count needs travels."""
        named = {"#number": "number", "#outcome": "outcome", "#cents": "cents", "#reason": "reason"}
        projected: dict[str, Any] = {"ProjectionExpression": ", ".join(named), "ExpressionAttributeNames": named}
        for row in self._rows(run, **projected):
            reason = row["reason"]["S"] if "reason" in row else ""
            yield OutcomeRow(row["number"]["S"], Outcome(row["outcome"]["S"]), int(row["cents"]["N"]), reason)

    def settled(self, run: str) -> int:
        """How many invoices of a run have their outcome; none of them travels."""
        values = {":claimed": Outcome.CLAIMED}
        named = {"FilterExpression": "#outcome <> :claimed", "ExpressionAttributeNames": {"#outcome": "outcome"}}
        asked = ({":share": share, **values} for share in invoices.shards_of(run))
        return sum(self._table.count(OF_SHARE, one, ConsistentRead=True, **named) for one in asked)

    def on_paper(self, run: str) -> Iterator[Delivery]:
        """Those of a run whose outcome is the letterbox."""
        named = {"FilterExpression": "#outcome = :paper", "ExpressionAttributeNames": {"#outcome": "outcome"}}
        rows = self._rows(run, values={":paper": Outcome.PAPER}, **named)
        return (model_of(Delivery, row) for row in rows)

    def _rows(self, run: str, *, values: Mapping[str, Any] | None = None, **options: Any) -> Iterator[Item]:
        for share in invoices.shards_of(run):
            yield from self._table.query(OF_SHARE, {":share": share, **(values or {})}, ConsistentRead=True, **options)

    def put_first(self, delivery: Delivery) -> Delivery:
        """Write it unless the invoice has one already: a claim, or an outcome reached at once.

        Answers the one that stands: ours too when an earlier answer to this very call was lost.
        """
        share, _ = _key(delivery.run, delivery.number)
        item = item_of(delivery) | {invoices.SHARD_KEY: marshal(share)}
        refused = self._table.put(item, condition="attribute_not_exists(run)")
        return model_of(Delivery, refused.item) if refused else delivery

    def replace(self, before: Delivery, after: Delivery) -> Delivery | None:
        """Write what differs between two readings; None, and nothing changed, when somebody wrote in between."""
        after = after.model_copy(update={"version": before.version + 1})
        change = difference(before, after)
        update = change.as_update(condition="version = :version", values={":version": before.version})
        answer = self._table.update(*_key(before.run, before.number), **update)
        if not isinstance(answer, Refused):
            return model_of(Delivery, answer)
        return after if answer.item and model_of(Delivery, answer.item) == after else None

    def give_back(self, claimed: Delivery) -> None:
        """Forget a claim after which nothing was sent for certain."""
        self._table.delete(
            *_key(claimed.run, claimed.number),
            condition="#owner = :owner AND outcome = :claimed",
            values={":owner": claimed.owner, ":claimed": Outcome.CLAIMED},
            names={"#owner": "owner"},
        )

    def forget(self, delivery: Delivery) -> None:
        """Give the invoice another chance, unless its outcome changed since it was read."""
        key = _key(delivery.run, delivery.number)
        self._table.delete(*key, condition="version = :version", values={":version": delivery.version})

    def await_paper(self, delivery: Delivery) -> None:
        """Have the invoice printed with the next batch; safe to repeat."""
        self.put_first(delivery.model_copy(update={"run": NEXT_PAPER, "owner": "", "version": 0}))

    def take_paper(self, run: str) -> Iterator[Delivery]:
        """What waited for a paper batch, taken by this run: the same ones each time it asks."""
        untaken = {
            "FilterExpression": "attribute_not_exists(#owner) OR #owner = :run",
            "ExpressionAttributeNames": {"#owner": "owner"},
        }
        for waiting in (model_of(Delivery, row) for row in self._rows(NEXT_PAPER, values={":run": run}, **untaken)):
            if waiting.owner == run:
                yield waiting
            elif not waiting.owner:
                taken = self.replace(waiting, waiting.model_copy(update={"owner": run}))
                if taken:
                    yield taken


def _key(run: str, number: str) -> tuple[str, str]:
    return invoices.shard_of(run, number), number
