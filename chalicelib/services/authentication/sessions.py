"""Sessions: opened at sign-in, stored under the hash of their token, ended by the server.

A session's row exists before the account lists it, and goes before the list forgets it: whoever ends all that is listed
misses none, and finds them again when a try was cut short.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.session import Session
from chalicelib.errors import NotFound, WrongCredentials
from chalicelib.services.authentication.hashing import digest, keyed_hash, new_token
from chalicelib.store.account_update import Change, update_account
from chalicelib.store.accounts import AccountStore
from chalicelib.store.retry import retry
from chalicelib.store.sessions import SessionStore
from chalicelib.stores import Stores

SESSION_ID_LENGTH = 16
"""Hexadecimal digits (64 bits): an account has a few sessions."""


def open_session(account: Account, *, browser: str, lasts: timedelta, stores: Stores, clock: Clock) -> str:
    """Open a session for an account whose password was just checked. Returns its token, stored only as a hash.

    `browser`: the label under which the family will find it again.

    Raises WrongCredentials when the password changed in between.
    """
    token, now = new_token(), clock()
    instants = {"opened_at": now, "seen_at": now, "proved_at": now, "ends_at": now + lasts}
    session = Session(username=account.username, browser=browser, **instants)
    stores.sessions.put(digest(token), session)
    try:
        _enlist(account, digest(token), accounts=stores.accounts, lasts=lasts, clock=clock)
    except WrongCredentials:
        stores.sessions.end(digest(token))
        raise
    return token


def _enlist(account: Account, token_hash: str, *, accounts: AccountStore, lasts: timedelta, clock: Clock) -> None:
    def enlisted(current: Account | None) -> bool | None:
        if current is None or current.password_hash != account.password_hash:
            raise WrongCredentials
        return accounts.add_session(current, token_hash, ends_at=clock() + lasts, now=clock()) or None

    enlisted(account) or retry(lambda: enlisted(accounts.find(account.username)), what="accounts: conflicting changes")


def end_session(token: str, *, sessions: SessionStore) -> None:
    """« Me déconnecter »: delete the session; its token becomes invalid."""
    sessions.end(digest(token))


def end_sessions(token_hashes: Iterable[str], *, sessions: SessionStore) -> None:
    """End the sessions of these token hashes, as an account lists them."""
    for token_hash in token_hashes:
        sessions.end(token_hash)


def other_sessions(
    account: Account, mine: str, *, idle: timedelta, sessions: SessionStore, clock: Clock
) -> dict[str, Session]:
    """Returns the live sessions besides `mine`, by token hash; nothing is read when the account lists none."""
    listed = [one for one, ends_at in account.sessions.items() if one != mine and ends_at > clock()]
    found = sessions.find_many(listed) if listed else {}
    return {name: session for name, session in found.items() if session.alive(clock(), idle)}


def session_id(token_hash: str, key: bytes) -> str:
    """Returns the name of a session on its family's page: from neither token nor hash, and of no use elsewhere."""
    return keyed_hash(key, "session", token_hash)[:SESSION_ID_LENGTH]


def listed_session(account: Account, identifier: str, mine: str, *, keys: Sequence[bytes]) -> str:
    """Returns the token hash of the session of this `session_id`, made with any of the keys; it may have ended already.

    Raises NotFound unless the account lists it and it is not `mine` (a token hash): that one signs out.
    """
    for token_hash in account.sessions:
        if token_hash != mine and identifier in [session_id(token_hash, key) for key in keys]:
            return token_hash
    raise NotFound


def close_other_sessions(account: Account, mine: str, *, stores: Stores) -> None:
    """End every session of the account but `mine` (a token hash): their cookies become invalid."""
    update_ending_sessions(account, lambda current: current, but=mine, stores=stores)


def end_every_session(account: Account, *, stores: Stores, clock: Clock) -> int:
    """End every session of the account. Returns how many were open, at most: some may have ended by themselves."""
    before, _ = update_ending_sessions(account, lambda current: current, stores=stores)
    return sum(1 for ends_at in before.sessions.values() if ends_at > clock())


def update_ending_sessions(
    account: Account, change: Change, *, but: str = "", stores: Stores
) -> tuple[Account, Account]:
    """Write what `change` makes of the account, and end its sessions but one (a token hash). Safe to repeat.

    Returns the account as it was and as written. Raises as `change` does, nothing ended; NotFound, Unavailable.
    A session opened in between moves the account's version: its row is ended in the next try.
    """

    def ended(current: Account) -> Account:
        changed = change(current)
        end_sessions([one for one in current.sessions if one != but], sessions=stores.sessions)
        return with_session_only(changed, but)

    return update_account(account, ended, accounts=stores.accounts)


def with_session_only(account: Account, mine: str) -> Account:
    sessions = {one: ends_at for one, ends_at in account.sessions.items() if one == mine}
    return account.model_copy(update={"sessions": sessions})
