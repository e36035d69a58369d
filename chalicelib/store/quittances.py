"""The quittances' numbers in DynamoDB, and the transaction that gives one to a ledger entry."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.cash_desk.quittance import QuittanceEntry
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.store.counters import QUITTANCES, CounterStore
from chalicelib.store.money import LedgerStore
from chalicelib.store.retry import Wait
from chalicelib.store.table import Table, item_of, marshal, model_of
from chalicelib.store.transactions import Write, transact_write


class QuittanceTable:
    """The table that leads from a quittance's number to its ledger entry."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "number")

    @property
    def client(self) -> Any:
        return self._table.client

    def find(self, number: int) -> QuittanceEntry | None:
        item = self._table.get(str(number))
        return model_of(QuittanceEntry, item) if item else None

    def every(self) -> Iterator[QuittanceEntry]:
        return (model_of(QuittanceEntry, item) for item in self._table.scan())

    def addition(self, named: QuittanceEntry) -> Write:
        """Returns the write of a number, for a transaction; it fails if the number is taken."""
        return Write.adding(self._table, item_of(named) | {"number": marshal(str(named.number))})


@dataclass(frozen=True)
class QuittanceStore:
    """Gives quittances their numbers: one after the other, each to one entry, each entry at most one."""

    table: QuittanceTable
    ledger: LedgerStore
    counters: CounterStore
    wait: Wait = field(default=time.sleep)

    def last(self) -> int:
        """Returns the last number of the series; 0 before the first."""
        return self.counters.last(QUITTANCES)

    def find(self, number: int) -> QuittanceEntry | None:
        """Returns the entry that a number leads to; None when the number was not given yet."""
        return self.table.find(number)

    def every(self) -> Iterator[QuittanceEntry]:
        return self.table.every()

    def give(self, entry: LedgerEntry, number: int) -> bool:
        """Give this number, the next of the series, to an entry; False when it was taken, or the entry has one.

        Raises Unavailable, after which it may or may not be given: read the entry again before trying again.
        """
        named = QuittanceEntry(number=number, invoice_number=entry.invoice_number, entry=entry.key)
        taken = self.counters.advance(QUITTANCES, to=number)
        writes = [taken, self.table.addition(named), self.ledger.numbering(entry, number)]
        return transact_write(self.table.client, writes, wait=self.wait)
