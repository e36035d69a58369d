"""Sessions: opened at sign-in, recognised at each page, ended by the server."""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.session import Session
from chalicelib.errors import WrongCredentials
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.account_update import amend
from chalicelib.store.accounts import AccountStore
from chalicelib.store.retry import retry
from chalicelib.store.sessions import SessionStore
from chalicelib.stores import Stores

ENLIST_ROUNDS = 5
"""Two browsers of one family may sign in at the same instant; five never do in earnest."""


def open_session(account: Account, *, lasts: timedelta, stores: Stores, clock: Clock) -> str:
    """Open a session for an account whose password was just proved; answers its token, stored only as a hash.

    Raises WrongCredentials when the password changed in between.
    """
    token, now = new_token(), clock()
    _enlist(account, digest(token), accounts=stores.accounts, lasts=lasts, clock=clock)
    session = Session(username=account.username, opened_at=now, seen_at=now, ends_at=now + lasts)
    stores.sessions.put(digest(token), session)
    return token


def _enlist(account: Account, token_hash: str, *, accounts: AccountStore, lasts: timedelta, clock: Clock) -> None:
    def enlisted(current: Account | None) -> bool | None:
        if current is None or current.password_hash != account.password_hash:
            raise WrongCredentials
        return accounts.enlist_session(current, token_hash, ends_at=clock() + lasts, now=clock()) or None

    enlisted(account) or retry(lambda: enlisted(accounts.find(account.username)), what="accounts: conflicting changes")


def end_session(token: str, *, sessions: SessionStore) -> None:
    """« Me déconnecter »: the server forgets the session; the token is worth nothing from here on."""
    sessions.end(digest(token))


def end_sessions(token_hashes: Iterable[str], *, sessions: SessionStore) -> None:
    """End sessions by what their account lists of them."""
    for token_hash in token_hashes:
        sessions.end(token_hash)


def other_sessions(
    account: Account, mine: str, *, idle: timedelta, sessions: SessionStore, clock: Clock
) -> dict[str, Session]:
    """Sessions still alive besides `mine`, by the hash of their token; nothing is read when none is listed."""
    listed = [one for one, ends_at in account.sessions.items() if one != mine and ends_at > clock()]
    found = sessions.find_many(listed) if listed else {}
    return {name: session for name, session in found.items() if session.alive(clock(), idle)}


def close_other_sessions(account: Account, mine: str, *, stores: Stores) -> None:
    """End every session of the account but `mine`: the server forgets them, their cookies are worth nothing."""
    before, _ = amend(account, lambda held: only(held, mine), accounts=stores.accounts)
    end_sessions([one for one in before.sessions if one != mine], sessions=stores.sessions)


def only(account: Account, mine: str) -> Account:
    kept = {one: ends_at for one, ends_at in account.sessions.items() if one == mine}
    return account.model_copy(update={"sessions": kept})
