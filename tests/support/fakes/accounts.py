"""The store of accounts in memory."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.account import Account
from tests.support.fakes.updates import next_version, updated
from tests.support.fakes.writes import Writes


class FakeAccounts:
    def __init__(self, writes: Writes | None = None, accounts: Iterable[Account] = ()) -> None:
        self.writes = writes or Writes()
        self.items = {account.username: account for account in accounts}

    def find(self, username: str) -> Account | None:
        return self.items.get(username)

    def find_many(self, usernames: Sequence[str]) -> dict[str, Account]:
        return {name: self.items[name] for name in usernames if name in self.items}

    def every(self) -> Iterator[Account]:
        return iter(list(self.items.values()))

    def add(self, account: Account) -> bool:
        return self.writes.one(lambda: self._add(account))

    def _add(self, account: Account) -> bool:
        free = account.username not in self.items
        self.items.setdefault(account.username, account)
        return free

    def replace(self, before: Account, after: Account) -> bool:
        return self.writes.one(lambda: self._replace(before, after))

    def _replace(self, before: Account, after: Account) -> bool:
        stored = self.items.get(before.username)
        if stored is None or stored.version != before.version:
            return False
        self.items[before.username] = updated(stored, before, next_version(before, after))
        return True
