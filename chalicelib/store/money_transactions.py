"""Where money is written: entry, invoice, row of the lists and attempt, in one transaction or not at all.

Each part has its condition: the entry's key is free, the invoice holds what it held, the attempt has its version. So of
any number of copies, replays or crashes exactly one writing succeeds, and the others read again.
"""

import time
from dataclasses import dataclass, field

from chalicelib.domain.movement import Movement
from chalicelib.domain.payment import Attempt
from chalicelib.store.backoff import Wait
from chalicelib.store.counters import RECEIPTS, CounterStore
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.ledger import LedgerStore
from chalicelib.store.payments import PaymentStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.transactions import Write, write_together


@dataclass(frozen=True)
class Books:
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
