"""Lambda tasks in this process."""

import importlib
import json
from typing import Any

from chalicelib.portal import Portal
from tests.support.rights import acting, invoking


class TasksHere:
    """The tasks of app.py by their name: `call` runs one, what is started waits in `started` for `run`."""

    def __init__(self) -> None:
        self.started: list[tuple[str, dict[str, Any]]] = []

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        invoking(name)
        task = importlib.import_module("app").app.handler_map[name]
        with acting(name):
            return json.loads(json.dumps(task(json.loads(json.dumps(payload)), None)))

    def start(self, name: str, payload: dict[str, Any]) -> None:
        invoking(name)
        self.started.append((name, payload))

    def run(self) -> None:
        """Run what was started, in order; a task that raises stays in the queue, as Lambda keeps it."""
        while self.started:
            self.call(*self.started[0])
            del self.started[0]


def run_started(portal: Portal) -> None:
    """Run what was started on a test's portal."""
    assert isinstance(portal.tasks, TasksHere)
    portal.tasks.run()
