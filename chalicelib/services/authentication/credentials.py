"""Set a new password on an account: it opens the account, ends its sessions and invalidates its activation code.

A pending e-mail address is dropped with it: whoever asked for it may not have been the one who chooses a password now.
"""

from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.errors import WrongCredentials
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.sessions import update_ending_sessions
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores


def set_password(
    account: Account,
    password: str,
    *,
    hashing: PasswordHashing,
    stores: Stores,
    clock: Clock,
) -> Account:
    """Store the new password, invalidate the activation code, and end every session of the account.

    Returns the account as stored. Raises WrongCredentials, nothing done, when its password changed since it was read
    (the old one that was checked is no longer valid), NotFound when it was erased, Unavailable.
    """
    password_hash, now = hashing.hash(password), clock()

    def change(current: Account) -> Account:
        if current.password_hash == password_hash:
            return current  # ours, whose answer was lost
        if current.password_hash != account.password_hash:
            raise WrongCredentials
        return with_password(current, password_hash, now)

    return update_ending_sessions(account, change, stores=stores)[1]


def rehash_password(account: Account, password: str, *, hashing: PasswordHashing, accounts: AccountStore) -> Account:
    """Hash a password that was just verified again, with the current pepper and cost; nothing else changes.

    Returns the account as stored, or as it was read after a concurrent write: the next sign-in will rehash it.
    """
    renewed = account.model_copy(update={"password_hash": hashing.hash(password)})
    if not accounts.replace(account, renewed):
        return account
    return renewed.model_copy(update={"version": account.version + 1})


def with_password(account: Account, password_hash: str, now: datetime) -> Account:
    """Returns the account with a new password, its printed activation code no longer valid."""
    return account.without_pending_email().model_copy(
        update={
            "password_hash": password_hash,
            "password_set_at": now,
            "activation_printed_on": None,
            "activation_generation": account.activation_generation + 1,
        }
    )
