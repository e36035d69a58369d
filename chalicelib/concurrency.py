"""Batches and threads: long iterables cut into batches, many small writes in a thread pool."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH = 100
"""What DynamoDB reads in one round trip, and what an import holds in memory."""

WORKERS = 8


def in_batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Yields the items in order, in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def in_threads(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Returns the results in the order of the items. Raises what `do` raised first.

    On an error or Ctrl-C, running calls finish and the others do not start: nothing is left half written.
    """
    if len(items) < 2:
        return [do(item) for item in items]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(do, items))
