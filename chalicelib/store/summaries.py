"""Rows of each account's invoice lists, all in one item, each as a short JSON text: a page is one small read."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.store.table import BatchKey, Item, Table, batch_get
from chalicelib.store.transactions import Write

KEY = "username"
ROW = "n/"
"""The prefix of a row's attribute name: an invoice number may be « username »."""


class SummaryStore:
    """The table of summaries: one attribute per row, named after its invoice. Derived from the table of invoices."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, KEY)

    def find(self, username: str) -> tuple[InvoiceSummary, ...]:
        return self.read(self._table.get(username))

    def find_many(self, usernames: Sequence[str]) -> dict[str, tuple[InvoiceSummary, ...]]:
        """Returns the rows of several accounts, by username."""
        wanted = [self._table.batch_key(username) for username in usernames]
        items = batch_get(self._table.client, wanted)
        return {username: self.read(item) for username, item in zip(usernames, items, strict=True) if item}

    def put_rows(self, username: str, rows: Sequence[InvoiceSummary]) -> None:
        """Add or replace rows by their number. Safe to repeat."""
        if rows:
            self._table.update(username, **self.assignment(rows))

    def add_rows(self, username: str, rows: Sequence[InvoiceSummary]) -> None:
        """Add the missing rows; one that a payment already changed stays. Safe to repeat."""
        if rows:
            self._table.update(username, **self._addition(rows))

    def rows_added(self, username: str, rows: Sequence[InvoiceSummary]) -> Write:
        """Returns the write of `add_rows`, for a transaction."""
        return Write.updating(self._table, username, **self._addition(rows))

    def _addition(self, rows: Sequence[InvoiceSummary]) -> dict[str, Any]:
        sets = ", ".join(f"#n{n} = if_not_exists(#n{n}, :n{n})" for n in range(len(rows)))
        return self.assignment(rows) | {"expression": f"SET {sets}"}

    def every(self) -> Iterator[tuple[str, tuple[InvoiceSummary, ...]]]:
        """Yields (username, rows) of every account: a scan, for the daily task only."""
        return ((item[KEY]["S"], self.read(item)) for item in self._table.scan())

    def drop_rows(self, username: str, numbers: Sequence[str]) -> None:
        if numbers:
            names = {f"#n{n}": ROW + number for n, number in enumerate(numbers)}
            self._table.update(username, expression="REMOVE " + ", ".join(names), names=names)

    def remove(self, username: str) -> None:
        self._table.delete(username)

    def assignment(self, rows: Sequence[InvoiceSummary]) -> dict[str, Any]:
        """Returns the update expression that writes these rows, also usable in a transaction."""
        return {
            "expression": "SET " + ", ".join(f"#n{n} = :n{n}" for n in range(len(rows))),
            "names": {f"#n{n}": ROW + row.number for n, row in enumerate(rows)},
            "values": {f":n{n}": _packed(row) for n, row in enumerate(rows)},
        }

    def rows_written(self, username: str, rows: Sequence[InvoiceSummary]) -> Write:
        """Returns the write that adds or replaces rows of one account, for a transaction."""
        return Write.updating(self._table, username, **self.assignment(rows))

    def batch_key(self, username: str) -> BatchKey:
        return self._table.batch_key(username, consistent=False)

    @staticmethod
    def read(item: Item | None) -> tuple[InvoiceSummary, ...]:
        """Returns the rows of an item, latest issue first."""
        packed = [(name, value["S"]) for name, value in (item or {}).items() if name != KEY]
        rows = [_unpacked(name.removeprefix(ROW), text) for name, text in packed]
        return tuple(sorted(rows, key=lambda row: (row.issued_on, row.number), reverse=True))


def _packed(row: InvoiceSummary) -> str:
    flags = ("d" if row.direct_debit else "") + ("c" if row.cancelled else "")
    days = [row.issued_on.isoformat(), row.due_on.isoformat()]
    values = [row.label, *days, row.billed_cents, row.paid_cents, row.size_bytes, flags]
    values += [row.surplus_cents] if row.surplus_cents else []  # most rows have none: the item stays small
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _unpacked(number: str, text: str) -> InvoiceSummary:
    label, issued_on, due_on, billed_cents, paid_cents, size_bytes, flags, *surplus = json.loads(text)
    return InvoiceSummary(
        number=number,
        label=label,
        issued_on=date.fromisoformat(issued_on),
        due_on=date.fromisoformat(due_on),
        billed_cents=billed_cents,
        paid_cents=paid_cents,
        size_bytes=size_bytes,
        direct_debit="d" in flags,
        cancelled="c" in flags,
        surplus_cents=sum(surplus),
    )
