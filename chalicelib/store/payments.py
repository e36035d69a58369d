"""Payment attempts in DynamoDB."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.payment import Attempt
from chalicelib.store.retry import retry
from chalicelib.store.table import BatchKey, ConditionFailed, Item, Table, batch_get, item_of, marshal, model_of
from chalicelib.store.transactions import Write, difference, transact_write

POINTER = "attempt"
"""The attribute of an item that leads from a further invoice of an attempt to it, by its reference."""

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
        """Write a new attempt; returns False, and nothing changed, when its reference was used before.

        One of several invoices is written with an item for each but the first, which leads to it (decision 38).
        """
        if not attempt.shares:
            return self._table.add(item_of(_row(attempt)))
        further = [_pointer(attempt.reference, number) for number in attempt.invoice_numbers[1:]]
        items = [item_of(_row(attempt)), *further]
        return transact_write(self.client, [Write.adding(self._table, item) for item in items])

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
        rows = list(self._table.query("invoice = :invoice", {":invoice": number}, IndexName="by-invoice"))
        led_to = [self._table.batch_key(row[POINTER]["S"]) for row in rows if POINTER in row]
        items = [*rows, *(batch_get(self._table.client, led_to) if led_to else [])]
        return sorted(filter(None, map(self.read, items)), key=lambda attempt: attempt.created_at)

    def at_work(self, *kinds: Work) -> Iterator[Attempt]:
        """Yields attempts with such work left, oldest first in each kind; each is read again, for the index may lag."""
        for kind in kinds:
            rows = self._table.query("#work = :work", {":work": kind}, **BY_WORK)
            for some in in_batches(rows):
                wanted = [self._table.batch_key(row["reference"]["S"]) for row in some]
                found = [self.read(item) for item in batch_get(self._table.client, wanted)]
                yield from (attempt for attempt in found if attempt and _work(attempt) == kind)

    def every(self) -> Iterator[Attempt]:
        return (model_of(Attempt, item) for item in self._table.scan() if POINTER not in item)

    def batch_key(self, reference: str) -> BatchKey:
        return self._table.batch_key(reference)

    @staticmethod
    def read(item: Item | None) -> Attempt | None:
        """Returns the attempt of an item; None of no item, or of one that only leads from an invoice to its attempt."""
        return model_of(Attempt, item) if item and POINTER not in item else None


class _Row(Attempt):
    """An attempt with the keys of its indexes."""

    invoice: str
    work: str


def _pointer(reference: str, number: str) -> Item:
    """Returns the item by which an attempt is found from an invoice that is not its first; no reference has a « # »."""
    return {
        name: marshal(text)
        for name, text in {"reference": f"{reference}#{number}", "invoice": number, POINTER: reference}.items()
    }


def _row(attempt: Attempt) -> _Row:
    return _Row(**dict(attempt), invoice=attempt.invoice_number, work=_work(attempt))


def _work(attempt: Attempt) -> str:
    if attempt.open:
        return Work.OPEN
    return Work.NEEDS_REVIEW if attempt.needs_review else ""


def _replacement(before: Attempt, after: Attempt) -> dict[str, Any]:
    change = difference(_row(before), _row(after))
    return change.as_update(condition="version = :version", values={":version": before.version})
