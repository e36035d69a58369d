"""Choosing a password: the one place where an account becomes open and its sessions end."""

from collections.abc import Callable

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.services.sessions import end_sessions
from chalicelib.store.accounts import AccountStore
from chalicelib.store.sessions import SessionStore


def set_password(
    account: Account,
    password: str,
    *,
    hashed: Callable[[str], str],
    accounts: AccountStore,
    sessions: SessionStore,
    clock: Clock,
) -> Account | None:
    """Keep the new password, spend the activation code, and end every session of the account.

    Answers the account as it now stands, or None when somebody changed it since it was read: nothing is done then.
    """
    changed = account.model_copy(
        update={
            "password_hash": hashed(password),
            "password_set_at": clock(),
            "activation_printed_on": None,
            "activation_generation": account.activation_generation + 1,
            "sessions": {},
        }
    )
    if not accounts.replace(account, changed):
        return None
    end_sessions(account.sessions, sessions=sessions)
    return changed.model_copy(update={"version": account.version + 1})
