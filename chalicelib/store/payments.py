"""Attempts at paying by card, by reference. The indexes list them (by invoice, by work left); they never decide."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from chalicelib.domain.payment import Attempt
from chalicelib.store.items import Item, item_of, model_of
from chalicelib.store.table import Refused, Table, Wanted, in_groups, read_together
from chalicelib.store.transactions import Write
from chalicelib.store.update_expressions import difference


class Work(StrEnum):
    """What is left to do with an attempt; one that is finished carries no such mark, so the index stays short."""

    OPEN = "OPEN"
    LOOK = "LOOK"


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
            for some in in_groups(rows, 100):
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
    return Work.LOOK if attempt.for_the_regie else ""


def _replaced(before: Attempt, after: Attempt) -> dict[str, Any]:
    change = difference(_row(before), _row(after))
    return change.as_update(condition="version = :version", values={":version": before.version})
