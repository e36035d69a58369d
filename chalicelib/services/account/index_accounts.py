"""Keeps the search true: writes the entries of accounts as they are now, and removes those they had before.

An account's roster names all that may be stored of it. It is written first with the old entries and the new ones, then
the entries are, then it is written again: whoever stops in between leaves nothing that the next one does not find. Its
version serialises those who index one account at once, and each of them reads the account after it read the roster.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.family import Family
from chalicelib.domain.search.account_words import AccountEntries, entries_of
from chalicelib.store.retry import retry
from chalicelib.store.search import Entry, Roster
from chalicelib.stores import Stores

NOTHING = AccountEntries(family="", words="", entries=frozenset())
"""What the search holds of an account that does not exist."""


@dataclass(frozen=True)
class Indexing:
    """An account's roster, the family that was read, and what is to be stored."""

    username: str
    roster: Roster | None
    family: Family | None
    wanted: AccountEntries

    @property
    def done(self) -> bool:
        """Whether the roster says that exactly this is stored."""
        if self.roster is None:
            return not self.wanted.entries
        kept = AccountEntries(self.roster.family, self.roster.words, frozenset(self.roster.entries))
        return self.roster.settled and kept == self.wanted


def index_accounts(usernames: Iterable[str], *, stores: Stores) -> int:
    """Bring the entries of these accounts up to date; those of an account that is gone are removed.

    Returns how many accounts changed. Safe to repeat. Raises Unavailable.
    """
    changed = 0
    for batch in in_batches(dict.fromkeys(usernames)):
        outdated = [one for one in read_indexing(batch, stores=stores) if not one.done]
        in_threads(partial(store_entries, stores=stores), outdated)
        changed += len(outdated)
    return changed


def read_indexing(usernames: Sequence[str], *, stores: Stores) -> list[Indexing]:
    """Returns what is stored of accounts and what is to be: two round trips and one for their families."""
    rosters = stores.search.rosters(usernames)
    accounts = stores.accounts.find_many(usernames)
    families = stores.families.find_many([account.family for account in accounts.values()])
    found = []
    for username in usernames:
        account = accounts.get(username)
        family = families.get(account.family) if account else None
        wanted = entries_of(account, family) if account else NOTHING
        found.append(Indexing(username, rosters.get(username), family, wanted))
    return found


def store_entries(planned: Indexing, *, stores: Stores, strays: Collection[str] = ()) -> None:
    """Write an account's entries, and remove its others; `strays`: entries that no roster names, to be removed too.

    Raises Unavailable after too many conflicting writes.
    """
    written = set(strays)

    def once(current: Indexing) -> bool | None:
        """Returns None when somebody wrote in between, or when the family changed after it was read."""
        roster, wanted = current.roster, current.wanted
        gone = ({*roster.entries} if roster else set()) | written
        gone -= wanted.entries
        claimed = _put(current, wanted.entries | gone, stores=stores)
        if claimed is None:
            return None
        written.update(wanted.entries)
        stores.search.write(_rows(current), drop=sorted(gone))
        return _settle(current, claimed, stores=stores)

    def again() -> bool | None:
        return once(read_indexing([planned.username], stores=stores)[0])

    once(planned) or retry(again, what=f"search: {planned.username}")


def _rows(current: Indexing) -> list[Entry]:
    wanted, username = current.wanted, current.username
    return [
        Entry(entry=entry, username=username, family=wanted.family, words=wanted.words)
        for entry in sorted(wanted.entries)
    ]


def _put(current: Indexing, entries: Collection[str], *, stores: Stores, before: Roster | None = None) -> Roster | None:
    """Write the roster, `settled` when it follows one that this worker wrote: `before`."""
    wanted = current.wanted
    roster = Roster(
        username=current.username,
        family=wanted.family,
        words=wanted.words,
        entries=tuple(sorted(entries)),
        settled=before is not None,
    )
    return stores.search.put_roster(before or current.roster, roster)


def _settle(current: Indexing, claimed: Roster, *, stores: Stores) -> bool | None:
    wanted = current.wanted
    if not wanted.entries:
        return stores.search.drop_roster(claimed) or None
    settled = _put(current, wanted.entries, stores=stores, before=claimed)
    # A family that was written before these entries did not find them: what it is now must be what was read.
    same = stores.families.find_many([wanted.family]).get(wanted.family) == current.family
    return True if settled and same else None
