"""The bucket of documents in memory: the first object under a key stays, and is locked once kept."""

from datetime import UTC, datetime

from chalicelib.errors import NotFound
from chalicelib.store.documents import StoredDocument, describe
from tests.support.fakes.writes import Writes

FOREVER = datetime.max.replace(tzinfo=UTC)


class FakeDocuments:
    """`locks`: until when an object is locked; what a test puts in `items` itself has no lock.

    Erasing asks S3's clock, which a test does not set: here whatever is in `locks` is not erased.
    """

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, bytes] = {}
        self.locks: dict[str, datetime] = {}

    def keep(self, key: str, content: bytes, content_type: str = "application/pdf") -> StoredDocument:
        return self.writes.one(lambda: self._keep(key, content))

    def _keep(self, key: str, content: bytes) -> StoredDocument:
        first = key not in self.items
        self.locks.setdefault(key, FOREVER)
        return describe(self.items.setdefault(key, content), first=first)

    def read(self, key: str) -> bytes:
        if key not in self.items:
            raise NotFound
        return self.items[key]

    def is_locked(self, key: str, now: datetime) -> bool:
        return key in self.items and self.locks.get(key, now) > now

    def erase(self, key: str) -> bool:
        return self.writes.one(lambda: self._erase(key))

    def _erase(self, key: str) -> bool:
        if key in self.locks:
            return False
        self.items.pop(key, None)
        return True
