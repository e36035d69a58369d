"""Hands the records of the tables' streams to the task that reads them, in batches, as Lambda's mapping does on AWS."""

import json
import queue
import threading
import time
from typing import Any

from local.aws.lambdas import LambdaInvoker

TASK = "index_families"
"""The one function that a stream of ours starts."""

WINDOW = 0.3
"""Seconds that a batch waits for more records: an import is a few invocations, not one per account."""

BATCH = 100


class StreamBatches:
    """A queue of records and the thread that empties it."""

    def __init__(self, bridge: LambdaInvoker, *, window: float = WINDOW) -> None:
        self._bridge = bridge
        self._window = window
        self._records: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._drain, daemon=True).start()

    def add(self, record: dict[str, Any]) -> None:
        self._records.put(record)

    def _drain(self) -> None:
        while True:
            batch = [self._records.get()]
            time.sleep(self._window)
            while len(batch) < BATCH and not self._records.empty():
                batch.append(self._records.get())
            self._bridge.start(self._bridge.function(TASK), json.dumps({"Records": batch}).encode())
