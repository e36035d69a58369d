"""Emulated AWS Lambda: runs our task handlers by name in worker processes, synchronously or from a queue."""

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
"""Seconds before each retry of a failed asynchronous event; Lambda retries twice, after one and two minutes."""

ASYNC_DELAY = 0.2
"""Seconds before an asynchronous event runs. On one machine its work would slow the response to the visitor, and that
delay would reveal whether there was a mail to send (a timing side channel); on AWS another machine does it."""

WORKER = (sys.executable, "-m", "local.child_process", "local.aws.worker")


@dataclass(frozen=True)
class InvocationResult:
    """Result of an invocation: `outcome` is ok, error or unknown; the payload is JSON."""

    outcome: str
    payload: bytes


class Worker:
    """One process of `local.aws.worker`, started on first use, replaced after a crash or a timeout."""

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._ours, theirs = Pipe()
        descriptor = theirs.fileno()
        self._process = subprocess.Popen(
            [*command, str(descriptor)], pass_fds=(descriptor,), stdin=subprocess.PIPE, env=dict(os.environ)
        )
        theirs.close()

    def invoke(self, name: str, payload: bytes, timeout: float) -> InvocationResult | None:
        """Returns the result, or None when the process died or timed out: the caller must then stop it."""
        try:
            self._ours.send((name, payload))
            return InvocationResult(*self._ours.recv()) if self._ours.poll(timeout) else None
        except (EOFError, ConnectionError):
            return None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._ours.close()
        self._process.kill()
        self._process.communicate()


class WorkerPool:
    """Worker pool: at most `size` run at once, the last used first (its modules are loaded)."""

    def __init__(
        self, size: int = MAX_WORKERS, *, timeout: float = TIMEOUT_SECONDS, command: Sequence[str] = WORKER
    ) -> None:
        self._timeout = timeout
        self._command = command
        self._slots: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._slots.put(None)

    def run(self, name: str, payload: bytes) -> InvocationResult:
        """Run a function and wait. A worker that crashes or times out fails that invocation only."""
        worker = self._slots.get()
        if worker is None or not worker.alive:
            worker = Worker(self._command)
        started = time.monotonic()
        answer = worker.invoke(name, payload, self._timeout)
        if answer is None:
            worker.stop()
            self._slots.put(None)
            return sandbox_error(late=time.monotonic() - started >= self._timeout)
        self._slots.put(worker)
        return answer


def sandbox_error(*, late: bool) -> InvocationResult:
    """Returns the error that Lambda reports when a sandbox crashed or timed out."""
    error_type, message = ("Sandbox.Timedout", "Task timed out") if late else ("Runtime.ExitError", "Runtime exited")
    return InvocationResult("error", json.dumps({"errorType": error_type, "errorMessage": message}).encode())


class LambdaInvoker:
    """Invokes our functions by the name or ARN that AWS uses, synchronously (`call`) or from a queue (`start`)."""

    def __init__(self, prefix: str, pool: WorkerPool, *, pauses: Sequence[float] = ASYNC_PAUSES) -> None:
        self._prefix = prefix + "-"
        self._pool = pool
        self._pauses = pauses
        self._queue: queue.SimpleQueue[tuple[float, str, bytes]] = queue.SimpleQueue()
        for _ in range(MAX_WORKERS):
            threading.Thread(target=self._drain, daemon=True).start()

    def function(self, task: str) -> str:
        """Returns the name that AWS would give to the function of this task."""
        return self._prefix + task

    def task(self, function: str) -> str | None:
        """`portail-famille-local-draw-invoice`, or its ARN → `draw-invoice`; None when it is not this stage's."""
        name = function.split(":")[6] if function.startswith("arn:") else function.split(":")[0]
        return name.removeprefix(self._prefix) if name.startswith(self._prefix) else None

    def call(self, function: str, payload: bytes) -> InvocationResult:
        name = self.task(function)
        return self._pool.run(name, payload) if name else InvocationResult("unknown", b"null")

    def start(self, function: str, payload: bytes) -> None:
        """Queue an event, to run ASYNC_DELAY later on another thread, with retries."""
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
