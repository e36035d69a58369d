"""Spread sends over time, so that the provider's rate is met and not exceeded."""

import random
import threading
import time
from collections.abc import Callable, Iterator

TRIES = 6
FIRST_WAIT = 0.25
"""Seconds, doubled at each try and drawn at random below that: 8 s in all, then the workflow waits longer."""

Wait = Callable[[float], None]


class Pace:
    """Lets `rate` pass a second, whatever the number of threads that ask. `now`: a clock that never goes back."""

    def __init__(self, rate: float, *, wait: Wait = time.sleep, now: Callable[[], float] = time.monotonic) -> None:
        self._between = 1 / rate
        self._wait = wait
        self._now = now
        self._next = 0.0
        self._lock = threading.Lock()

    def turn(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            at = max(self._now(), self._next)
            self._next = at + self._between
        pause = at - self._now()
        if pause > 0:
            self._wait(pause)

    def tries(self) -> Iterator[bool]:
        """A turn for each try, with a growing pause before each but the first; tells whether it is the last."""
        for rank in range(TRIES):
            if rank:
                self._wait(random.uniform(0, FIRST_WAIT * 2**rank))  # noqa: S311 - parts senders, guards nothing
            self.turn()
            yield rank + 1 == TRIES
