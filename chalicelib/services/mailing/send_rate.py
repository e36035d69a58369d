"""Rate limiter of sends, with exponential backoff and jitter when SES throttles."""

import random
import threading
import time
from collections.abc import Callable, Iterator

TRIES = 6
FIRST_WAIT = 0.25
"""Seconds; doubled at each try, with full jitter: 8 s in all, then the workflow waits longer."""

Wait = Callable[[float], None]


class SendRate:
    """Lets `rate` sends pass per second, over all threads. `now`: a monotonic clock, in seconds."""

    def __init__(self, rate: float, *, wait: Wait = time.sleep, now: Callable[[], float] = time.monotonic) -> None:
        self._between = 1 / rate
        self._wait = wait
        self._now = now
        self._next = 0.0
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Wait until the next send is allowed."""
        with self._lock:
            at = max(self._now(), self._next)
            self._next = at + self._between
        pause = at - self._now()
        if pause > 0:
            self._wait(pause)

    def tries(self) -> Iterator[bool]:
        """Yields, when each try is allowed, whether it is the last; waits longer before each but the first."""
        for rank in range(TRIES):
            if rank:
                self._wait(random.uniform(0, FIRST_WAIT * 2**rank))  # noqa: S311 - parts senders, guards nothing
            self.acquire()
            yield rank + 1 == TRIES
