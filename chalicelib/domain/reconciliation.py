"""The last reconciliation with the bank's export, and the card payments that it has not covered."""

from datetime import date, datetime, timedelta

from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.models import Model

LATE_AFTER = timedelta(days=10)
"""The age of the first payment that no reconciliation has covered, from which the régie is warned."""


class LastReconciliation(Model):
    """`reconciled_at`: the instant of the last one (UTC).

    `covered_until`: the last day of any export so far, None while they were empty; `covered_at`: the instant (UTC) of
    the last reconciliation that reached that day, of which an export made before its end has a part only.
    """

    reconciled_at: datetime
    covered_until: date | None = None
    covered_at: datetime | None = None

    def covers(self, entry: LedgerEntry) -> bool:
        """Whether an export up to that day had to name this payment."""
        if self.covered_until is None or self.covered_at is None or entry.counted_on > self.covered_until:
            return False
        return entry.counted_on < self.covered_until or entry.booked_at <= self.covered_at


def awaits_reconciliation(entry: LedgerEntry, last: LastReconciliation | None) -> bool:
    """Whether it is a card payment that no export has confirmed yet. `last`: None before the first reconciliation."""
    return entry.kind is EntryKind.CARD and (last is None or not last.covers(entry))


def days_late(first: date | None, today: date) -> int:
    """Returns how many days the first of these payments has waited, 0 until that is too long or when there is none."""
    waited = today - first if first else timedelta()
    return waited.days if waited >= LATE_AFTER else 0
