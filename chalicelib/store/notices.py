"""Bank notices in DynamoDB, stored raw before they are processed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.bank_notice import NoticeOutcome, StoredNotice
from chalicelib.store.table import Table, batch_get, item_of, marshal, model_of

WAITING = "1"
OF_DAY = {"ExpressionAttributeNames": {"#day": "day"}}


class NoticeStore:
    """The table of bank notices; a notice is never changed, only its outcome is added."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "day", "id")

    def keep(self, notice: StoredNotice) -> bool:
        """Write the notice; returns False when the same came today from the same address: that one stays."""
        waiting = {} if notice.fate else {"waiting": marshal(WAITING)}
        return self._table.add(item_of(notice) | self._table.key(*_key(notice)) | waiting)

    def conclude(self, notice: StoredNotice, outcome: NoticeOutcome) -> None:
        """Store the notice's outcome, so that it waits no longer; a first outcome stays, for a copy adds nothing."""
        self._table.update(
            *_key(notice),
            expression="SET fate = :fate REMOVE waiting",
            condition="attribute_exists(id) AND attribute_not_exists(fate)",
            values={":fate": outcome},
        )

    def waiting(self, before: datetime) -> Iterator[StoredNotice]:
        """Yields notices received before this instant without outcome; each is read again, for the index may lag."""
        values = {":waiting": WAITING, ":before": before.isoformat().replace("+00:00", "Z")}
        rows = self._table.query("waiting = :waiting AND received_at < :before", values, IndexName="by-waiting")
        for some in in_batches(rows):
            wanted = [self._table.batch_key(row["day"]["S"], row["id"]["S"]) for row in some]
            found = [model_of(StoredNotice, item) for item in batch_get(self._table.client, wanted) if item]
            yield from (notice for notice in found if notice.fate is None)

    def on(self, day: str) -> Iterator[StoredNotice]:
        """Yields the notices of a day (UTC, ISO)."""
        return (model_of(StoredNotice, row) for row in self._table.query("#day = :day", {":day": day}, **OF_DAY))


def _key(notice: StoredNotice) -> tuple[str, str]:
    return notice.received_at.date().isoformat(), notice.id
