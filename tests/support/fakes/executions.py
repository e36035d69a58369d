"""Executions of a state machine in memory, by name; a test ends one by writing its status."""

from typing import Any

from chalicelib.store.executions import RUNNING
from tests.support.fakes.writes import Writes


class FakeExecutions:
    """`items`: the status of each execution by its name; `payloads`: what each was started with."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, str] = {}
        self.payloads: dict[str, dict[str, Any]] = {}

    def status(self, name: str) -> str | None:
        return self.items.get(name)

    def start(self, name: str, payload: dict[str, Any]) -> bool:
        return self.writes.one(lambda: self._start(name, payload))

    def _start(self, name: str, payload: dict[str, Any]) -> bool:
        if name in self.items:
            return self.items[name] == RUNNING and self.payloads.get(name) == payload
        self.items[name], self.payloads[name] = RUNNING, payload
        return True
