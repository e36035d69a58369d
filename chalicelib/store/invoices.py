"""A run's items lie under several keys: DynamoDB takes a thousand writes a second on one, and a mailing makes more.

Both shelves that a run fills give it back in one order, share after share, each by number.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

from chalicelib.domain.invoice import Document, Invoice, InvoiceState
from chalicelib.errors import NumberTaken
from chalicelib.store.table import (
    Item,
    Refused,
    Table,
    Wanted,
    attributes_of,
    item_of,
    marshal,
    model_of,
    read_together,
)
from chalicelib.store.transactions import Write, difference

SHARDS = 4
"""Four thousand writes a second: a thousand mails a second write three thousand times (claim, mark, event).

More shares would cost each small run as many queries. To change it strands runs under way: wait until all are closed.
"""

SHARD_KEY = "run_share"


def shard_of(run: str, number: str) -> str:
    """« 2026-06-3f9a1c2b04.7 »: numbers that follow each other lie apart."""
    return f"{run}.{_rank(number):x}"


def shards_of(run: str) -> list[str]:
    return [f"{run}.{rank:x}" for rank in range(SHARDS)]


def shard_order(number: str) -> tuple[int, str]:
    """Sorts numbers as a run is given back."""
    return _rank(number), number


def _rank(number: str) -> int:
    return crc32(number.encode()) % SHARDS


BY_RUN = f"{SHARD_KEY} = :share"


class InvoiceStore:
    """The shelf of invoices."""

    def __init__(self, client: Any, *, invoices: str, numbers: str) -> None:
        self._table = Table(client, invoices, "username", "number")
        self._numbers = Table(client, numbers, "number")

    def find(self, username: str, number: str) -> Invoice | None:
        return self.read(self._table.get(username, number))

    def find_many(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Invoice]:
        """The invoices of (username, number) pairs that exist, by number."""
        items = read_together(self._table.client, [self._table.wanted(*pair) for pair in pairs])
        return {invoice.number: invoice for item in items if (invoice := self.read(item))}

    def of(self, username: str) -> list[Invoice]:
        rows = self._table.query("username = :username", {":username": username})
        return [model_of(Invoice, row) for row in rows]

    def every(self) -> Iterator[Invoice]:
        return (model_of(Invoice, item) for item in self._table.scan())

    def numbered(self, number: str) -> Invoice | None:
        """The invoice of a number, whoever's."""
        owner = self.owner(number)
        return self.find(owner, number) if owner else None

    def owner(self, number: str) -> str | None:
        """The username a number belongs to."""
        return self.owners([number]).get(number)

    def owners(self, numbers: Sequence[str]) -> dict[str, str]:
        items = read_together(self._numbers.client, [self._numbers.wanted(number) for number in numbers])
        return {item["number"]["S"]: item["username"]["S"] for item in items if item}

    def add(self, invoice: Invoice) -> bool:
        """Claim the number, then write the invoice; safe to repeat after a crash between the two.

        True when this call or an earlier identical one wrote it; False when another invoice stands there.
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
        """Freeze the invoice's document: the first one stays. Answers the invoice as it then stands."""
        answer = self._table.update(
            username,
            number,
            expression="SET #document = :document",
            condition="attribute_exists(username) AND attribute_not_exists(#document)",
            values={":document": attributes_of(document)},
            names={"#document": "document"},
        )
        return model_of(Invoice, answer.item if isinstance(answer, Refused) else answer)

    def replacement(self, before: Invoice, after: Invoice) -> Write:
        """Write what differs, as one part of a transaction, unless its money or its state moved in between."""
        change = difference(before, after).as_update(
            condition="paid_cents = :paid AND surplus_cents = :surplus AND #state = :state",
            values={":paid": before.paid_cents, ":surplus": before.surplus_cents, ":state": before.state},
        )
        return Write.updating(self._table, before.username, before.number, **_named(change, "state"))

    def in_run(self, run: str) -> Iterator[tuple[str, str]]:
        """(username, number) of the invoices of a run, in `spread`'s order. The index may lag: read each before use."""
        for share in shards_of(run):
            for row in self._table.query(BY_RUN, {":share": share}, IndexName="by-run"):
                yield row["username"]["S"], row["number"]["S"]

    def count_in_run(self, run: str) -> int:
        """How many invoices the index knows of a run."""
        return sum(self._table.count(BY_RUN, {":share": one}, IndexName="by-run") for one in shards_of(run))

    def issue(self, username: str, number: str, *, run: str) -> Invoice | None:
        """PREPARED → ISSUED; safe to repeat. Answers the invoice as it stands, None when it is not of this run."""
        answer = self._table.update(
            username,
            number,
            expression="SET #state = :issued",
            condition="run = :run AND #state = :prepared",
            values={":run": run, ":prepared": InvoiceState.PREPARED, ":issued": InvoiceState.ISSUED},
            names={"#state": "state"},
        )
        found = self.read(answer.item if isinstance(answer, Refused) else answer)
        return found if found and found.run == run else None

    def releasing(self, invoice: Invoice, document: Document) -> Write:
        """Visible with its document, as one part of a transaction; safe to repeat, and the first document stays."""
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
        """Free the number of a PREPARED invoice of this run, then remove it; True when this call removed it.

        In this order a crash between the two leaves it in its run, to be withdrawn again. A number that another run
        claimed meanwhile stays claimed.
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
        """Remove the invoice, unless its money or its state moved since it was read; its number stays taken.

        True when it is gone.
        """
        removed = self._table.delete(
            invoice.username,
            invoice.number,
            condition="paid_cents = :paid AND surplus_cents = :surplus AND #state = :state",
            values={":paid": invoice.paid_cents, ":surplus": invoice.surplus_cents, ":state": invoice.state},
            names={"#state": "state"},
        )
        return removed is not None or self.find(invoice.username, invoice.number) is None

    def wanted(self, username: str, number: str) -> Wanted:
        return self._table.wanted(username, number)

    @staticmethod
    def read(item: Item | None) -> Invoice | None:
        return model_of(Invoice, item) if item else None


def _item(invoice: Invoice) -> Item:
    """With its place in the index of its run, if it came with one."""
    share = {SHARD_KEY: marshal(shard_of(invoice.run, invoice.number))} if invoice.run else {}
    return item_of(invoice) | share


def _named(change: dict[str, Any], *reserved: str) -> dict[str, Any]:
    """The update with names for words that DynamoDB keeps for itself."""
    return change | {"names": change["names"] | {f"#{word}": word for word in reserved}}
