"""Sessions: opened at sign-in, recognised at each page, ended by the server."""

from collections.abc import Iterable
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.session import Session
from chalicelib.errors import WrongCredentials
from chalicelib.services.authentication.tokens import digest, new_token
from chalicelib.store.accounts import AccountStore
from chalicelib.store.sessions import SessionStore

ENLIST_ROUNDS = 5
"""Two browsers of one family may sign in at the same instant; five never do in earnest."""


def open_session(
    account: Account, *, lasts: timedelta, accounts: AccountStore, sessions: SessionStore, clock: Clock
) -> str:
    """Open a session for an account whose password was just proved; answers its token, stored only as a hash.

    Raises WrongCredentials when the password changed in between.
    """
    token, now = new_token(), clock()
    _enlist(account, digest(token), accounts=accounts, lasts=lasts, clock=clock)
    session = Session(username=account.username, opened_at=now, seen_at=now, ends_at=now + lasts)
    sessions.put(digest(token), session)
    return token


def _enlist(account: Account, token_hash: str, *, accounts: AccountStore, lasts: timedelta, clock: Clock) -> None:
    current: Account | None = account
    for _ in range(ENLIST_ROUNDS):
        if current is None or current.password_hash != account.password_hash:
            break
        if accounts.enlist_session(current, token_hash, ends_at=clock() + lasts, now=clock()):
            return
        current = accounts.find(account.username)
    raise WrongCredentials


def end_session(token: str, *, sessions: SessionStore) -> None:
    """« Me déconnecter »: the server forgets the session; the token is worth nothing from here on."""
    sessions.end(digest(token))


def end_sessions(token_hashes: Iterable[str], *, sessions: SessionStore) -> None:
    """End sessions by what their account lists of them."""
    for token_hash in token_hashes:
        sessions.end(token_hash)


def keep_alive(token_hash: str, session: Session, *, sessions: SessionStore, clock: Clock) -> None:
    """Note that the session was just used, at most every five minutes."""
    if session.needs_refresh(clock()):
        sessions.touch(token_hash, clock())
