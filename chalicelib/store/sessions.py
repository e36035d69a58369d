"""Open sessions, under the hash of their token: the token itself is stored nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.session import Session
from chalicelib.store.table import BatchKey, Item, Table, batch_get, item_of, marshal, model_of


class SessionStore:
    """The table of sessions. TTL deletes late: whether a session is alive is always checked after reading."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "token_hash")

    def put(self, token_hash: str, session: Session) -> None:
        expires_at = marshal(int(session.ends_at.timestamp()))
        self._table.put(item_of(session) | self._table.key(token_hash) | {"expires_at": expires_at})

    def find(self, token_hash: str) -> Session | None:
        return self.read(self._table.get(token_hash))

    def find_with(self, token_hash: str, others: Sequence[BatchKey]) -> tuple[Session | None, list[Item | None]]:
        """Returns the session and other items, of any table, in one round trip."""
        session, *found = batch_get(self._table.client, [self._table.batch_key(token_hash), *others])
        return self.read(session), found

    def find_many(self, token_hashes: Sequence[str]) -> dict[str, Session]:
        """Returns the existing sessions, by the hash of their token; one round trip."""
        items = batch_get(self._table.client, [self._table.batch_key(token_hash) for token_hash in token_hashes])
        found = zip(token_hashes, map(self.read, items), strict=True)
        return {token_hash: session for token_hash, session in found if session}

    def touch(self, token_hash: str, now: datetime) -> None:
        """Update `seen_at`; an ended session stays ended."""
        self._stamp(token_hash, "seen_at", now)

    def prove(self, token_hash: str, now: datetime) -> None:
        """Update `proved_at`: the password was just typed again; an ended session stays ended."""
        self._stamp(token_hash, "proved_at", now)

    def _stamp(self, token_hash: str, name: str, now: datetime) -> None:
        self._table.update(
            token_hash,
            expression=f"SET {name} = :now",
            condition="attribute_exists(token_hash)",
            values={":now": now.isoformat()},
        )

    def end(self, token_hash: str) -> None:
        self._table.delete(token_hash)

    @staticmethod
    def read(item: Item | None) -> Session | None:
        return model_of(Session, item) if item else None
