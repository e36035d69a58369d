"""Ledger entries in DynamoDB, and the transactions that move money."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.errors import MoneyRefused
from chalicelib.formats import day_in_paris
from chalicelib.store.closings import ClosingStore
from chalicelib.store.counters import RECEIPTS, CounterStore
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.payments import PaymentStore
from chalicelib.store.retry import Wait
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.table import Item, Table, item_of, marshal, model_of
from chalicelib.store.transactions import Write, failed_conditions, transact_write


class LedgerStore:
    """The ledger's table: of an entry only its quittance's number is ever set, once, and its payer purged."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "invoice", "entry")

    def of(self, number: str) -> list[LedgerEntry]:
        """Returns the entries of an invoice, in the order they were booked."""
        rows = self._table.query("invoice = :invoice", {":invoice": number}, ConsistentRead=True)
        return sorted(map(_entry, rows), key=lambda entry: (entry.booked_at, entry.key))

    def of_account(self, username: str, *, since: date) -> list[LedgerEntry]:
        """Returns an account's entries counted from this day on, in the order of that day. The index may lag."""
        values = {":username": username, ":since": since.isoformat()}
        rows = self._table.query("username = :username AND counted_on >= :since", values, IndexName="by-account")
        return [_entry(row) for row in rows]

    def between(self, first: date, last: date) -> Iterator[LedgerEntry]:
        """Yields entries counted from one day to another, both included, by day. The index may lag."""
        for n in range((last - first).days + 1):
            day = (first + timedelta(days=n)).isoformat()
            yield from map(_entry, self._table.query("counted_on = :day", {":day": day}, IndexName="by-day"))

    def on(self, day: date) -> Iterator[LedgerEntry]:
        """Yields every entry counted on a day, by consistent read of the whole table: for its closing."""
        values = {":day": marshal(day.isoformat())}
        options = {"FilterExpression": "counted_on = :day", "ExpressionAttributeValues": values}
        return map(_entry, self._table.scan(ConsistentRead=True, **options))

    def every(self) -> Iterator[LedgerEntry]:
        return map(_entry, self._table.scan())

    def forget_payer(self, entry: LedgerEntry) -> None:
        """Remove the name of who paid, once its invoice is purged. Safe to repeat."""
        self._table.update(entry.invoice_number, entry.key, expression="REMOVE payer")

    def addition(self, entry: LedgerEntry) -> Write:
        """Returns the write of a new entry, for a transaction; it fails if its key exists on the invoice."""
        keys = {"invoice": marshal(entry.invoice_number), "entry": marshal(entry.key)}
        return Write.adding(self._table, item_of(entry) | keys)

    def numbering(self, entry: LedgerEntry, quittance: int) -> Write:
        """Returns the write of the number of its quittance, for a transaction; it fails if the entry has one."""
        return Write.updating(
            self._table,
            *(entry.invoice_number, entry.key),
            expression="SET quittance = :number",
            condition="attribute_exists(#entry) AND attribute_not_exists(quittance)",
            values={":number": quittance},
            names={"#entry": "entry"},
        )


def _entry(item: Item) -> LedgerEntry:
    return model_of(LedgerEntry, item)


@dataclass(frozen=True)
class MoneyTransactions:
    """Transactions over the tables of money; `wait` sleeps between tries while another transaction writes an item."""

    ledger: LedgerStore
    payments: PaymentStore
    invoices: InvoiceStore
    summaries: SummaryStore
    counters: CounterStore
    closings: ClosingStore
    wait: Wait = field(default=time.sleep)

    def write(self, *movements: Movement) -> bool:
        """Book movements of one account together; returns False, and nothing written, when something changed meanwhile.

        Of a closed day, they are counted on the first open day; typed at the counter, MoneyRefused is raised. Raises
        Unavailable, after which they may or may not be booked: read again before trying again.
        """
        writes = [self.ledger.addition(movement.entry) for movement in movements]
        writes += [self.invoices.replacement(movement.before, movement.after) for movement in movements]
        writes += self._rows([movement.after for movement in movements])
        writes += [
            self.payments.replacement(movement.attempt_before, movement.attempt_after)
            for movement in movements
            if movement.attempt_before and movement.attempt_after
        ]
        checks = self.closings.checks([movement.entry for movement in movements])
        failed = failed_conditions(self.payments.client, [*writes, *checks], wait=self.wait)
        if failed and min(failed) >= len(writes):
            return self._write_on_open_day(movements)
        return not failed

    def _write_on_open_day(self, movements: Sequence[Movement]) -> bool:
        entries = [movement.entry for movement in movements]
        if any(entry.origin == COUNTER for entry in entries):
            raise MoneyRefused("day_closed", day=entries[0].counted_on)
        day = self.closings.first_open_day(day_in_paris(entries[0].booked_at))
        return self.write(*(movement.counted_later(day) for movement in movements))

    def change_invoice(self, before: Invoice, after: Invoice) -> bool:
        """Write what changes of an invoice without a movement of money; returns False when it changed meanwhile."""
        return self._transact([self.invoices.replacement(before, after), *self._rows([after])])

    def _rows(self, invoices: Sequence[Invoice]) -> list[Write]:
        """Returns the write of their rows in the account's list: an item is written once in a transaction."""
        visible = [invoice for invoice in invoices if invoice.visible]
        rows = [invoice.summary for invoice in visible]
        return [self.summaries.rows_written(visible[0].username, rows)] if visible else []

    def number_receipt(self, before: Attempt, after: Attempt) -> bool:
        """Give `after.receipt_number`, the next of the series, to this attempt; False when either changed meanwhile."""
        taken = self.counters.advance(RECEIPTS, to=after.receipt_number or 1)
        return self._transact([taken, self.payments.replacement(before, after)])

    def last_receipt(self) -> int:
        """Returns the last number of the series of receipts; 0 before the first."""
        return self.counters.last(RECEIPTS)

    def _transact(self, writes: list[Write]) -> bool:
        return transact_write(self.payments.client, writes, wait=self.wait)
