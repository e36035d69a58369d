"""*Nouveau mot de passe*: chosen by whoever holds a one-time link, mailed or given for an activation code."""

from collections.abc import Callable, Iterable

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.sign_in import Count
from chalicelib.errors import LinkWorthless, WrongCredentials
from chalicelib.services.authentication.credentials import set_password
from chalicelib.services.authentication.password_links import PasswordLink, spend_link
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore
from chalicelib.store.sessions import SessionStore
from chalicelib.store.tickets import TicketStore


def choose_password(
    link: PasswordLink,
    password: str,
    *,
    hashed: Callable[[str], str],
    counts: Iterable[Count],
    accounts: AccountStore,
    attempts: AttemptStore,
    sessions: SessionStore,
    tickets: TicketStore,
    clock: Clock,
) -> Account:
    """Spend the link and keep a password that was found good; every session ends, and so does a lock.

    `counts`: what the account's failed tries are counted under. Answers the account as it now stands.
    Raises LinkWorthless, and nothing changes, when the link was spent or the password changed since it was read.
    """
    spend_link(link, tickets=tickets, clock=clock)
    try:
        changed = set_password(link.account, password, hashed=hashed, accounts=accounts, sessions=sessions, clock=clock)
    except WrongCredentials as failure:
        raise LinkWorthless from failure
    for count in counts:
        attempts.clear(count)
    return changed
