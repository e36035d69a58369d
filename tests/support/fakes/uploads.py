"""The bucket of proofs in memory."""

from chalicelib.errors import NotFound
from tests.support.fakes.writes import Writes


class FakeUploads:
    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, bytes] = {}

    def keep(self, key: str, content: bytes) -> None:
        self.writes.one(lambda: self.items.update({key: content}))

    def read(self, key: str) -> bytes:
        if key not in self.items:
            raise NotFound
        return self.items[key]

    def remove(self, key: str) -> None:
        self.writes.one(lambda: self.items.pop(key, None))
