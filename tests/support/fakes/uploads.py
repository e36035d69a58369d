"""The bucket of proofs in memory."""

from chalicelib.errors import NotFound
from tests.support.fakes.writes import Writes


class FakeUploads:
    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def keep(self, key, content):
        self.writes.one(lambda: self.items.update({key: content}))

    def read(self, key):
        if key not in self.items:
            raise NotFound
        return self.items[key]

    def remove(self, key):
        self.writes.one(lambda: self.items.pop(key, None))
