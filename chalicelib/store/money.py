"""Payment attempts and ledger entries in DynamoDB, and the transactions that move money."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.errors import MoneyRefused
from chalicelib.formats import day_in_paris
from chalicelib.store.closings import ClosingStore
from chalicelib.store.counters import RECEIPTS, CounterStore
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.retry import Wait, retry
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.table import BatchKey, ConditionFailed, Item, Table, batch_get, item_of, marshal, model_of
from chalicelib.store.transactions import Write, difference, failed_conditions, transact_write

BY_WORK = {"IndexName": "by-work", "ExpressionAttributeNames": {"#work": "work"}}


class Work(StrEnum):
    """The work left on an attempt: the key of the sparse index `by-work`; a finished attempt has none."""

    OPEN = "OPEN"
    NEEDS_REVIEW = "LOOK"


class PaymentStore:
    """The table of payment attempts."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "reference")

    @property
    def client(self) -> Any:
        return self._table.client

    def find(self, reference: str) -> Attempt | None:
        return self.read(self._table.get(reference))

    def add(self, attempt: Attempt) -> bool:
        """Write a new attempt; returns False, and nothing changed, when its reference was used before."""
        return self._table.add(item_of(_row(attempt)))

    def replace(self, before: Attempt, after: Attempt) -> bool:
        """Write what differs; returns False, and nothing changed, when somebody wrote in between.

        A write that was retried because its response was lost is recognised by its `written_by`: returns True.
        """
        result = self._table.update(before.reference, **_replacement(before, after))
        if not isinstance(result, ConditionFailed):
            return True
        found = self.read(result.item)
        return found is not None and bool(after.written_by) and found == after

    def change(
        self, reference: str, change: Callable[[Attempt], Attempt | None], *, first: Attempt | None = None
    ) -> Attempt | None:
        """Apply a change to the current attempt, again if somebody wrote in between. `first`: as the caller read it.

        Returns the attempt as written; None, and nothing written, when there is none or `change` returned None.
        Raises what `change` raises, Unavailable.
        """

        def once(attempt: Attempt | None) -> tuple[Attempt | None] | None:
            changed = change(attempt) if attempt else None
            done = attempt is None or changed is None or changed == attempt or self.replace(attempt, changed)
            return (changed,) if done else None

        (written,) = once(first or self.find(reference)) or retry(
            lambda: once(self.find(reference)), what="payments: conflicting changes"
        )
        return written

    def replacement(self, before: Attempt, after: Attempt) -> Write:
        """The same as `replace`, as one part of a transaction."""
        return Write.updating(self._table, before.reference, **_replacement(before, after))

    def of_invoice(self, number: str) -> list[Attempt]:
        """Returns the attempts to pay an invoice, oldest first. The index may lag: for warnings and display only."""
        rows = self._table.query("invoice = :invoice", {":invoice": number}, IndexName="by-invoice")
        return sorted((model_of(Attempt, row) for row in rows), key=lambda attempt: attempt.created_at)

    def at_work(self, *kinds: Work) -> Iterator[Attempt]:
        """Yields attempts with such work left, oldest first in each kind; each is read again, for the index may lag."""
        for kind in kinds:
            rows = self._table.query("#work = :work", {":work": kind}, **BY_WORK)
            for some in in_batches(rows):
                wanted = [self._table.batch_key(row["reference"]["S"]) for row in some]
                found = [self.read(item) for item in batch_get(self._table.client, wanted)]
                yield from (attempt for attempt in found if attempt and _work(attempt) == kind)

    def every(self) -> Iterator[Attempt]:
        return (model_of(Attempt, item) for item in self._table.scan())

    def batch_key(self, reference: str) -> BatchKey:
        return self._table.batch_key(reference)

    @staticmethod
    def read(item: Item | None) -> Attempt | None:
        return model_of(Attempt, item) if item else None


class _Row(Attempt):
    """An attempt with the keys of its indexes."""

    invoice: str
    work: str


def _row(attempt: Attempt) -> _Row:
    return _Row(**dict(attempt), invoice=attempt.invoice_number, work=_work(attempt))


def _work(attempt: Attempt) -> str:
    if attempt.open:
        return Work.OPEN
    return Work.NEEDS_REVIEW if attempt.needs_review else ""


def _replacement(before: Attempt, after: Attempt) -> dict[str, Any]:
    change = difference(_row(before), _row(after))
    return change.as_update(condition="version = :version", values={":version": before.version})


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
