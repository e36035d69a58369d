"""Families' requests to the office, by username and reference; the index `by-state` lists only, for it may lag."""

from collections.abc import Iterator
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.request import Request, RequestKind, RequestState
from chalicelib.store.table import ConditionFailed, Table, batch_get, item_of, model_of
from chalicelib.store.transactions import Write, difference


class RequestStore:
    """The table of requests."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "username", "id")

    def add(self, request: Request) -> bool:
        """Write a new request; returns False, and nothing changed, when its reference is taken."""
        return self._table.add(item_of(request))

    def find(self, username: str, reference: str) -> Request | None:
        item = self._table.get(username, reference)
        return model_of(Request, item) if item else None

    def of(self, username: str) -> list[Request]:
        """Returns the account's requests, latest first."""
        rows = self._table.query("username = :username", {":username": username})
        requests = [model_of(Request, row) for row in rows]
        return sorted(requests, key=lambda request: request.asked_at, reverse=True)

    def pending(self, kind: RequestKind) -> Iterator[Request]:
        """Yields pending requests of a kind, the earliest day first; each is read again, for the index may lag."""
        for rows in in_batches(self._listed(RequestState.PENDING, f"{kind}-")):
            wanted = [self._table.batch_key(row["username"]["S"], row["id"]["S"]) for row in rows]
            found = [model_of(Request, item) for item in batch_get(self._table.client, wanted) if item]
            yield from (request for request in found if request.pending)

    def by_reference(self, reference: str) -> Request | None:
        """Returns the request of this reference, of any account and state; None when unknown."""
        for state in RequestState:
            for row in self._listed(state, reference):
                return self.find(row["username"]["S"], reference)
        return None

    def decide(self, before: Request, after: Request) -> bool:
        """Write the decision; returns False, and nothing changed, when the request is no longer pending."""
        result = self._table.update(before.username, before.id, **_decided(before, after))
        return not isinstance(result, ConditionFailed)

    def decision(self, before: Request, after: Request) -> Write:
        """The same, as one part of a transaction."""
        return Write.updating(self._table, before.username, before.id, **_decided(before, after))

    def remove(self, request: Request) -> None:
        self._table.delete(request.username, request.id)

    def _listed(self, state: RequestState, beginning: str) -> Iterator[Any]:
        return self._table.query(
            "#state = :state AND begins_with(id, :beginning)",
            {":state": state, ":beginning": beginning},
            IndexName="by-state",
            ExpressionAttributeNames={"#state": "state"},
        )


def _decided(before: Request, after: Request) -> dict[str, Any]:
    update = difference(before, after).as_update(
        condition="#state = :pending", values={":pending": RequestState.PENDING}
    )
    return update | {"names": update["names"] | {"#state": "state"}}
