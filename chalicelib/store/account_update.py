"""Optimistic concurrency on accounts: read, change, conditional write, retried on conflict.

A write whose answer was lost is recognised when the account is read again: it is neither refused nor made twice.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.errors import NotFound, Unavailable
from chalicelib.store.accounts import AccountStore
from chalicelib.store.retry import retry

Change = Callable[[Account], Account]
"""Returns the changed account from the current one; called again when somebody wrote in between."""


def update_account(account: Account, change: Change, *, accounts: AccountStore) -> tuple[Account, Account]:
    """Write what `change` makes of the account; returns it as it was and as written.

    Raises NotFound when it was erased meanwhile, Unavailable when it still conflicts after every try.
    """

    tried: list[tuple[Account, Account]] = []

    def once(before: Account | None) -> tuple[Account, Account] | None:
        if before is None:
            raise NotFound
        if tried and before == tried[-1][1]:
            return tried[-1]  # ours: botocore sent it again, and the second one lost against the first
        changed = change(before)
        if changed == before:
            return before, before
        after = changed.model_copy(update={"version": before.version + 1})
        tried.append((before, after))
        return (before, after) if _replace(before, after, accounts) else None

    again = partial(retry, lambda: once(accounts.find(account.username)), what=f"accounts: {account.username}")
    return once(account) or again()


def _replace(before: Account, after: Account, accounts: AccountStore) -> bool:
    """Returns whether the write was made, also when only its answer was lost. Raises Unavailable."""
    try:
        return accounts.replace(before, after)
    except Unavailable:
        if accounts.find(before.username) != after:
            raise
        return True


def with_parent_changes(account: Account, now: datetime, **fields: Any) -> Account:
    """Returns the account with fields its parent wrote; those that differ are marked: no import overwrites them."""
    changed = {name for name, value in fields.items() if getattr(account, name) != value}
    if not changed:
        return account
    marked = tuple(sorted({*account.changed_by_parent, *changed}))
    return account.model_copy(update={**fields, "changed_by_parent": marked, "changed_at": now})
