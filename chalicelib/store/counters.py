"""Running numbers: each grows by one, under the condition that nobody took the same in between."""

from typing import Any

from chalicelib.store.table import Table
from chalicelib.store.transactions import Write

RECEIPTS = "receipts"


class CounterStore:
    """The shelf of counters."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "name")

    def last(self, name: str) -> int:
        """The last number taken; 0 when none was."""
        item = self._table.get(name)
        return int(item["last"]["N"]) if item else 0

    def advance(self, name: str, *, to: int) -> Write:
        """Take the number that follows, as one part of a transaction: no gap, and nobody else's."""
        first = "attribute_not_exists(#last)" if to == 1 else "#last = :before"
        values = {":to": to} | ({} if to == 1 else {":before": to - 1})
        return Write.updating(
            self._table, name, expression="SET #last = :to", condition=first, values=values, names={"#last": "last"}
        )
