"""The files of billing runs in memory."""

import json

from chalicelib.errors import NotFound
from tests.support.fakes.writes import Writes


class FakeRunFiles:
    """`items`: octets by (run, name)."""

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def put(self, run, name, content):
        self.writes.one(lambda: self._put(run, name, content))
        return f"campagnes/{run}/{name}"

    def _put(self, run, name, content):
        self.items[run, name] = content if isinstance(content, bytes) else content.read()

    def put_json(self, run, name, value):
        return self.put(run, name, json.dumps(value, ensure_ascii=False).encode())

    def read_json(self, run, name):
        return json.loads(self._content(run, name))

    def lines(self, run, name):
        yield from (json.loads(line) for line in self._content(run, name).splitlines())

    def _content(self, run, name):
        if (run, name) not in self.items:
            raise NotFound
        return self.items[run, name]
