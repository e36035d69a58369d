"""The bank's authentic messages, raw, by the day they came; `by-waiting` lists those not acted upon yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.kept_notice import Fate, KeptNotice
from chalicelib.store.items import item_of, marshal, model_of
from chalicelib.store.table import Table, in_groups, read_together

WAITING = "1"


class NoticeStore:
    """The shelf of messages; a message is never changed, only what became of it is noted."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "day", "id")

    def keep(self, kept: KeptNotice) -> bool:
        """Write the message; False when the very same came today from the same address: that one stays."""
        waiting = {} if kept.fate else {"waiting": marshal(WAITING)}
        return self._table.add(item_of(kept) | self._table.key(*_key(kept)) | waiting)

    def conclude(self, kept: KeptNotice, fate: Fate) -> None:
        """Note what the message came to: it waits no longer. What was noted first stays: a copy says nothing new."""
        self._table.update(
            *_key(kept),
            expression="SET fate = :fate REMOVE waiting",
            condition="attribute_exists(id) AND attribute_not_exists(fate)",
            values={":fate": fate},
        )

    def waiting(self, before: datetime) -> Iterator[KeptNotice]:
        """Messages received before this instant that nothing was made of; each is read again, the index may lag."""
        values = {":waiting": WAITING, ":before": before.isoformat().replace("+00:00", "Z")}
        rows = self._table.query("waiting = :waiting AND received_at < :before", values, IndexName="by-waiting")
        for some in in_groups(rows, 100):
            wanted = [self._table.wanted(row["day"]["S"], row["id"]["S"]) for row in some]
            found = [model_of(KeptNotice, item) for item in read_together(self._table.client, wanted) if item]
            yield from (kept for kept in found if kept.fate is None)

    def on(self, day: str) -> Iterator[KeptNotice]:
        """The messages of a day (UTC, ISO)."""
        return (model_of(KeptNotice, row) for row in self._table.query("#day = :day", {":day": day}, **OF_DAY))


OF_DAY = {"ExpressionAttributeNames": {"#day": "day"}}


def _key(kept: KeptNotice) -> tuple[str, str]:
    return kept.received_at.date().isoformat(), kept.id
