"""Retry of conditional writes that conflicted with another writer: exponential backoff with jitter."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from chalicelib.errors import Unavailable

Result = TypeVar("Result")
Wait = Callable[[float], None]
"""Sleeps this many seconds; tests do not sleep."""

MAX_ATTEMPTS = 8
"""Tries in all, the first included: each conflict means that somebody else's write was done."""

BASE_DELAY = 0.05
"""Seconds; doubled at each try, with a random delay below that (full jitter) so that two writers separate."""

MAX_DELAY = 0.8
"""Seconds."""


def retry(
    once: Callable[[], Result | None],
    *,
    what: str,
    wait: Wait = time.sleep,
    most: int = MAX_ATTEMPTS,
    max_delay: float = MAX_DELAY,
) -> Result:
    """Returns the result of `once`, called again while it is None, after a first call that returned None.

    `max_delay`: seconds, the longest pause. Raises Unavailable(`what`) when `most` calls, that first one included,
    returned None.
    """
    for attempt in range(most - 1):
        wait(random.uniform(0, min(max_delay, BASE_DELAY * 2**attempt)))  # noqa: S311 - jitter, not security
        result = once()
        if result is not None:
            return result
    raise Unavailable(what)
