"""Entries of the ledger: by invoice, read whole and consistently; by day, for the accounts."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.store.items import Item, item_of, marshal, model_of
from chalicelib.store.table import Table
from chalicelib.store.transactions import Write


class LedgerStore:
    """The shelf of entries; one is never changed and never removed."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "invoice", "entry")

    def of(self, number: str) -> list[LedgerEntry]:
        """Every entry of an invoice, in the order they were booked."""
        rows = self._table.query("invoice = :invoice", {":invoice": number}, ConsistentRead=True)
        return sorted(map(_entry, rows), key=lambda entry: (entry.booked_at, entry.key))

    def between(self, first: date, last: date) -> Iterator[LedgerEntry]:
        """Entries counted from one day to another, both included, day after day. The index may lag by an instant."""
        for n in range((last - first).days + 1):
            day = (first + timedelta(days=n)).isoformat()
            yield from map(_entry, self._table.query("counted_on = :day", {":day": day}, IndexName="by-day"))

    def every(self) -> Iterator[LedgerEntry]:
        return map(_entry, self._table.scan())

    def addition(self, entry: LedgerEntry) -> Write:
        """A new entry, as one part of a transaction; its key is never used twice on one invoice."""
        keys = {"invoice": marshal(entry.invoice_number), "entry": marshal(entry.key)}
        return Write.adding(self._table, item_of(entry) | keys)


def _entry(item: Item) -> LedgerEntry:
    return model_of(LedgerEntry, item)
