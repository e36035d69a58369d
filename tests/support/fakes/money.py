"""The transactions that move money, in memory: all or nothing, each part under its condition."""

from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes

UNMOVED = ("paid_cents", "surplus_cents", "state")


class FakeMoney:
    """Over the four fakes that it writes; `receipts` is the last number of the series."""

    def __init__(self, writes=None, *, ledger, payments, invoices, summaries):
        self.writes = writes or Writes()
        self.ledger, self.payments, self.invoices, self.summaries = ledger, payments, invoices, summaries
        self.receipts = 0
        self.wait = lambda seconds: None

    def write(self, movement):
        return self.writes.one(lambda: self._write(movement))

    def _write(self, movement):
        entry, before, after = movement.entry, movement.before, movement.after
        moved = movement.attempt_before and movement.attempt_after and (movement.attempt_before, movement.attempt_after)
        stored = self.invoices.find(before.username, before.number)
        if (entry.invoice_number, entry.key) in self.ledger.items:
            return False
        if stored is None or any(getattr(stored, name) != getattr(before, name) for name in UNMOVED):
            return False
        if moved and not self.payments.is_current(movement.attempt_before):
            return False
        self.ledger.items[entry.invoice_number, entry.key] = entry
        self.invoices.items[before.username, before.number] = updated(stored, before, after)
        if moved:
            self.payments.update(*moved)
        if after.visible:
            self.summaries.write_row(after.username, after.summary)
        return True

    def number_receipt(self, before, after):
        return self.writes.one(lambda: self._number(before, after))

    def _number(self, before, after):
        number = after.receipt_number or 1
        if number != self.receipts + 1 or not self.payments.is_current(before):
            return False
        self.payments.update(before, after)
        self.receipts = number
        return True

    def last_receipt(self):
        return self.receipts
