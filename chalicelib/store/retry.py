"""Conditional writes that another writer got in front of: tried again, with exponential backoff and jitter."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from chalicelib.errors import Unavailable

Result = TypeVar("Result")
Wait = Callable[[float], None]
"""Lets this many seconds pass; tests let none."""

MOST_TRIES = 8
"""Tries in all, the first included: each one lost means that somebody else's write was done."""

FIRST_WAIT = 0.05
"""Seconds; doubled at each try, and drawn at random below that so that two writers part."""

LONGEST_WAIT = 0.8


def retry(once: Callable[[], Result | None], *, what: str, wait: Wait = time.sleep, most: int = MOST_TRIES) -> Result:
    """Returns what `once` gives, tried again while it is None, after a first try that was None.

    Raises Unavailable(`what`) when `most` tries, that first one included, gave nothing.
    """
    for turn in range(most - 1):
        wait(random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**turn)))  # noqa: S311 - parts two writers, guards nothing
        result = once()
        if result is not None:
            return result
    raise Unavailable(what)
