"""Lambda on the desk: our real task entries, run by name in a few isolated processes, waited for or queued."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import Pipe

MAX_WORKERS = 2
TIMEOUT_SECONDS = 900.0
ASYNC_PAUSES = (1.0, 2.0)
"""Lambda tries a failed asynchronous event twice more, after one and two minutes; here, seconds."""

ASYNC_DELAY = 0.2
"""Seconds before an asynchronous event runs. On one machine its work would slow the answer that its visitor waits for,
and by how much would tell whether there was a mail to send: on AWS another machine does it."""

WORKER = (sys.executable, "-m", "local.child_process", "local.aws.worker")


@dataclass(frozen=True)
class Answer:
    """What an invocation came to: `outcome` is ok, error or unknown; the payload is JSON."""

    outcome: str
    payload: bytes


class Worker:
    """One process of `local.aws.worker`, started on first use and thrown away once it died or timed out."""

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._ours, theirs = Pipe()
        descriptor = theirs.fileno()
        self._process = subprocess.Popen(
            [*command, str(descriptor)], pass_fds=(descriptor,), stdin=subprocess.PIPE, env=dict(os.environ)
        )
        theirs.close()

    def ask(self, name: str, payload: bytes, timeout: float) -> Answer | None:
        """The answer, or None when the process died or outlived the timeout: it must then be stopped."""
        try:
            self._ours.send((name, payload))
            return Answer(*self._ours.recv()) if self._ours.poll(timeout) else None
        except (EOFError, ConnectionError):
            return None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._ours.close()
        self._process.kill()
        self._process.communicate()


class Pool:
    """Workers shared by all callers: at most `size` run at once, the warmest first."""

    def __init__(
        self, size: int = MAX_WORKERS, *, timeout: float = TIMEOUT_SECONDS, command: Sequence[str] = WORKER
    ) -> None:
        self._timeout = timeout
        self._command = command
        self._slots: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._slots.put(None)

    def run(self, name: str, payload: bytes) -> Answer:
        """Run a function and wait. A worker that crashes or times out is an error of that invocation alone."""
        worker = self._slots.get()
        if worker is None or not worker.alive:
            worker = Worker(self._command)
        started = time.monotonic()
        answer = worker.ask(name, payload, self._timeout)
        if answer is None:
            worker.stop()
            self._slots.put(None)
            return lost(late=time.monotonic() - started >= self._timeout)
        self._slots.put(worker)
        return answer


def lost(*, late: bool) -> Answer:
    """How Lambda reports an invocation whose sandbox is gone."""
    error_type, message = ("Sandbox.Timedout", "Task timed out") if late else ("Runtime.ExitError", "Runtime exited")
    return Answer("error", json.dumps({"errorType": error_type, "errorMessage": message}).encode())


class Bridge:
    """From the names and ARNs that AWS calls use to our functions, now (`call`) or on a queue (`start`)."""

    def __init__(self, prefix: str, pool: Pool, *, pauses: Sequence[float] = ASYNC_PAUSES) -> None:
        self._prefix = prefix + "-"
        self._pool = pool
        self._pauses = pauses
        self._queue: queue.SimpleQueue[tuple[float, str, bytes]] = queue.SimpleQueue()
        for _ in range(MAX_WORKERS):
            threading.Thread(target=self._drain, daemon=True).start()

    def task(self, function: str) -> str | None:
        """`portail-famille-local-draw-invoice`, or its ARN → `draw-invoice`; None when it is not this stage's."""
        name = function.split(":")[6] if function.startswith("arn:") else function.split(":")[0]
        return name.removeprefix(self._prefix) if name.startswith(self._prefix) else None

    def call(self, function: str, payload: bytes) -> Answer:
        name = self.task(function)
        return self._pool.run(name, payload) if name else Answer("unknown", b"null")

    def start(self, function: str, payload: bytes) -> None:
        """Have an event run outside the caller's request and a moment after it, tried again when it fails."""
        self._queue.put((time.monotonic() + ASYNC_DELAY, function, payload))

    def _drain(self) -> None:
        while True:
            due, function, payload = self._queue.get()
            time.sleep(max(0.0, due - time.monotonic()))
            for pause in (*self._pauses, 0.0):
                answer = self.call(function, payload)
                if answer.outcome == "ok":
                    break
                print(f"{function}: {answer.outcome} {answer.payload.decode()}", file=sys.stderr, flush=True)
                if answer.outcome == "unknown":
                    break
                time.sleep(pause)
