"""Family accounts, by username; the index `by-email` finds forgotten usernames only, and authorises nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.store.table import BatchKey, ConditionFailed, Item, Table, batch_get, item_of, marshal_values, model_of
from chalicelib.store.transactions import Write, difference


class AccountStore:
    """The table of accounts."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "username")

    def find(self, username: str) -> Account | None:
        return self.read(self._table.get(username))

    def find_many(self, usernames: Sequence[str]) -> dict[str, Account]:
        items = batch_get(self._table.client, [self.batch_key(username) for username in usernames])
        return {account.username: account for item in items if (account := self.read(item))}

    def by_email(self, email: str) -> list[str]:
        """Returns usernames with this e-mail (compared in lower case). The index may lag: read each before use."""
        rows = self._table.query("email = :email", {":email": email.lower()}, IndexName="by-email")
        return sorted(row["username"]["S"] for row in rows)

    def every(self) -> Iterator[Account]:
        return (model_of(Account, item) for item in self._table.scan())

    def add(self, account: Account) -> bool:
        """Write a new account; returns False, and nothing changed, when the username is taken."""
        return self._table.add(item_of(account))

    def replace(self, before: Account, after: Account) -> bool:
        """Write what differs; returns False, and nothing changed, when somebody wrote in between."""
        result = self._table.update(before.username, **_replacement(before, after))
        return not isinstance(result, ConditionFailed)

    def replacement(self, before: Account, after: Account) -> Write:
        """The same, as one part of a transaction."""
        return Write.updating(self._table, before.username, **_replacement(before, after))

    def of_family(self, family: str) -> list[str]:
        """Returns usernames of a family's accounts. It scans the whole table: for the office's erasures only."""
        rows = self._table.scan(
            FilterExpression="#family = :family",
            ExpressionAttributeNames={"#family": "family"},
            ExpressionAttributeValues=marshal_values({":family": family}),
            ProjectionExpression="username",
        )
        return sorted(row["username"]["S"] for row in rows)

    def remove(self, username: str) -> None:
        self._table.delete(username)

    def add_session(self, account: Account, token_hash: str, *, ends_at: datetime, now: datetime) -> bool:
        """Add an open session to its account, dropping the ended ones.

        Returns False when the password changed since `account` was read: the old one must not open a session.
        """
        open_ones = {name: end for name, end in account.sessions.items() if end > now} | {token_hash: ends_at}
        result = self._table.update(
            account.username,
            expression="SET sessions = :sessions, version = version + :one",
            condition="password_hash = :password_hash AND version = :version",
            values={
                ":sessions": {name: end.isoformat() for name, end in open_ones.items()},
                ":one": 1,
                ":password_hash": account.password_hash or "",
                ":version": account.version,
            },
        )
        return not isinstance(result, ConditionFailed)

    def batch_key(self, username: str) -> BatchKey:
        return self._table.batch_key(username)

    @staticmethod
    def read(item: Item | None) -> Account | None:
        return model_of(Account, item) if item else None


def _replacement(before: Account, after: Account) -> dict[str, Any]:
    change = difference(before, after.model_copy(update={"version": before.version + 1}))
    return change.as_update(condition="version = :version", values={":version": before.version})
