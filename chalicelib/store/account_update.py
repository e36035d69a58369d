"""Changing an account that others may be changing too: read, change, write by condition, and again if need be."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.errors import NotFound, Unavailable
from chalicelib.store.accounts import AccountStore

ROUNDS = 5
"""A family's two browsers and an import may meet on one account; five in a row never do in earnest."""

Change = Callable[[Account], Account]
"""The account as it should become, made from the account as it is; asked again when somebody wrote in between."""


def amend(account: Account, change: Change, *, accounts: AccountStore) -> tuple[Account, Account]:
    """Write what `change` makes of the account; answers it as it was found and as it now stands.

    Raises NotFound when it was erased meanwhile, Unavailable when it never holds still.
    """
    before: Account | None = account
    for _ in range(ROUNDS):
        if before is None:
            raise NotFound
        after = change(before)
        if after == before:
            return before, before
        if accounts.replace(before, after):
            return before, after.model_copy(update={"version": before.version + 1})
        before = accounts.find(account.username)
    raise Unavailable(f"accounts: {account.username}")


def by_parent(account: Account, now: datetime, **fields: Any) -> Account:
    """The account with fields its parent wrote; those that differ are marked, so that no import writes over them."""
    changed = {name for name, value in fields.items() if getattr(account, name) != value}
    if not changed:
        return account
    marked = tuple(sorted({*account.changed_by_parent, *changed}))
    return account.model_copy(update={**fields, "changed_by_parent": marked, "changed_at": now})
