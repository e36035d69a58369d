"""The transactions that move money, in memory: all or nothing, each part under its condition."""

from collections.abc import Sequence

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import COUNTER
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.errors import MoneyRefused
from chalicelib.formats import day_in_paris
from chalicelib.store.retry import Wait
from tests.support.fakes.closings import FakeClosings
from tests.support.fakes.invoices import FakeInvoices
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.payments import FakePayments
from tests.support.fakes.summaries import FakeSummaries
from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes

UNMOVED = ("paid_cents", "surplus_cents", "state")


class FakeMoney:
    """Over the four fakes that it writes and the closings that it checks; `receipts`: the last number of the series."""

    def __init__(
        self,
        writes: Writes | None = None,
        *,
        ledger: FakeLedger,
        payments: FakePayments,
        invoices: FakeInvoices,
        summaries: FakeSummaries,
        closings: FakeClosings,
    ) -> None:
        self.writes = writes or Writes()
        self.ledger, self.payments, self.invoices, self.summaries = ledger, payments, invoices, summaries
        self.closings = closings
        self.receipts = 0
        self.wait: Wait = lambda seconds: None

    def write(self, *movements: Movement) -> bool:
        return self.writes.one(lambda: self._write(movements))

    def change_invoice(self, before: Invoice, after: Invoice) -> bool:
        return self.writes.one(lambda: self._change(before, after))

    def _write(self, movements: Sequence[Movement]) -> bool:
        if not all(map(self._possible, movements)):
            return False
        if any(self.closings.is_closed(movement.entry.counted_on) for movement in movements):
            return self._write(self._on_open_day(movements))
        for movement in movements:
            entry, left, reached = movement.entry, movement.attempt_before, movement.attempt_after
            self.ledger.items[entry.invoice_number, entry.key] = entry
            self._change(movement.before, movement.after)
            if left and reached:
                self.payments.update(left, reached)
        return True

    def _on_open_day(self, movements: Sequence[Movement]) -> list[Movement]:
        entry = movements[0].entry
        if any(movement.entry.origin == COUNTER for movement in movements):
            raise MoneyRefused("day_closed", day=entry.counted_on)
        day = self.closings.first_open_day(day_in_paris(entry.booked_at))
        return [movement.counted_later(day) for movement in movements]

    def _possible(self, movement: Movement) -> bool:
        entry, left = movement.entry, movement.attempt_before
        if (entry.invoice_number, entry.key) in self.ledger.items or not self._unmoved(movement.before):
            return False
        return left is None or movement.attempt_after is None or self.payments.is_current(left)

    def _unmoved(self, before: Invoice) -> bool:
        stored = self.invoices.find(before.username, before.number)
        return stored is not None and all(getattr(stored, name) == getattr(before, name) for name in UNMOVED)

    def _change(self, before: Invoice, after: Invoice) -> bool:
        stored = self.invoices.find(before.username, before.number)
        if stored is None or not self._unmoved(before):
            return False
        self.invoices.items[before.username, before.number] = updated(stored, before, after)
        if after.visible:
            self.summaries.write_row(after.username, after.summary)
        return True

    def number_receipt(self, before: Attempt, after: Attempt) -> bool:
        return self.writes.one(lambda: self._number(before, after))

    def _number(self, before: Attempt, after: Attempt) -> bool:
        number = after.receipt_number or 1
        if number != self.receipts + 1 or not self.payments.is_current(before):
            return False
        self.payments.update(before, after)
        self.receipts = number
        return True

    def last_receipt(self) -> int:
        return self.receipts
