"""*Fermer mes autres sessions*: in how many other browsers an account is open, and an end to them."""

from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.session import Session
from chalicelib.services.authentication.sessions import end_sessions
from chalicelib.store.account_update import amend
from chalicelib.store.accounts import AccountStore
from chalicelib.store.sessions import SessionStore


def other_sessions(
    account: Account, mine: str, *, idle: timedelta, sessions: SessionStore, clock: Clock
) -> dict[str, Session]:
    """Sessions still alive besides `mine`, by the hash of their token; nothing is read when none is listed."""
    listed = [one for one, ends_at in account.sessions.items() if one != mine and ends_at > clock()]
    found = sessions.find_many(listed) if listed else {}
    return {name: session for name, session in found.items() if session.alive(clock(), idle)}


def close_other_sessions(account: Account, mine: str, *, accounts: AccountStore, sessions: SessionStore) -> None:
    """End every session of the account but `mine`: the server forgets them, their cookies are worth nothing."""
    before, _ = amend(account, lambda held: only(held, mine), accounts=accounts)
    end_sessions([one for one in before.sessions if one != mine], sessions=sessions)


def only(account: Account, mine: str) -> Account:
    kept = {one: ends_at for one, ends_at in account.sessions.items() if one == mine}
    return account.model_copy(update={"sessions": kept})
