"""Sequential counters: each is incremented by a conditional write, without gaps or duplicates."""

from typing import Any

from chalicelib.store.table import Table
from chalicelib.store.transactions import Write

RECEIPTS, QUITTANCES, CLOSINGS = "receipts", "quittances", "closings"


class CounterStore:
    """The table of counters."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "name")

    def last(self, name: str) -> int:
        """Returns the last number taken; 0 when none was."""
        item = self._table.get(name)
        return int(item["last"]["N"]) if item else 0

    def advance(self, name: str, *, to: int) -> Write:
        """Returns the write that takes the number `to`, for a transaction: it fails if another took it."""
        condition = "attribute_not_exists(#last)" if to == 1 else "#last = :before"
        values = {":to": to} | ({} if to == 1 else {":before": to - 1})
        return Write.updating(
            self._table, name, expression="SET #last = :to", condition=condition, values=values, names={"#last": "last"}
        )
