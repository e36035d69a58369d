"""Changing an account that others may be changing too: read, change, write by condition, and again if need be."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.errors import NotFound
from chalicelib.store.accounts import AccountStore
from chalicelib.store.retry import retry

Change = Callable[[Account], Account]
"""The account as it should become, made from the account as it is; asked again when somebody wrote in between."""


def amend(account: Account, change: Change, *, accounts: AccountStore) -> tuple[Account, Account]:
    """Write what `change` makes of the account; answers it as it was found and as it now stands.

    Raises NotFound when it was erased meanwhile, Unavailable when it conflicts with others after every try.
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


def by_parent(account: Account, now: datetime, **fields: Any) -> Account:
    """The account with fields its parent wrote; those that differ are marked, so that no import writes over them."""
    changed = {name for name, value in fields.items() if getattr(account, name) != value}
    if not changed:
        return account
    marked = tuple(sorted({*account.changed_by_parent, *changed}))
    return account.model_copy(update={**fields, "changed_by_parent": marked, "changed_at": now})
