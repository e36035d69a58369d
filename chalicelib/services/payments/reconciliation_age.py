"""How long card payments have waited for a reconciliation with the bank's export, for the scheduled task's alarm."""

from datetime import date, timedelta

from chalicelib.clock import Clock
from chalicelib.domain.reconciliation import LATE_AFTER, awaits_reconciliation, days_late
from chalicelib.formats import day_in_paris
from chalicelib.stores import Stores

MOST_DAYS = timedelta(days=92)
"""How far back payments are looked for when the portal was never reconciled, or long ago: one query a day."""


def days_without_reconciliation(*, stores: Stores, clock: Clock) -> int:
    """Returns how many days the first payment that no export covers has waited, 0 until that is too long.

    Nothing is read of the ledger while the last export is recent. At most `MOST_DAYS`. Raises Unavailable.
    """
    last, today = stores.reconciliations.last(), day_in_paris(clock())
    covered = last.covered_until if last and last.covered_until else date.min
    entries = stores.ledger.between(max(covered, today - MOST_DAYS), today - LATE_AFTER)
    first = next((entry.counted_on for entry in entries if awaits_reconciliation(entry, last)), None)
    return days_late(first, today)
