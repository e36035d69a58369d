"""Long iterables by the hundred: what DynamoDB reads in one round trip, and what an import holds in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")

BATCH = 100


def in_batches(things: Iterable[Thing], size: int = BATCH) -> Iterator[list[Thing]]:
    """The things in order, in lists of at most `size`."""
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch
