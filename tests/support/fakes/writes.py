"""One counter of the writes of every fake store, which can make writes fail."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from chalicelib.errors import Unavailable

Result = TypeVar("Result")


class Writes:
    """Counts the writes of all the stores that share it, from 0, and makes those fail that a test chooses.

    `fail_from`: this write and all later ones fail, and are not counted. `fail_at` (number → "before" or "after"):
    only that write fails, before or after it is done. `step` is called before and after each write, and may raise.
    """

    def __init__(self, step: Callable[[], None] = lambda: None) -> None:
        self.done = 0
        self.fail_from: int | None = None
        self.fail_at: dict[int, str] = {}
        self.step = step
        self.lock = threading.Lock()

    def one(self, write: Callable[[], Result]) -> Result:
        """Do a write under the lock and count it. Returns what it returns. Raises Unavailable when it is to fail."""
        with self.lock:
            self.step()
            if self.fail_from == self.done:
                raise Unavailable("interrupted")
            when, self.done = self.fail_at.get(self.done), self.done + 1
            if when == "before":
                raise Unavailable("before the write")
            result = write()
            if when == "after":
                raise Unavailable("after the write")
            self.step()
            return result

    @contextmanager
    def none_expected(self) -> Iterator[None]:
        before = self.done
        yield
        assert self.done == before
