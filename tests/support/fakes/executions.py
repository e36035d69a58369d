"""Executions of a state machine in memory, by name; a test ends one by writing its status."""

from chalicelib.store.executions import RUNNING
from tests.support.fakes.writes import Writes


class FakeExecutions:
    """`items`: the status of each execution by its name; `payloads`: what each was started with."""

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}
        self.payloads = {}

    def status(self, name):
        return self.items.get(name)

    def start(self, name, payload):
        return self.writes.one(lambda: self._start(name, payload))

    def _start(self, name, payload):
        if name in self.items:
            return self.items[name] == RUNNING and self.payloads.get(name) == payload
        self.items[name], self.payloads[name] = RUNNING, payload
        return True
