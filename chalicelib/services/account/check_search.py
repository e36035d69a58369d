"""Compares the search with the accounts, all of it, and puts right what differs: at first, and after an upgrade."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.services.account.index_accounts import Indexing, read_indexing, store_entries
from chalicelib.store.search import Entry
from chalicelib.stores import Stores

Progress = Callable[[int], None]
"""Called with the number of accounts just compared."""

Stored = dict[str, dict[str, tuple[str, str]]]
"""Username → entry → its words and its family."""


@dataclass(frozen=True)
class SearchDifference:
    """What an account lacks in the search, or has there with other words (`missing`), and what is there in excess."""

    username: str
    missing: tuple[str, ...]
    excess: tuple[str, ...]
    exists: bool


@dataclass(frozen=True)
class SearchCheck:
    """How many accounts were compared, and those that differ."""

    accounts: int
    differences: tuple[SearchDifference, ...]


def check_search(*, stores: Stores, progress: Progress = lambda _: None) -> SearchCheck:
    """Compare every account with its entries, from scans of both tables. Raises Unavailable.

    What changes meanwhile may be listed: look again.
    """
    stored = _stored(stores)
    compared, differences = 0, []
    for batch in in_batches(account.username for account in stores.accounts.every()):
        found = read_indexing(batch, stores=stores)
        differences += [one for indexing in found if (one := _difference(indexing, stored.pop(indexing.username, {})))]
        compared += len(batch)
        progress(len(batch))
    gone = [SearchDifference(name, (), tuple(sorted(entries)), exists=False) for name, entries in stored.items()]
    return SearchCheck(compared, tuple(sorted(differences + gone, key=lambda one: one.username)))


def repair_search(
    differences: Sequence[SearchDifference], *, stores: Stores, progress: Progress = lambda _: None
) -> None:
    """Write again the entries of the accounts that differ, and remove what is in excess. Safe to repeat, and to stop.

    Raises Unavailable.
    """
    for batch in in_batches(differences):
        excess = {one.username: one.excess for one in batch}
        planned = read_indexing(list(excess), stores=stores)
        in_threads(partial(_repair, excess=excess, stores=stores), planned)
        progress(len(batch))


def _repair(planned: Indexing, *, excess: dict[str, tuple[str, ...]], stores: Stores) -> None:
    store_entries(planned, stores=stores, strays=excess[planned.username])


def _stored(stores: Stores) -> Stored:
    """Returns the entries of each account; one whose roster alone is left is there too, without entries."""
    stored: Stored = defaultdict(dict)
    for one in stores.search.every():
        entries = stored[one.username]
        if isinstance(one, Entry):
            entries[one.entry] = _carried(one, entries)
    return stored


def _carried(entry: Entry, others: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Returns what an entry carries, as the same object as another entry of its account: a town has 70,000 of them."""
    carried = entry.words, entry.family
    return next((one for one in others.values() if one == carried), carried)


def _difference(indexing: Indexing, stored: dict[str, tuple[str, str]]) -> SearchDifference | None:
    wanted = indexing.wanted
    carried = wanted.words, wanted.family
    missing = tuple(sorted(entry for entry in wanted.entries if stored.get(entry) != carried))
    excess = tuple(sorted(stored.keys() - wanted.entries))
    if not missing and not excess and indexing.done:
        return None
    return SearchDifference(indexing.username, missing, excess, exists=True)
