"""The store of the last reconciliation in memory."""

from datetime import date, datetime

from chalicelib.domain.reconciliation import LastReconciliation
from tests.support.fakes.writes import Writes


class FakeReconciliations:
    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.item: LastReconciliation | None = None

    def last(self) -> LastReconciliation | None:
        return self.item

    def keep(self, at: datetime, last_day: date | None) -> None:
        self.writes.one(lambda: self._keep(at, last_day))

    def _keep(self, at: datetime, last_day: date | None) -> None:
        before = self.item or LastReconciliation(reconciled_at=at)
        further = last_day and (before.covered_until is None or before.covered_until <= last_day)
        reached = {"covered_until": last_day, "covered_at": at} if further else {}
        self.item = before.model_copy(update={"reconciled_at": at, **reached})
