"""When the ledger was last reconciled with the bank's export, and how far: one item, in the table of counters."""

from datetime import date, datetime
from typing import Any

from chalicelib.domain.reconciliation import LastReconciliation
from chalicelib.store.table import ConditionFailed, Table, model_of

NAME = "reconciliation"


class ReconciliationStore:
    """The item of the last reconciliation."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "name")

    def last(self) -> LastReconciliation | None:
        item = self._table.get(NAME)
        return model_of(LastReconciliation, item) if item else None

    def keep(self, at: datetime, last_day: date | None) -> None:
        """Write a reconciliation that ended at this instant (UTC). `last_day` of its export, None when it was empty.

        An export of earlier days than an earlier one does not take back what that one covered.
        """
        values = {":at": at.isoformat()}
        if last_day:
            written = self._table.update(
                NAME,
                expression="SET reconciled_at = :at, covered_at = :at, covered_until = :day",
                condition="attribute_not_exists(covered_until) OR covered_until <= :day",
                values=values | {":day": last_day.isoformat()},
            )
            if not isinstance(written, ConditionFailed):
                return
        self._table.update(NAME, expression="SET reconciled_at = :at", values=values)
