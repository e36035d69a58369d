"""The store of what families ask of the desk, in memory."""

from collections.abc import Iterator

from chalicelib.domain.request import Request, RequestKind
from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes


class FakeRequests:
    """`items` by (username, reference)."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[tuple[str, str], Request] = {}

    def add(self, request: Request) -> bool:
        return self.writes.one(lambda: self._add(request))

    def _add(self, request: Request) -> bool:
        free = (request.username, request.id) not in self.items
        self.items.setdefault((request.username, request.id), request)
        return free

    def find(self, username: str, reference: str) -> Request | None:
        return self.items.get((username, reference))

    def of(self, username: str) -> list[Request]:
        mine = [one for one in self.items.values() if one.username == username]
        return sorted(mine, key=lambda one: one.asked_at, reverse=True)

    def pending(self, kind: RequestKind) -> Iterator[Request]:
        waiting = [one for one in self.items.values() if one.kind is kind and one.pending]
        return iter(sorted(waiting, key=lambda one: one.id))

    def by_reference(self, reference: str) -> Request | None:
        return next((one for one in self.items.values() if one.id == reference), None)

    def decide(self, before: Request, after: Request) -> bool:
        return self.writes.one(lambda: self._decide(before, after))

    def _decide(self, before: Request, after: Request) -> bool:
        stored = self.find(before.username, before.id)
        if stored is None or not stored.pending:
            return False
        self.items[before.username, before.id] = updated(stored, before, after)
        return True

    def remove(self, request: Request) -> None:
        self.writes.one(lambda: self.items.pop((request.username, request.id), None))
