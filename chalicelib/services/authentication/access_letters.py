"""The access letter: printing it starts the life of its code; renewing it ends every access that came before."""

from datetime import date
from typing import Any, NamedTuple

from chalicelib.domain.account import Account
from chalicelib.services.authentication.activation_code import CODE_LASTS, activation_code
from chalicelib.services.authentication.sessions import end_sessions
from chalicelib.store.account_update import amend
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores


class Letter(NamedTuple):
    """What one letter says: to whom, at the address of its day, with which code, good until which day."""

    account: Account
    code: str
    valid_until: date


def letter_of(account: Account, today: date, *, key: bytes) -> Letter:
    """The letter of an account that was never opened, as it is printed today."""
    return Letter(account.as_of(today), activation_code(account, key=key), today + CODE_LASTS)


def note_printed(account: Account, today: date, *, accounts: AccountStore) -> Account:
    """The code of the last invoice or letter lives from today on; answers the account, unchanged once it is opened."""
    if account.opened or account.activation_printed_on == today:
        return account

    def print_again(held: Account) -> Account:
        return held if held.opened else held.model_copy(update={"activation_printed_on": today})

    return amend(account, print_again, accounts=accounts)[1]


def renew_access(account: Account, today: date, *, stores: Stores) -> Account:
    """A new code, printed today, and nothing else lets in: the password, the old codes and the sessions are worthless.

    For a family that can receive no mail. Answers the account as it now stands.
    """

    def renew(held: Account) -> Account:
        renewed: dict[str, Any] = {
            "password_hash": None,
            "password_set_at": None,
            "activation_generation": held.activation_generation + 1,
            "activation_printed_on": today,
            "sessions": {},
        }
        return held.model_copy(update=renewed)

    before, after = amend(account, renew, accounts=stores.accounts)
    end_sessions(before.sessions, sessions=stores.sessions)
    return after
