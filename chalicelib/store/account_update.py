"""Optimistic concurrency on accounts: read, change, conditional write, retried on conflict."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.errors import NotFound
from chalicelib.store.accounts import AccountStore
from chalicelib.store.retry import retry

Change = Callable[[Account], Account]
"""Returns the changed account from the current one; called again when somebody wrote in between."""


def update_account(account: Account, change: Change, *, accounts: AccountStore) -> tuple[Account, Account]:
    """Write what `change` makes of the account; returns it as it was and as written.

    Raises NotFound when it was erased meanwhile, Unavailable when it still conflicts after every try.
    """

    def once(before: Account | None) -> tuple[Account, Account] | None:
        if before is None:
            raise NotFound
        after = change(before)
        if after == before:
            return before, before
        written = accounts.replace(before, after)
        return (before, after.model_copy(update={"version": before.version + 1})) if written else None

    again = partial(retry, lambda: once(accounts.find(account.username)), what=f"accounts: {account.username}")
    return once(account) or again()


def with_parent_changes(account: Account, now: datetime, **fields: Any) -> Account:
    """Returns the account with fields its parent wrote; those that differ are marked: no import overwrites them."""
    changed = {name for name, value in fields.items() if getattr(account, name) != value}
    if not changed:
        return account
    marked = tuple(sorted({*account.changed_by_parent, *changed}))
    return account.model_copy(update={**fields, "changed_by_parent": marked, "changed_at": now})
