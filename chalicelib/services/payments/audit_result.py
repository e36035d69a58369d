"""What an audit of the accounts read, and every inconsistency that it found."""

from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.cash_desk.closing import Closing
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.position import Position
from chalicelib.domain.reconciliation import LastReconciliation


@dataclass(frozen=True)
class Difference:
    """An invoice whose figures differ from the sum of its ledger entries."""

    invoice: Invoice
    summed: Position


@dataclass
class Audit:
    """What was read, and every inconsistency. `orphans`: numbers of entries without invoice.

    `unbooked`: references of paid attempts without an entry. `receipts`: numbers missing from the series, or taken
    twice; `quittances`: the same of theirs, and those that lead to another entry. `rows`: numbers of invoices that
    their account's list shows with another amount paid. `closings`: those whose kept totals differ from the day's
    entries, or are missing. `offsets`: numbers of invoices with half an offset. `refunds`: references of attempts that
    say another refunded amount than the ledger. `unnumbered`: numbers of invoices with a settlement of the counter
    that has no quittance yet, which its command gives when it is repeated. Amounts are cents: `received_cents` and its
    part `surplus_cents` are what the invoices say, `opening_cents` what they were imported with, `moved_cents` the sum
    of the entries. `unreconciled_since`: the first day of a card payment that no export of the bank has covered, None
    when there is none.
    """

    invoices: int = 0
    entries: int = 0
    received_cents: int = 0
    surplus_cents: int = 0
    opening_cents: int = 0
    moved_cents: int = 0
    last_reconciliation: LastReconciliation | None = None
    unreconciled_since: date | None = None
    differences: list[Difference] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    unbooked: list[str] = field(default_factory=list)
    receipts: list[int] = field(default_factory=list)
    quittances: list[int] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    offsets: list[str] = field(default_factory=list)
    refunds: list[str] = field(default_factory=list)
    unnumbered: list[str] = field(default_factory=list)

    @property
    def paid_cents(self) -> int:
        """*Montant réglé*: what was received, less the surpluses (cents)."""
        return self.received_cents - self.surplus_cents

    @property
    def sound(self) -> bool:
        found = (
            self.differences,
            self.orphans,
            self.unbooked,
            self.receipts,
            self.quittances,
            self.closings,
            self.rows,
            self.offsets,
            self.refunds,
        )
        return not any(found)
