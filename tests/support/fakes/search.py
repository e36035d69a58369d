"""The store of the search in memory."""

from collections.abc import Collection, Iterator, Sequence

from chalicelib.domain.search.account_words import family_letters, letters_of
from chalicelib.store.search import Entry, Found, Roster
from tests.support.fakes.writes import Writes


class FakeSearch:
    """`items`: the entries by their name; `lists`: the rosters by username."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, Entry] = {}
        self.lists: dict[str, Roster] = {}

    def beginning_with(self, letters: str, prefix: str) -> Found:
        found = [one for name, one in sorted(self.items.items()) if letters_of(name) == letters]
        return Found([one for one in found if one.entry.startswith(prefix)], complete=True)

    def usernames_of(self, family: str) -> list[str]:
        letters = family_letters(family)
        return [one.username for name, one in sorted(self.items.items()) if letters_of(name) == letters]

    def rosters(self, usernames: Sequence[str]) -> dict[str, Roster]:
        return {name: self.lists[name] for name in usernames if name in self.lists}

    def put_roster(self, before: Roster | None, after: Roster) -> Roster | None:
        return self.writes.one(lambda: self._put(before, after))

    def _put(self, before: Roster | None, after: Roster) -> Roster | None:
        version = before.version if before else 0
        existing = self.lists.get(after.username)
        if (existing.version if existing else 0) != version:
            return None
        self.lists[after.username] = after.model_copy(update={"version": version + 1})
        return self.lists[after.username]

    def drop_roster(self, roster: Roster) -> bool:
        return self.writes.one(lambda: self._drop(roster))

    def _drop(self, roster: Roster) -> bool:
        existing = self.lists.get(roster.username)
        if existing is None or existing.version != roster.version:
            return False
        del self.lists[roster.username]
        return True

    def write(self, entries: Collection[Entry], *, drop: Collection[str] = ()) -> None:
        self.writes.one(lambda: self._write(entries, drop))

    def _write(self, entries: Collection[Entry], drop: Collection[str]) -> None:
        self.items.update({one.entry: one for one in entries})
        for name in drop:
            self.items.pop(name, None)

    def every(self) -> Iterator[Entry | Roster]:
        yield from list(self.items.values())
        yield from list(self.lists.values())
