"""Choosing a password: the one place where an account becomes open and its sessions end."""

from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.errors import WrongCredentials
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.sessions import end_sessions
from chalicelib.store.account_update import amend
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
    """Keep the new password, spend the activation code, and end every session of the account.

    Answers the account as it now stands. Raises WrongCredentials, nothing done, when its password changed since it was
    read (whoever proved the old one proved nothing), NotFound when it was erased, Unavailable.
    """
    kept, now = hashing.hash(password), clock()

    def change(held: Account) -> Account:
        if held.password_hash != account.password_hash:
            raise WrongCredentials
        return with_password(held, kept, now)

    before, after = amend(account, change, accounts=stores.accounts)
    end_sessions(before.sessions, sessions=stores.sessions)
    return after


def renew_hash(account: Account, password: str, *, hashing: PasswordHashing, accounts: AccountStore) -> Account:
    """Keep a password that was just proved under the current pepper and cost; nothing else changes.

    Answers the account as it now stands, or as it was read when somebody wrote in between: the next sign-in will do it.
    """
    renewed = account.model_copy(update={"password_hash": hashing.hash(password)})
    if not accounts.replace(account, renewed):
        return account
    return renewed.model_copy(update={"version": account.version + 1})


def with_password(account: Account, kept: str, now: datetime) -> Account:
    """The account under a new password; the code that was printed for it is worth nothing any more."""
    return account.model_copy(
        update={
            "password_hash": kept,
            "password_set_at": now,
            "activation_printed_on": None,
            "activation_generation": account.activation_generation + 1,
            "sessions": {},
        }
    )
