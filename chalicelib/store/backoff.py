"""Another writer holds the item in a transaction: DynamoDB turns our write away at once, and it is tried again."""

import random
import time
from collections.abc import Callable, Iterator

Wait = Callable[[float], None]
"""Lets this many seconds pass; tests let none."""

ROUNDS = 6
FIRST_WAIT = 0.05
"""Seconds; doubled at each round, and drawn at random below that so that two writers part."""


def rounds(wait: Wait = time.sleep, *, most: int = ROUNDS) -> Iterator[int]:
    """Count the tries, with a wait before each but the first."""
    for turn in range(most):
        if turn:
            wait(random.uniform(0, FIRST_WAIT * 2 ** (turn - 1)))  # noqa: S311 - parts two writers, guards nothing
        yield turn
