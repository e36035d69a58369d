"""Runs the portal's tasks in this process, for an AWS that has none of our Lambda functions."""

import json
import queue
import threading
from typing import Any

from chalicelib.errors import Unavailable
from local.aws.worker import run


class DirectTasks:
    """Runs the application's Lambda handlers: synchronously, or one after the other on a thread."""

    def __init__(self) -> None:
        self._later: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._drain, daemon=True).start()

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        """Returns what the task returns. Raises Unavailable when it fails."""
        outcome, answer = run(name, json.dumps(payload).encode())
        if outcome != "ok":
            raise Unavailable(name)
        return json.loads(answer)

    def start(self, name: str, payload: dict[str, Any]) -> None:
        """Queue the task; a failure is printed on standard error."""
        self._later.put((name, json.dumps(payload).encode()))

    def _drain(self) -> None:
        while True:
            run(*self._later.get())
