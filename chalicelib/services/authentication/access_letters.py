"""Access letters: the printed activation code, valid from its printing on, and the renewal of an access."""

from datetime import date
from typing import Any, NamedTuple

from chalicelib.domain.account import Account
from chalicelib.services.authentication.activation_code import CODE_LASTS, activation_code
from chalicelib.services.authentication.sessions import update_ending_sessions
from chalicelib.store.account_update import update_account
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores


class LetterContent(NamedTuple):
    """What one letter says: the account at its address of that day, the activation code, the last day it is valid."""

    account: Account
    code: str
    valid_until: date


def access_letter(account: Account, today: date, *, key: bytes) -> LetterContent:
    """Returns the letter, printed today, of an account that was never opened."""
    return LetterContent(account.as_of(today), activation_code(account, key=key), today + CODE_LASTS)


def record_code_printed(account: Account, today: date, *, accounts: AccountStore) -> Account:
    """Make the activation code valid from today on. Returns the account, unchanged once it is opened."""
    if account.opened or account.activation_printed_on == today:
        return account

    def printed(current: Account) -> Account:
        return current if current.opened else current.model_copy(update={"activation_printed_on": today})

    return update_account(account, printed, accounts=accounts)[1]


def renew_access(account: Account, today: date, *, stores: Stores) -> Account:
    """Give the account a new activation code, printed today; its password, older codes and sessions become invalid.

    A pending e-mail address is dropped. For a family that can receive no mail. Returns the account as stored.
    """

    def renew(current: Account) -> Account:
        renewed: dict[str, Any] = {
            "password_hash": None,
            "password_set_at": None,
            "activation_generation": current.activation_generation + 1,
            "activation_printed_on": today,
        }
        return current.without_pending_email().model_copy(update=renewed)

    return update_ending_sessions(account, renew, stores=stores)[1]
