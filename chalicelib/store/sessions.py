"""Open sessions, under the hash of their token: the token itself is stored nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.session import Session
from chalicelib.store.table import Item, Table, Wanted, item_of, marshal, model_of, read_together


class SessionStore:
    """The shelf of sessions. TTL sweeps the dead; whether one is alive is always checked by its reader."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "token_hash")

    def put(self, token_hash: str, session: Session) -> None:
        expires_at = marshal(int(session.ends_at.timestamp()))
        self._table.put(item_of(session) | self._table.key(token_hash) | {"expires_at": expires_at})

    def find(self, token_hash: str) -> Session | None:
        return self.read(self._table.get(token_hash))

    def find_with(self, token_hash: str, others: Sequence[Wanted]) -> tuple[Session | None, list[Item | None]]:
        """The session and other items, of any table, in one round trip."""
        session, *found = read_together(self._table.client, [self._table.wanted(token_hash), *others])
        return self.read(session), found

    def find_many(self, token_hashes: Sequence[str]) -> dict[str, Session]:
        """The sessions that exist, by the hash of their token; one round trip."""
        items = read_together(self._table.client, [self._table.wanted(token_hash) for token_hash in token_hashes])
        found = zip(token_hashes, map(self.read, items), strict=True)
        return {token_hash: session for token_hash, session in found if session}

    def touch(self, token_hash: str, now: datetime) -> None:
        """Note that it was just seen; an ended session stays ended."""
        self._table.update(
            token_hash,
            expression="SET seen_at = :now",
            condition="attribute_exists(token_hash)",
            values={":now": now.isoformat()},
        )

    def end(self, token_hash: str) -> None:
        self._table.delete(token_hash)

    @staticmethod
    def read(item: Item | None) -> Session | None:
        return model_of(Session, item) if item else None
