"""Invoices and their numbers in DynamoDB, with write sharding of a run's items over several keys.

DynamoDB accepts a thousand writes per second on one key, and a mailing makes more. The tables `invoices` and
`deliveries` return a run in one order: shard after shard, each by number.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

from chalicelib.domain.invoice import Document, Invoice, InvoiceState
from chalicelib.errors import NumberTaken
from chalicelib.store.table import (
    BatchKey,
    ConditionFailed,
    Item,
    Table,
    attributes_of,
    batch_get,
    item_of,
    marshal,
    model_of,
)
from chalicelib.store.transactions import Write, difference

SHARDS = 4
"""Four thousand writes per second: a thousand mails per second make three thousand (claim, outcome, event).

Each shard costs one query per run. Change it only when all runs are closed: items of open ones would not be found.
"""

SHARD_KEY = "run_share"
BY_RUN = f"{SHARD_KEY} = :share"


class InvoiceStore:
    """The table of invoices, and that of their numbers."""

    def __init__(self, client: Any, *, invoices: str, numbers: str) -> None:
        self._table = Table(client, invoices, "username", "number")
        self._numbers = Table(client, numbers, "number")

    def find(self, username: str, number: str) -> Invoice | None:
        return self.read(self._table.get(username, number))

    def find_with(self, username: str, number: str, other: BatchKey) -> tuple[Invoice | None, Item | None]:
        """Returns the invoice, and an item of another table, in one round trip."""
        invoice, item = batch_get(self._table.client, [self._table.batch_key(username, number), other])
        return self.read(invoice), item

    def find_many(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Invoice]:
        """Returns the existing invoices of (username, number) pairs, by number."""
        items = batch_get(self._table.client, [self._table.batch_key(*pair) for pair in pairs])
        return {invoice.number: invoice for item in items if (invoice := self.read(item))}

    def of(self, username: str) -> list[Invoice]:
        rows = self._table.query("username = :username", {":username": username})
        return [model_of(Invoice, row) for row in rows]

    def every(self) -> Iterator[Invoice]:
        return (model_of(Invoice, item) for item in self._table.scan())

    def find_by_number(self, number: str) -> Invoice | None:
        """Returns the invoice of a number, whichever its account; None when unknown."""
        owner = self.owner(number)
        return self.find(owner, number) if owner else None

    def owner(self, number: str) -> str | None:
        """Returns the username a number belongs to; None when it is free."""
        return self.owners([number]).get(number)

    def owners(self, numbers: Sequence[str]) -> dict[str, str]:
        items = batch_get(self._numbers.client, [self._numbers.batch_key(number) for number in numbers])
        return {item["number"]["S"]: item["username"]["S"] for item in items if item}

    def add(self, invoice: Invoice) -> bool:
        """Claim the number, then write the invoice; safe to repeat after a crash between the two.

        Returns True when this call or an earlier identical one wrote it; False when another invoice exists there.
        Raises NumberTaken when the number is another account's.
        """
        claim = {name: marshal(getattr(invoice, name)) for name in ("number", "username", "run")}
        taken = self._numbers.put(
            claim,
            condition="attribute_not_exists(username) OR username = :username",
            values={":username": invoice.username},
        )
        if taken:
            raise NumberTaken(taken.item["username"]["S"])
        refused = self._table.put(_item(invoice), condition="attribute_not_exists(username)")
        return refused is None or self.read(refused.item) == invoice

    def attach_document(self, username: str, number: str, document: Document) -> Invoice:
        """Attach the invoice's document, unless it has one. Returns the invoice as stored."""
        result = self._table.update(
            username,
            number,
            expression="SET #document = :document",
            condition="attribute_exists(username) AND attribute_not_exists(#document)",
            values={":document": attributes_of(document)},
            names={"#document": "document"},
        )
        return model_of(Invoice, result.item if isinstance(result, ConditionFailed) else result)

    def replacement(self, before: Invoice, after: Invoice) -> Write:
        """Returns the write of what differs, for a transaction; it fails if its money or state changed in between."""
        change = difference(before, after).as_update(
            condition="paid_cents = :paid AND surplus_cents = :surplus AND #state = :state",
            values={":paid": before.paid_cents, ":surplus": before.surplus_cents, ":state": before.state},
        )
        return Write.updating(self._table, before.username, before.number, **_named(change, "state"))

    def in_run(self, run: str) -> Iterator[tuple[str, str]]:
        """Yields (username, number) of a run's invoices, in `shard_order`. The index may lag: read each before use."""
        for shard in shards_of(run):
            for row in self._table.query(BY_RUN, {":share": shard}, IndexName="by-run"):
                yield row["username"]["S"], row["number"]["S"]

    def count_in_run(self, run: str) -> int:
        """Returns how many invoices of a run the index has."""
        return sum(self._table.count(BY_RUN, {":share": one}, IndexName="by-run") for one in shards_of(run))

    def issue(self, username: str, number: str, *, run: str) -> Invoice | None:
        """PREPARED → ISSUED; safe to repeat. Returns the invoice as stored, None when it is not of this run."""
        result = self._table.update(
            username,
            number,
            expression="SET #state = :issued",
            condition="run = :run AND #state = :prepared",
            values={":run": run, ":prepared": InvoiceState.PREPARED, ":issued": InvoiceState.ISSUED},
            names={"#state": "state"},
        )
        found = self.read(result.item if isinstance(result, ConditionFailed) else result)
        return found if found and found.run == run else None

    def releasing(self, invoice: Invoice, document: Document) -> Write:
        """Returns the write that issues it with its document, for a transaction; safe to repeat.

        A document attached before stays.
        """
        return Write.updating(
            self._table,
            invoice.username,
            invoice.number,
            expression="SET #state = :issued, #document = if_not_exists(#document, :document)",
            condition="run = :run AND #state IN (:prepared, :issued)",
            values={
                ":run": invoice.run,
                ":prepared": InvoiceState.PREPARED,
                ":issued": InvoiceState.ISSUED,
                ":document": attributes_of(document),
            },
            names={"#state": "state", "#document": "document"},
        )

    def withdraw(self, username: str, number: str, *, run: str) -> bool:
        """Free the number of a PREPARED invoice of this run, then remove it; returns True when this call removed it.

        In this order a crash between the two leaves it in its run, to be withdrawn again. A number that another run
        claimed meanwhile is not freed.
        """
        self._numbers.delete(
            number, condition="username = :username AND run = :run", values={":username": username, ":run": run}
        )
        removed = self._table.delete(
            username,
            number,
            condition="run = :run AND #state = :prepared",
            values={":run": run, ":prepared": InvoiceState.PREPARED},
            names={"#state": "state"},
        )
        return removed is not None

    def remove(self, invoice: Invoice) -> bool:
        """Remove the invoice, unless its money or its state changed since it was read; its number stays taken.

        Returns True when it no longer exists.
        """
        removed = self._table.delete(
            invoice.username,
            invoice.number,
            condition="paid_cents = :paid AND surplus_cents = :surplus AND #state = :state",
            values={":paid": invoice.paid_cents, ":surplus": invoice.surplus_cents, ":state": invoice.state},
            names={"#state": "state"},
        )
        return removed is not None or self.find(invoice.username, invoice.number) is None

    def batch_key(self, username: str, number: str) -> BatchKey:
        return self._table.batch_key(username, number)

    @staticmethod
    def read(item: Item | None) -> Invoice | None:
        return model_of(Invoice, item) if item else None


def shard_of(run: str, number: str) -> str:
    """Returns « 2026-06-3f9a1c2b04.7 »: the shard of an invoice of a run, by the CRC of its number."""
    return f"{run}.{_rank(number):x}"


def shards_of(run: str) -> list[str]:
    return [f"{run}.{rank:x}" for rank in range(SHARDS)]


def shard_order(number: str) -> tuple[int, str]:
    """Sort key of numbers, in the order in which a run is returned."""
    return _rank(number), number


def _rank(number: str) -> int:
    return crc32(number.encode()) % SHARDS


def _item(invoice: Invoice) -> Item:
    """Returns the item, with the key of the index `by-run` if it came with a run."""
    shard = {SHARD_KEY: marshal(shard_of(invoice.run, invoice.number))} if invoice.run else {}
    return item_of(invoice) | shard


def _named(change: dict[str, Any], *reserved: str) -> dict[str, Any]:
    """Returns the update with placeholders for DynamoDB's reserved words."""
    return change | {"names": change["names"] | {f"#{word}": word for word in reserved}}
