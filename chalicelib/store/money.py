"""The tables of money (payment attempts, ledger entries, bank notices) and the transactions that move it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.bank_notice import Fate, KeptNotice
from chalicelib.domain.ledger import LedgerEntry, Movement
from chalicelib.domain.payment import Attempt
from chalicelib.store.counters import RECEIPTS, CounterStore
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.retry import Wait
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.table import Item, Refused, Table, Wanted, item_of, marshal, model_of, read_together
from chalicelib.store.transactions import Write, difference, write_together


class Work(StrEnum):
    """What is left to do with an attempt; one that is finished carries no such mark, so the index stays short."""

    OPEN = "OPEN"
    NEEDS_REVIEW = "LOOK"


class _Row(Attempt):
    """An attempt with what the indexes are made of."""

    invoice: str
    work: str


class PaymentStore:
    """The shelf of attempts."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "reference")

    @property
    def client(self) -> Any:
        return self._table.client

    def find(self, reference: str) -> Attempt | None:
        return self.read(self._table.get(reference))

    def add(self, attempt: Attempt) -> bool:
        """Write a new attempt; False, and nothing changed, when its reference was used before."""
        return self._table.add(item_of(_row(attempt)))

    def replace(self, before: Attempt, after: Attempt) -> bool:
        """Write what differs between two readings; False, and nothing changed, when somebody wrote in between.

        A write that was done, but whose answer was lost on the way and that was then sent again, is known by its
        `written_by` for our own.
        """
        answer = self._table.update(before.reference, **_replaced(before, after))
        if not isinstance(answer, Refused):
            return True
        found = self.read(answer.item)
        return found is not None and bool(after.written_by) and found == after

    def replacement(self, before: Attempt, after: Attempt) -> Write:
        """The same, as one part of a transaction."""
        return Write.updating(self._table, before.reference, **_replaced(before, after))

    def of_invoice(self, number: str) -> list[Attempt]:
        """The attempts at paying an invoice, oldest first. The index may lag: this warns and shows, no more."""
        rows = self._table.query("invoice = :invoice", {":invoice": number}, IndexName="by-invoice")
        return sorted((model_of(Attempt, row) for row in rows), key=lambda attempt: attempt.created_at)

    def at_work(self, *kinds: Work) -> Iterator[Attempt]:
        """Attempts with such work left, oldest first in each kind; each is read again, for the index may lag."""
        for kind in kinds:
            rows = self._table.query("#work = :work", {":work": kind}, **BY_WORK)
            for some in in_batches(rows):
                wanted = [self._table.wanted(row["reference"]["S"]) for row in some]
                found = [self.read(item) for item in read_together(self._table.client, wanted)]
                yield from (attempt for attempt in found if attempt and _work(attempt) == kind)

    def every(self) -> Iterator[Attempt]:
        return (model_of(Attempt, item) for item in self._table.scan())

    def wanted(self, reference: str) -> Wanted:
        return self._table.wanted(reference)

    @staticmethod
    def read(item: Item | None) -> Attempt | None:
        return model_of(Attempt, item) if item else None


BY_WORK = {"IndexName": "by-work", "ExpressionAttributeNames": {"#work": "work"}}


def _row(attempt: Attempt) -> _Row:
    return _Row(**dict(attempt), invoice=attempt.invoice_number, work=_work(attempt))


def _work(attempt: Attempt) -> str:
    if attempt.open:
        return Work.OPEN
    return Work.NEEDS_REVIEW if attempt.needs_review else ""


def _replaced(before: Attempt, after: Attempt) -> dict[str, Any]:
    change = difference(_row(before), _row(after))
    return change.as_update(condition="version = :version", values={":version": before.version})


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


WAITING = "1"


class NoticeStore:
    """The shelf of messages; a message is never changed, only what became of it is noted."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "day", "id")

    def keep(self, kept: KeptNotice) -> bool:
        """Write the message; False when the very same came today from the same address: that one stays."""
        waiting = {} if kept.fate else {"waiting": marshal(WAITING)}
        return self._table.add(item_of(kept) | self._table.key(*_key(kept)) | waiting)

    def conclude(self, kept: KeptNotice, fate: Fate) -> None:
        """Note what the message came to: it waits no longer. What was noted first stays: a copy says nothing new."""
        self._table.update(
            *_key(kept),
            expression="SET fate = :fate REMOVE waiting",
            condition="attribute_exists(id) AND attribute_not_exists(fate)",
            values={":fate": fate},
        )

    def waiting(self, before: datetime) -> Iterator[KeptNotice]:
        """Messages received before this instant that nothing was made of; each is read again, the index may lag."""
        values = {":waiting": WAITING, ":before": before.isoformat().replace("+00:00", "Z")}
        rows = self._table.query("waiting = :waiting AND received_at < :before", values, IndexName="by-waiting")
        for some in in_batches(rows):
            wanted = [self._table.wanted(row["day"]["S"], row["id"]["S"]) for row in some]
            found = [model_of(KeptNotice, item) for item in read_together(self._table.client, wanted) if item]
            yield from (kept for kept in found if kept.fate is None)

    def on(self, day: str) -> Iterator[KeptNotice]:
        """The messages of a day (UTC, ISO)."""
        return (model_of(KeptNotice, row) for row in self._table.query("#day = :day", {":day": day}, **OF_DAY))


OF_DAY = {"ExpressionAttributeNames": {"#day": "day"}}


def _key(kept: KeptNotice) -> tuple[str, str]:
    return kept.received_at.date().isoformat(), kept.id


@dataclass(frozen=True)
class MoneyTransactions:
    """The shelves that money touches; `wait` lets time pass while another transaction holds an item."""

    ledger: LedgerStore
    payments: PaymentStore
    invoices: InvoiceStore
    summaries: SummaryStore
    counters: CounterStore
    wait: Wait = field(default=time.sleep)

    def write(self, movement: Movement) -> bool:
        """Book a movement; False, and nothing written, when something of it changed since it was read.

        Raises Unavailable, after which it may or may not be booked: read again before trying again.
        """
        writes = [
            self.ledger.addition(movement.entry),
            self.invoices.replacement(movement.before, movement.after),
        ]
        if movement.after.visible:
            writes.append(self.summaries.row_written(movement.after.username, movement.after.summary))
        if movement.attempt_before and movement.attempt_after:
            writes.append(self.payments.replacement(movement.attempt_before, movement.attempt_after))
        return self._together(writes)

    def number_receipt(self, before: Attempt, after: Attempt) -> bool:
        """Give `after.receipt_number`, the next of the series, to this attempt; False when either moved meanwhile."""
        taken = self.counters.advance(RECEIPTS, to=after.receipt_number or 1)
        return self._together([taken, self.payments.replacement(before, after)])

    def last_receipt(self) -> int:
        """The last number of the series of receipts; 0 before the first."""
        return self.counters.last(RECEIPTS)

    def _together(self, writes: list[Write]) -> bool:
        return write_together(self.payments.client, writes, wait=self.wait)
