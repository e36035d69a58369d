"""The transactions that move money, in memory: all or nothing, each part under its condition."""

from chalicelib.domain.ledger import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.store.retry import Wait
from tests.support.fakes.invoices import FakeInvoices
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.payments import FakePayments
from tests.support.fakes.summaries import FakeSummaries
from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes

UNMOVED = ("paid_cents", "surplus_cents", "state")


class FakeMoney:
    """Over the four fakes that it writes; `receipts` is the last number of the series."""

    def __init__(
        self,
        writes: Writes | None = None,
        *,
        ledger: FakeLedger,
        payments: FakePayments,
        invoices: FakeInvoices,
        summaries: FakeSummaries,
    ) -> None:
        self.writes = writes or Writes()
        self.ledger, self.payments, self.invoices, self.summaries = ledger, payments, invoices, summaries
        self.receipts = 0
        self.wait: Wait = lambda seconds: None

    def write(self, movement: Movement) -> bool:
        return self.writes.one(lambda: self._write(movement))

    def _write(self, movement: Movement) -> bool:
        entry, before, after = movement.entry, movement.before, movement.after
        left, reached = movement.attempt_before, movement.attempt_after
        stored = self.invoices.find(before.username, before.number)
        if (entry.invoice_number, entry.key) in self.ledger.items:
            return False
        if stored is None or any(getattr(stored, name) != getattr(before, name) for name in UNMOVED):
            return False
        if left and reached and not self.payments.is_current(left):
            return False
        self.ledger.items[entry.invoice_number, entry.key] = entry
        self.invoices.items[before.username, before.number] = updated(stored, before, after)
        if left and reached:
            self.payments.update(left, reached)
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
