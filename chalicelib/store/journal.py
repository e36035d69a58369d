"""The journal (audit trail) of each account: kept a year, read by the family and by the office."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.journal import FAMILY, Entry
from chalicelib.store.table import Table, item_of, marshal, model_of

RETENTION = timedelta(days=365)


class JournalStore:
    """The table of journal entries; an entry is never changed."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "username", "instant_id")

    def note(self, username: str, event: str, *, at: datetime, by: str = FAMILY, detail: str = "") -> None:
        """Add an entry. `event` is a key of the wording, `detail` what it is about (a number, a reference)."""
        entry = Entry(username=username, event=event, at=at, by=by, detail=detail)
        instant_id = f"{entry.at.isoformat(timespec='milliseconds')}~{secrets.token_hex(4)}"
        expires_at = int((entry.at + RETENTION).timestamp())
        extra = self._table.key(entry.username, instant_id) | {"expires_at": marshal(expires_at)}
        self._table.put(item_of(entry) | extra)

    def latest(self, username: str, *, now: datetime, most: int = 50) -> list[Entry]:
        """Returns the account's latest entries, newest first; TTL deletes late, so age is checked here."""
        rows = self._table.query(
            "username = :username", {":username": username}, ScanIndexForward=False, PaginationConfig={"MaxItems": most}
        )
        entries = (model_of(Entry, row) for row in rows)
        return [entry for entry in entries if now - entry.at < RETENTION]

    def remove(self, username: str) -> int:
        """Delete the account's entries; returns their number."""
        rows = self._table.query(
            "username = :username", {":username": username}, ProjectionExpression="username, instant_id"
        )
        return sum(1 for row in rows if self._table.delete(username, row["instant_id"]["S"]))
