"""The bucket of documents in memory: the first object under a key stays."""

from chalicelib.errors import NotFound
from chalicelib.store.documents import describe
from tests.support.fakes.writes import Writes


class FakeDocuments:
    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def keep(self, key, content, content_type="application/pdf"):
        return self.writes.one(lambda: self._keep(key, content))

    def _keep(self, key, content):
        first = key not in self.items
        return describe(self.items.setdefault(key, content), first=first)

    def read(self, key):
        if key not in self.items:
            raise NotFound
        return self.items[key]
