"""Many small writes at once, so that an import waits for the slowest and not for the sum."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")

WORKERS = 8


def side_by_side(do: Callable[[Thing], Answer], things: Sequence[Thing]) -> list[Answer]:
    """The answers in order. Raises what `do` raised first.

    On an error or Ctrl-C, what has begun is finished and the rest is not begun: nothing is left half written.
    """
    if len(things) < 2:
        return [do(thing) for thing in things]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(do, things))
